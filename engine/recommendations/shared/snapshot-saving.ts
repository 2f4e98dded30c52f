import { sql, type SQL } from 'drizzle-orm'
import { ago, type Check } from '../recommendation.ts'

/** How far before the threshold the bill is looked at. */
const lookBackDays = 30

/**
 * What the resources of the relation `of` (column `id`) cost per 30 days, as rows `id, saving, first_day, last_day`: over
 * the 30 days before the threshold of `days`, because what is deleted would save what it costs at rest. What cost nothing
 * then has no row. Source: spec recommendations 9, F-SNAP.
 */
export const snapshotCosts = (check: Check, days: number, of: SQL): SQL => {
  const end = sql`(${ago(check, days)} at time zone 'UTC')::date`
  return sql`
    select o.id, trim_scale(round(sum(e.effective) / (max(e.day) - min(e.day) + 1) * 30, 8)) as saving,
      min(e.day) as first_day, max(e.day) as last_day
    from ${of} o join expenses e on e.resource_id = o.id and e.day >= ${end} - ${lookBackDays}::int and e.day < ${end}
    group by o.id having sum(e.effective) > 0`
}

/** A UTC day as epoch seconds of its beginning. */
export const dayAsTime = (day: SQL): SQL => sql`extract(epoch from ${day}::timestamp at time zone 'UTC')::bigint`
