import { updateAccount } from '../../db/queries/cloud-accounts.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { assertCan } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { record } from '../events.ts'
import { readNow } from './connect.ts'
import { getAccount } from './update.ts'

/** Stops reading an account: no inventory, no metrics, no bill, until it is resumed. What is known stays; pausing twice is once. */
export async function pauseAccount(ctx: Context, { accountId }: { accountId: string }): Promise<Account> {
  await assertCan(ctx, 'manage_accounts')
  return inTransaction(ctx, async (ctx) => {
    const account = await getAccount(ctx, accountId)
    if (account.pausedAt) return account
    await updateAccount(ctx.db, { orgId: ctx.orgId, id: accountId, set: { pausedAt: ctx.now() } })
    await record(ctx, 'account.paused', { subject: { kind: 'account', id: accountId } })
    return { ...account, pausedAt: ctx.now() }
  })
}

/** Reads an account again, at once and from then on. */
export async function resumeAccount(ctx: Context, { accountId }: { accountId: string }): Promise<Account> {
  await assertCan(ctx, 'manage_accounts')
  return inTransaction(ctx, async (ctx) => {
    const account = await getAccount(ctx, accountId)
    if (!account.pausedAt) return account
    await updateAccount(ctx.db, { orgId: ctx.orgId, id: accountId, set: { pausedAt: null } })
    await record(ctx, 'account.resumed', { subject: { kind: 'account', id: accountId } })
    await readNow(ctx, { ...account, pausedAt: null })
    return { ...account, pausedAt: null }
  })
}
