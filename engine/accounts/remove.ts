import { z } from 'zod'
import { sql } from 'drizzle-orm'
import { deleteRuleRow, listRules, lockRules, setRuleOrder } from '../../db/queries/assignments.ts'
import { updateAccount } from '../../db/queries/cloud-accounts.ts'
import { countAccountFacts, deleteAccountFacts, type AccountFacts } from '../../db/queries/account-facts.ts'
import { assertCan } from '../access.ts'
import { billIsStored } from '../assignment/busy.ts'
import { assignBySql } from '../assignment/match.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { endChecksOfAccount } from '../duplicates/start.ts'
import { record } from '../events.ts'
import { getAccount } from './update.ts'

export const RemoveAccount = z.object({ accountId: z.uuid() })
export type RemoveAccount = z.input<typeof RemoveAccount>

/**
 * Disconnects an account: its key, resources, costs and monitoring are erased, and the rules that name it; its pool and
 * the audit trail stay, shared machines stay as environments made by hand, and so do the figures of checks for duplicates,
 * without their lists of objects. What another account's bill charges for it stays with its costs and goes back to that
 * account. The cloud itself is not touched. Conflict while a bill is stored.
 */
export async function removeAccount(ctx: Context, input: RemoveAccount): Promise<void> {
  const { accountId } = RemoveAccount.parse(input)
  await assertCan(ctx, 'manage_accounts')
  await inTransaction(ctx, async (ctx) => {
    const { name, cloud, cloudAccountId } = await getAccount(ctx, accountId)
    const returned = await deleteAccountFacts(ctx.db, { orgId: ctx.orgId, accountId }).catch(billIsStored)
    await updateAccount(ctx.db, {
      orgId: ctx.orgId,
      id: accountId,
      set: { deletedAt: ctx.now(), credentials: null, autoImport: false },
    })
    await endChecksOfAccount(ctx, { accountId, name })
    const dropped = sql.param(await dropRules(ctx, accountId))
    const undecided = sql`(r.assigned_by = 'account' or r.rule_id = any(${dropped}::uuid[]))`
    if (returned.count) await assignBySql(ctx, sql`${returned.scope} and ${undecided}`)
    await record(ctx, 'account.removed', {
      subject: { kind: 'account', id: accountId },
      before: { name, cloud, cloudAccountId },
    })
    for (const { id, resourceId } of returned.unlinked)
      await record(ctx, 'environment.unlinked', {
        subject: { kind: 'environment', id },
        before: { resourceId, account: name },
      })
    await enqueue(ctx, 'check-pools', { orgId: ctx.orgId, key: ctx.orgId })
    await enqueue(ctx, 'check-recommendations', { orgId: ctx.orgId, key: ctx.orgId })
  })
}

/** What goes with an account, in numbers, for the person who is about to remove it. */
export async function countRemoval(
  ctx: Context,
  { accountId }: { accountId: string },
): Promise<{ name: string } & AccountFacts> {
  const { name } = await getAccount(ctx, accountId)
  return { name, ...(await countAccountFacts(ctx.db, { orgId: ctx.orgId, accountId })) }
}

const some = (count: number, word: string) => `${count.toLocaleString('en-US')} ${word}${count === 1 ? '' : 's'}`

/** What disconnecting does, in sentences: what goes, what goes back to who pays, what others lose, what stays. */
export function sayRemoval({ resources, staying, payers, uncharged, months, rules }: AccountFacts): string[] {
  const parts = [
    resources ? some(resources, 'resource') : null,
    months ? `${some(months, 'month')} of costs` : null,
    rules ? some(rules, 'rule') : null,
  ].filter((part) => part !== null)
  const going = parts.join(', ').replace(/, ([^,]+)$/, ' and $1')
  const back = `${some(staying, 'resource')} and ${staying === 1 ? 'its' : 'their'} costs`
  return [
    going ? `${going} go with it, its key and its monitoring too.` : 'Its key and its monitoring go with it.',
    ...(staying
      ? [`${back} are in the bill of ${payers.join(' and ')}: they go back there, without what was read of them here.`]
      : []),
    ...(uncharged
      ? [`${some(uncharged, 'resource')} of other connected accounts lose their costs, which are in this bill.`]
      : []),
    'This cannot be taken back. Its pool, the audit trail and the cloud itself stay.',
  ]
}

/** Rules that ask for the account can never hold again. Returns their ids. */
async function dropRules(ctx: Context, accountId: string): Promise<string[]> {
  await lockRules(ctx.db, ctx.orgId)
  const names = ({ kind, value }: { kind: string; value: string }) => kind === 'source-is' && value === accountId
  const mine = (await listRules(ctx.db, { orgId: ctx.orgId })).filter((rule) => rule.conditions.some(names))
  for (const { id } of mine) await deleteRuleRow(ctx.db, { orgId: ctx.orgId, id })
  await setRuleOrder(ctx.db, { orgId: ctx.orgId })
  return mine.map(({ id }) => id)
}
