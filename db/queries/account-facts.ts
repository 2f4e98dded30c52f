import { sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { lockSpend } from './expenses.ts'
import { dropEmpty, returnResources, type Moved } from './held-resources.ts'
import { resetCosts } from './merge-resources.ts'

/** All that is known through an account, in the order in which one refers to another; monitoring goes by its resources. */
const tables = [
  'expenses',
  'usage',
  'coverage_days',
  'spend_days',
  'spend_months',
  'bill_scopes',
  'discoveries',
  'inventory',
]

/**
 * Erases resources, costs, rollups and monitoring of an account. What the bill of another one charges goes back to that
 * one and is returned; what others hold of this one's bill loses its cost, and goes when nothing else is known of it.
 * Shared machines (`unlinked`) stay as environments made by hand, with their bookings.
 * Takes as long as there are rows: the time limit is lifted.
 */
export async function deleteAccountFacts(
  db: Db,
  where: { orgId: string; accountId: string },
): Promise<Moved & { unlinked: Unlinked[] }> {
  const { orgId, accountId } = where
  await db.execute(sql`set local statement_timeout = 0`)
  await lockSpend(db, withHeld(accountId))
  const returned = await returnResources(db, where)
  await db.execute(sql`drop table if exists uncharged`)
  await db.execute(sql`
    create temp table uncharged on commit drop as
    select distinct e.resource_id as id from expenses e join resources r on r.id = e.resource_id
    where e.account_id = ${accountId} and r.account_id <> ${accountId}`)
  for (const table of tables)
    await db.execute(sql`delete from ${sql.identifier(table)} where org_id = ${orgId} and account_id = ${accountId}`)
  await db.execute(sql`
    delete from metric_points p using resources r
    where r.org_id = ${orgId} and r.account_id = ${accountId} and p.resource_id = r.id`)
  const unlinked = await unlinkEnvironments(db, where)
  await db.execute(sql`delete from resources where org_id = ${orgId} and account_id = ${accountId}`)
  await resetCosts(db, sql`select id from uncharged union select id from gathered`)
  await dropEmpty(db, sql`select id from uncharged`)
  await db.execute(sql`
    update accounts set payer_ids = case id when ${accountId}::uuid then '{}' else array_remove(payer_ids, ${accountId}::uuid) end
    where org_id = ${orgId}`)
  return { ...returned, unlinked }
}

/** An environment that was a resource until now. */
export type Unlinked = { id: string; resourceId: string }

/** Of a machine that was gone already nobody could book anything, which stays so. */
async function unlinkEnvironments(db: Db, where: { orgId: string; accountId: string }): Promise<Unlinked[]> {
  return db.execute<Unlinked>(sql`
    update environments e set resource_id = null, active = e.active and r.active, rev = e.rev + 1
    from resources r where r.id = e.resource_id and r.org_id = ${where.orgId} and r.account_id = ${where.accountId}
    returning e.id, r.id as "resourceId"`)
}

/** An account and those that hold what its bill charges, as `lockSpend` asks for them. */
export const withHeld = (accountId: string): SQL => sql`
  select ${accountId}::uuid as account_id
  union select a.id from accounts a where a.payer_ids @> array[${accountId}::uuid] and a.deleted_at is null`

/**
 * How much hangs on an account: the resources that go with it, the months its own costs reach over, and the rules that name it;
 * `staying` are resources the bills of `payers` charge, `uncharged` those of other accounts that its bill charges.
 */
export type AccountFacts = {
  resources: number
  staying: number
  payers: string[]
  uncharged: number
  months: number
  rules: number
}

/** What `deleteAccountFacts` would do, in numbers. */
export async function countAccountFacts(db: Db, where: { orgId: string; accountId: string }): Promise<AccountFacts> {
  const { orgId, accountId } = where
  const [row] = await db.execute<AccountFacts>(sql`
    with own as (
      select count(*)::int as all, count(*) filter (where exists (
        select from accounts a where a.id = ${accountId} and a.payer_ids <> '{}')
        and exists (select from expenses e where e.resource_id = r.id and e.account_id <> r.account_id))::int as staying
      from resources r where r.org_id = ${orgId} and r.account_id = ${accountId}
    )
    select own.all - own.staying as resources, own.staying,
      (select coalesce(jsonb_agg(p.name order by p.name), '[]') from accounts a join accounts p on p.id = any(a.payer_ids)
        where a.id = ${accountId}) as payers,
      (select count(*)::int from resources r join accounts a on a.id = r.account_id
        and a.payer_ids @> array[${accountId}::uuid] and a.deleted_at is null
        where exists (select from expenses e where e.resource_id = r.id and e.account_id = ${accountId})) as uncharged,
      (select count(distinct month)::int from spend_months where org_id = ${orgId} and account_id = ${accountId}) as months,
      (select count(*)::int from rules where org_id = ${orgId}
        and conditions @> ${JSON.stringify([{ kind: 'source-is', value: accountId }])}::jsonb) as rules
    from own`)
  return row!
}

/** A bill that charges for an account of somebody else: its newest month with this account, and what it says it cost. */
export type PayerBill = { payerId: string; name: string; month: string; effective: string }

/** The bills of other connected accounts that charge for this one, their newest month each, the dearest first. */
export async function listPayerBills(db: Db, where: { orgId: string; accountId: string }): Promise<PayerBill[]> {
  const { orgId, accountId } = where
  const rows = await db.execute<PayerBill>(sql`
    select p.id as "payerId", p.name, newest.month, newest.effective
    from accounts l join accounts p on p.id = any(l.payer_ids) and p.deleted_at is null
    cross join lateral (
      select s.month::text as month, sum(s.effective)::text as effective from spend_months s
      where s.org_id = ${orgId} and s.account_id = p.id and s.sub_account = l.cloud_account_id
      group by s.month order by s.month desc limit 1
    ) newest
    where l.id = ${accountId} and l.org_id = ${orgId}
    order by newest.effective::numeric desc, p.name`)
  return [...rows]
}

/** An account inside the bill of another one: its number, what it cost in the bill's newest month, and its own row once connected. */
export type SubAccount = {
  number: string
  month: string
  effective: string
  accountId: string | null
  name: string | null
}

/** The accounts a bill speaks of besides the one it belongs to, the dearest of its newest month first; at most `limit`. */
export async function listSubAccounts(
  db: Db,
  where: { orgId: string; accountId: string; limit: number },
): Promise<SubAccount[]> {
  const { orgId, accountId, limit } = where
  return db.execute<SubAccount>(sql`
    with newest as (select max(month) as month from spend_months where org_id = ${orgId} and account_id = ${accountId})
    select s.sub_account as number, s.month::text as month, sum(s.effective)::text as effective,
      own.id as "accountId", own.name
    from spend_months s
    join newest on newest.month = s.month
    join accounts payer on payer.id = s.account_id
    left join accounts own on own.org_id = s.org_id and own.cloud = payer.cloud
      and own.cloud_account_id = s.sub_account and own.deleted_at is null
    where s.org_id = ${orgId} and s.account_id = ${accountId} and s.sub_account not in ('', payer.cloud_account_id)
    group by 1, 2, 4, 5
    order by sum(s.effective) desc, 1
    limit ${limit}`)
}
