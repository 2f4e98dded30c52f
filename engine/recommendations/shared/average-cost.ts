import { sql, type SQL } from 'drizzle-orm'
import { ago, today, type Check } from '../recommendation.ts'

/**
 * A lateral table with one column `daily`: what `r` costs per day, from its first day with cost in the last `days` days
 * until yesterday. Null when it cost nothing.
 */
export const averageCost = (check: Check, days: number): SQL => sql`(
  select sum(d.cost) / (${today(check)}::date - min(d.day)) as daily
  from (
    select e.day, sum(e.effective) as cost from expenses e
    where e.resource_id = r.id and e.day >= (${ago(check, days)} at time zone 'UTC')::date and e.day < ${today(check)}::date
    group by e.day having sum(e.effective) <> 0
  ) d
)`

/** A daily cost as a saving per 30 days. */
export const perMonth = (daily: SQL): SQL => sql`trim_scale(round(${daily} * 30, 8))`
