import { sql, type SQL } from 'drizzle-orm'
import { ago, today, type Check } from '../recommendation.ts'

const days = (check: Check, span: number) =>
  sql`e.day >= (${ago(check, span)} at time zone 'UTC')::date and e.day < ${today(check)}::date`
const daily = (check: Check) => sql`sum(d.cost) / (${today(check)}::date - min(d.day)) as daily`

/**
 * What the resources of the relation `of` (column `id`) cost per day, as rows `id, daily`: from the first day with cost in
 * the last `span` days until yesterday. Those that cost nothing have no row. A join, so that the planner may take one
 * pass over the expenses when there are many.
 */
export const averageCosts = (check: Check, span: number, of: SQL): SQL => sql`
  select d.id, ${daily(check)} from (
    select o.id, e.day, sum(e.effective) as cost from ${of} o join expenses e on e.resource_id = o.id and ${days(check, span)}
    group by o.id, e.day having sum(e.effective) <> 0
  ) d group by d.id`

/** The same for the one resource `r`, as a lateral table with one row; `daily` is null when it cost nothing. */
export const averageCost = (check: Check, span: number): SQL => sql`(
  select ${daily(check)} from (
    select e.day, sum(e.effective) as cost from expenses e where e.resource_id = r.id and ${days(check, span)}
    group by e.day having sum(e.effective) <> 0
  ) d
)`

/** A daily cost as a saving per 30 days. */
export const perMonth = (daily: SQL): SQL => sql`trim_scale(round(${daily} * 30, 8))`
