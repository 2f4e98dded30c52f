/**
 * Which account a resource of a bill lies at. A bill names the account of every line; if that one is connected too it holds
 * its resources, whoever pays. Costs, control totals and reports by account stay with the bill.
 */
import { sql, type SQL } from 'drizzle-orm'
import { withHeld } from '../../db/queries/account-facts.ts'
import type { Holder } from '../../db/queries/billed-resources.ts'
import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import { lockSpend } from '../../db/queries/expenses.ts'
import { gatherResources, listUngathered } from '../../db/queries/held-resources.ts'
import { getRootPool } from '../../db/queries/pools.ts'
import { allowBulk } from '../../db/queries/staging.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { assignBySql } from '../assignment/match.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { notFound, upstream } from '../errors.ts'
import { record } from '../events.ts'

/** Accounts that may be named on the lines of this one's bill. */
export async function possibleHolders(ctx: Context, account: Account): Promise<Account[]> {
  const accounts = await listAccounts(ctx.db, { orgId: ctx.orgId })
  return accounts.filter((one) => one.cloud === account.cloud && one.id !== account.id)
}

/**
 * Locks an account and those its bill names (`numbers`), gives these what older bills knew of them, and says where resources
 * go; '' is the account itself. NotFound when it was removed meanwhile, Upstream when one of the others was: then the bill
 * is read again.
 */
export async function lockHolders(
  ctx: Context,
  { account, numbers }: { account: Account; numbers: string[] },
): Promise<Holder[]> {
  const asked = (await possibleHolders(ctx, account)).filter((one) => numbers.includes(one.cloudAccountId))
  await lockSpend(ctx.db, sql`${withHeld(account.id)} union ${idsOf(asked)}`)
  const now = await listAccounts(ctx.db, { orgId: ctx.orgId })
  const own = now.find(({ id }) => id === account.id)
  if (!own) throw notFound('The account was removed while its bill was read. Nothing was stored.')
  const held = now.filter((one) => asked.some(({ id }) => id === one.id))
  if (held.length < numbers.length) throw upstream('An account of this bill was removed. The bill is read again.')
  const fresh = held.filter(({ payerIds }) => !payerIds.includes(account.id))
  if (fresh.length) await gather(ctx, { payer: own, accounts: fresh })
  const root = await getRootPool(ctx.db, ctx.orgId)
  const holder = ({ id, poolId }: Account, number: string) => ({ number, accountId: id, poolId: poolId ?? root.id })
  return [holder(own, ''), ...held.map((one) => holder(one, one.cloudAccountId))]
}

const idsOf = (accounts: Account[]): SQL => sql`select unnest(${sql.param(accounts.map(({ id }) => id))}::uuid[])`

/**
 * Gives a connected account what the bills of others charge for it: what was connected second, or was known twice, becomes
 * one. Nothing to do is fine.
 */
export async function gatherHeld(ctx: Context, { accountId }: { accountId: string }): Promise<void> {
  // jobs may; no event: `gather` records it on the account.
  const held = await listUngathered(ctx.db, { orgId: ctx.orgId, accountId })
  for (const { payerId } of held)
    await inTransaction(ctx, async (ctx) => {
      await allowBulk(ctx.db)
      await lockSpend(ctx.db, sql`select unnest(${sql.param([accountId, payerId])}::uuid[]) as account_id`)
      const now = await listAccounts(ctx.db, { orgId: ctx.orgId })
      const [account, payer] = [accountId, payerId].map((id) => now.find((one) => one.id === id))
      if (!account || !payer || account.payerIds.includes(payerId)) return
      await gather(ctx, { payer, accounts: [account] })
    })
}

/** What a connected account is about to take from the bills of others, in a sentence; null when they say nothing of it. */
export async function sayGathering(ctx: Context, { id, name }: Pick<Account, 'id' | 'name'>): Promise<string | null> {
  const held = await listUngathered(ctx.db, { orgId: ctx.orgId, accountId: id })
  if (held.length === 0) return null
  const accounts = await listAccounts(ctx.db, { orgId: ctx.orgId })
  const payers = held.flatMap(({ payerId }) => accounts.find((one) => one.id === payerId)?.name ?? [])
  return `What the bill of ${payers.join(' and ')} charges for it comes to ${name} in a minute, into its pool; the costs stay in that bill.`
}

/** What lay there because of the payer (its pool, a rule that names it) is decided anew; what a person or another rule decided stays. */
async function gather(ctx: Context, { payer, accounts }: { payer: Account; accounts: Account[] }): Promise<void> {
  const { orgId } = ctx
  const moved = await gatherResources(ctx.db, { orgId, payerId: payer.id, accountIds: accounts.map(({ id }) => id) })
  if (moved.count === 0) return
  const names = JSON.stringify([{ kind: 'source-is', value: payer.id }])
  await assignBySql(
    ctx,
    sql`${moved.scope} and (r.assigned_by = 'account' or r.assigned_by = 'rule' and r.rule_id in (
      select id from rules where org_id = ${orgId} and conditions @> ${names}::jsonb))`,
  )
  for (const { id } of accounts)
    await record(ctx, 'account.resources-gathered', { subject: { kind: 'account', id }, after: { payer: payer.name } })
  await enqueue(ctx, 'check-pools', { orgId, key: orgId })
  await enqueue(ctx, 'check-constraints', { orgId, key: orgId })
  await enqueue(ctx, 'check-recommendations', { orgId, key: orgId })
}
