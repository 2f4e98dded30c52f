import { sql, type SQL } from 'drizzle-orm'
import { ago, seenNow, today, type Check } from '../recommendation.ts'

/** What is stuck: resources of `type` whose state is bad (`bad`) and whose good state was last seen at the column `good`. */
export type Stuck = {
  type: string
  bad: SQL
  good: SQL
  days: number
  /** Names of the evidence: cost since the good state, and when it was last seen (epoch seconds, 0 = never). */
  cost: string
  since: string
}

/** Older bills say nothing about what it costs now. */
const lookBackDays = 31

/**
 * Resources stuck in a bad state for more than `days`. Saving: their cost per billed day since the good state was last
 * seen, at most 31 days back, times 30. Today counts only once it cost something. A resource billed on a single day that
 * is younger than the threshold and was never seen in the good state is too new to judge.
 */
export function stuck(check: Check, { type, bad, good, days, cost, since }: Stuck): SQL {
  const start = sql`greatest((${good} at time zone 'UTC')::date, ${today(check)}::date - ${lookBackDays}::int)`
  return sql`
    select r.id as resource_id, trim_scale(round(c.cost / c.days * 30, 8)) as saving,
      jsonb_build_object(${cost}::text, trim_scale(c.total)::text,
        ${since}::text, coalesce(extract(epoch from ${good})::bigint, 0)) as evidence
    from resources r
    cross join lateral (
      select sum(d.cost) as total,
        sum(d.cost) filter (where d.day >= ${start}) as cost,
        count(*) filter (where d.day >= ${start} and (d.day < ${today(check)}::date or d.cost <> 0)) as days
      from (
        select e.day, sum(e.effective) as cost from expenses e
        where e.resource_id = r.id and e.day >= coalesce((${good} at time zone 'UTC')::date, '-infinity')
        group by e.day
      ) d
    ) c
    where ${seenNow(check, type)} and ${bad} and (${good} is null or ${good} < ${ago(check, days)})
      and not (c.days = 1 and ${good} is null and r.first_seen_at > ${ago(check, days)})
      and c.days > 0 and c.cost > 0`
}

/** How it ended: gone means the advice was followed, back in the good state means it does not apply, else the settings changed. */
export function unstuck(check: Check, { bad, good, days }: Pick<Stuck, 'bad' | 'good' | 'days'>): SQL {
  return sql`case
    when r.active is not true then 'recommendation_applied'
    when (${bad}) is not true or ${good} >= ${ago(check, days)} then 'recommendation_irrelevant'
    else 'options_changed' end`
}
