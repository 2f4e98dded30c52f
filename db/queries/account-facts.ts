import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { lockSpend } from './expenses.ts'

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

/** Erases resources, costs, rollups and monitoring of an account. Takes as long as there are rows: the time limit is lifted. */
export async function deleteAccountFacts(db: Db, where: { orgId: string; accountId: string }): Promise<void> {
  const { orgId, accountId } = where
  await db.execute(sql`set local statement_timeout = 0`)
  await lockSpend(db, sql`select ${accountId}::uuid as account_id`)
  for (const table of tables)
    await db.execute(sql`delete from ${sql.identifier(table)} where org_id = ${orgId} and account_id = ${accountId}`)
  await db.execute(sql`
    delete from metric_points p using resources r
    where r.org_id = ${orgId} and r.account_id = ${accountId} and p.resource_id = r.id`)
  await db.execute(sql`delete from resources where org_id = ${orgId} and account_id = ${accountId}`)
}

/** How much hangs on an account: its resources, the months its costs reach over, and the rules that name it. */
export async function countAccountFacts(
  db: Db,
  where: { orgId: string; accountId: string },
): Promise<{ resources: number; months: number; rules: number }> {
  const { orgId, accountId } = where
  const [row] = await db.execute<{ resources: number; months: number; rules: number }>(sql`
    select
      (select count(*)::int from resources where org_id = ${orgId} and account_id = ${accountId}) as resources,
      (select count(distinct month)::int from spend_months where org_id = ${orgId} and account_id = ${accountId}) as months,
      (select count(*)::int from rules where org_id = ${orgId}
        and conditions @> ${JSON.stringify([{ kind: 'source-is', value: accountId }])}::jsonb) as rules`)
  return row!
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
