/** What was used, beside what it cost: facts replaced per scope like `expenses`, in the same transaction. */
import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { billedId } from './billed-resources.ts'
import { deleteCoverage, replaceCoverage } from './coverage-days.ts'
import { stage, type CopyText } from './staging.ts'

/** `period` is the first day of the billing period's month. */
type Scope = { orgId: string; accountId: string; period: string }

/**
 * Puts the usage of a billing period in place of what was there. Call it in a transaction, after `mergeBilledResources`
 * (it needs its temporary tables) and under the lock of `replaceScope`.
 */
export async function replaceUsage(db: Db, scope: Scope, rows: CopyText): Promise<void> {
  const { orgId, accountId, period } = scope
  await stage(db, 'staged_usage', {
    definition: sql`day date not null, resource_key text not null, kind text not null, item text not null,
      sub_account text not null, usage_type text not null, operation text not null, flavor text not null, os text not null,
      software text not null, tenancy text not null, sku text not null, region text not null, zone text not null,
      term text not null, unit text not null, commitment text not null, quantity numeric not null, billed numeric not null,
      effective numeric not null, list numeric not null, rate numeric, normalization numeric, committed numeric,
      committed_units numeric, starts_at timestamp not null, ends_at timestamp not null, lines integer not null`,
    rows,
  })
  await deleteUsage(db, scope)
  const texts = sql`c.kind, c.item, c.sub_account, c.usage_type, c.operation, c.flavor, c.os, c.software, c.tenancy, c.sku,
    c.region, c.zone, c.term, c.unit, c.commitment`
  await db.execute(sql`
    insert into usage (org_id, account_id, period, day, resource_id, kind, item, sub_account, usage_type, operation, flavor,
      os, software, tenancy, sku, region, zone, term, unit, commitment, quantity, billed, effective, list, rate,
      normalization, committed, committed_units, starts_at, ends_at, lines)
    select ${orgId}, ${accountId}, ${period}, c.day, b.id, ${texts}, trim_scale(c.quantity), trim_scale(c.billed),
      trim_scale(c.effective), trim_scale(c.list), trim_scale(c.rate), trim_scale(c.normalization),
      trim_scale(c.committed), trim_scale(c.committed_units), c.starts_at at time zone 'UTC', c.ends_at at time zone 'UTC',
      c.lines
    from staged_usage c ${billedId}`)
  await replaceCoverage(db, scope)
}

/** Takes the usage of a billing period away, and what was added up from it. */
export async function deleteUsage(db: Db, scope: Scope): Promise<void> {
  const { accountId, period } = scope
  await db.execute(sql`delete from usage where account_id = ${accountId} and period = ${period}`)
  await deleteCoverage(db, scope)
}
