/** What was used, beside what it cost: facts replaced per scope like `expenses`, in the same transaction. */
import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { deleteCoverage, replaceCoverage } from './coverage-days.ts'
import { copyInto, type ScopeText } from './staging.ts'

/** `period` is the first day of the billing period's month. */
type Scope = { orgId: string; accountId: string; period: string }

/**
 * Puts the usage of a billing period in place of what was there. Call it in a transaction under the lock of
 * `replaceScope`.
 */
export async function replaceUsage(db: Db, scope: Scope, rows: ScopeText): Promise<void> {
  await deleteUsage(db, scope)
  const { orgId, accountId, period } = scope
  await copyInto(db, 'usage', { common: { org_id: orgId, account_id: accountId, period }, rows })
  await replaceCoverage(db, scope)
}

/** Takes the usage of a billing period away, and what was added up from it. */
export async function deleteUsage(db: Db, scope: Scope): Promise<void> {
  const { accountId, period } = scope
  await db.execute(sql`delete from usage where account_id = ${accountId} and period = ${period}`)
  await deleteCoverage(db, scope)
}
