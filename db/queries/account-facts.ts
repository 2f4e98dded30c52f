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
