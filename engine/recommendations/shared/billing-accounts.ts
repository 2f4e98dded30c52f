import { sql, type SQL } from 'drizzle-orm'
import type { Check } from '../recommendation.ts'

/** The accounts in whose bills the costs of the account are, as a relation of accounts: itself, and those that pay for it. */
export const billingAccounts = (check: Check): SQL => sql`(
  select b.* from accounts a join accounts b on b.id = a.id or b.id = any(a.payer_ids) where a.id = ${check.accountId}
)`
