/** What the bill says about machines: the lines of `usage` that pay for compute capacity (spec recommendations 2.2). */
import { sql, type SQL } from 'drizzle-orm'
import { ago, today, type Check } from '../recommendation.ts'

/** Lines `u` of compute of the resource `r` that begin within the last `days`, today included. */
export const computeLines = (check: Check, days: number): SQL => sql`u.resource_id = r.id and u.kind = 'compute'
  and u.day >= (${ago(check, days)} at time zone 'UTC')::date`

/** How the bill names a line that a reservation or a plan pays for. */
export const isCovered: SQL = sql`u.item in ('DiscountedUsage', 'SavingsPlanCoveredUsage')`

/** Old enough to be a sustained consumer: seen by us or made by the cloud `days` ago. */
export const isSustained = (check: Check, days: number): SQL =>
  sql`least(r.first_seen_at, r.cloud_created_at) <= ${ago(check, days)}`

/**
 * What the compute of the resources of the relation `of` (column `id`) costs per day, as rows `id, daily`: from its first
 * line in the last `span` whole days until yesterday. Those without lines have no row.
 */
export const computeCosts = (check: Check, span: number, of: SQL): SQL => sql`
  select u.resource_id as id, sum(u.effective) / (${today(check)}::date - min(u.day)) as daily
  from ${of} o join usage u on u.resource_id = o.id and u.kind = 'compute'
    and u.day >= (${ago(check, span)} at time zone 'UTC')::date and u.day < ${today(check)}::date
  group by u.resource_id having sum(u.effective) > 0`
