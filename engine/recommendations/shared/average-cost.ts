import { sql, type SQL } from 'drizzle-orm'
import { ago, today, type Check } from '../recommendation.ts'

/** Expenses `e` of the last `span` days until yesterday that are any. */
const days = (check: Check, span: number) =>
  sql`e.day >= (${ago(check, span)} at time zone 'UTC')::date and e.day < ${today(check)}::date and e.effective <> 0`
const daily = (check: Check) => sql`sum(e.effective) / (${today(check)}::date - min(e.day)) as daily`

/**
 * What the resources of the relation `of` (column `id`) cost per day, as rows `id, daily`: from the first day with cost in
 * the last `span` days until yesterday. Those that cost nothing have no row. A join, so that the planner may take one
 * pass over the expenses when there are many.
 */
export const averageCosts = (check: Check, span: number, of: SQL): SQL => sql`
  select o.id, ${daily(check)} from ${of} o join expenses e on e.resource_id = o.id and ${days(check, span)} group by o.id`

/** The same for the one resource `r`, as a lateral table with one row; `daily` is null when it cost nothing. */
export const averageCost = (check: Check, span: number): SQL => sql`(
  select ${daily(check)} from expenses e where e.resource_id = r.id and ${days(check, span)}
)`

/** A daily cost as a saving per 30 days. */
export const perMonth = (daily: SQL): SQL => sql`trim_scale(round(${daily} * 30, 8))`
