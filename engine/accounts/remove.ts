import { z } from 'zod'
import { deleteRuleRow, listRules, lockRules, setRuleOrder } from '../../db/queries/assignments.ts'
import { updateAccount } from '../../db/queries/cloud-accounts.ts'
import { deleteAccountFacts } from '../../db/queries/account-facts.ts'
import { assertCan } from '../access.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { endChecksOfAccount } from '../duplicates/start.ts'
import { record } from '../events.ts'
import { getAccount } from './update.ts'

export const RemoveAccount = z.object({ accountId: z.uuid() })
export type RemoveAccount = z.input<typeof RemoveAccount>

/**
 * Disconnects an account: its key, resources, costs and monitoring are erased, and the rules that name it; its pool and
 * the audit trail stay, and so do the figures of checks for duplicates, without their lists of objects. The cloud itself is not touched.
 */
export async function removeAccount(ctx: Context, input: RemoveAccount): Promise<void> {
  const { accountId } = RemoveAccount.parse(input)
  await assertCan(ctx, 'manage_accounts')
  await inTransaction(ctx, async (ctx) => {
    const { name, cloud, cloudAccountId } = await getAccount(ctx, accountId)
    await deleteAccountFacts(ctx.db, { orgId: ctx.orgId, accountId })
    await updateAccount(ctx.db, {
      orgId: ctx.orgId,
      id: accountId,
      set: { deletedAt: ctx.now(), credentials: null, autoImport: false },
    })
    await endChecksOfAccount(ctx, { accountId, name })
    await dropRules(ctx, accountId)
    await record(ctx, 'account.removed', {
      subject: { kind: 'account', id: accountId },
      before: { name, cloud, cloudAccountId },
    })
    await enqueue(ctx, 'check-recommendations', { orgId: ctx.orgId, key: ctx.orgId })
  })
}

/** Rules that ask for the account can never hold again. */
async function dropRules(ctx: Context, accountId: string): Promise<void> {
  await lockRules(ctx.db, ctx.orgId)
  const names = ({ kind, value }: { kind: string; value: string }) => kind === 'source-is' && value === accountId
  for (const rule of await listRules(ctx.db, { orgId: ctx.orgId }))
    if (rule.conditions.some(names)) await deleteRuleRow(ctx.db, { orgId: ctx.orgId, id: rule.id })
  await setRuleOrder(ctx.db, { orgId: ctx.orgId })
}
