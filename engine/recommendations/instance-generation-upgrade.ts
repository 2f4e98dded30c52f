/**
 * An old machine type may have a successor that costs no more.
 *
 * Reported when an instance's machine type is one the cloud no longer counts as current, and its region sells a current
 * one of the same letters (`m`, `c`, `r` …) with as many CPUs, as much memory and the same architecture, system and
 * edition, of the highest generation and there the cheapest, that costs no more per day than the instance did on its
 * dearest day of the last 7. Saving: the difference of the two per day, times 30; it may be nothing, for better hardware
 * at the same price. Ends as deleted when the instance is gone, as applied when it has the advised type, as irrelevant
 * when it has another one, as failed when no successor is known any more. Source: the bill and the price list.
 */
import { sql, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { recommendation, seenNow, type Check } from './recommendation.ts'
import { currentFlavor, newerFlavor } from './shared/flavors.ts'
import { computeLines } from './shared/machine-usage.ts'

const lookBackDays = 7
const money = (label: string) => z.string().meta({ label, unit: 'money' })

/** A lateral table with what the instance `r` cost on its dearest day: `daily`, null when it cost nothing. */
const dearestDay = (check: Check): SQL => sql`(
  select max(d.cost) as daily from (
    select sum(u.effective) as cost from usage u where ${computeLines(check, lookBackDays)} group by u.day
  ) d
)`

/** The successor's price per day: its list price in USD, elsewhere the same ratio of what the instance costs. */
const proposed = (check: Check): SQL =>
  check.currency === 'USD' ? sql`(n.hourly_price * 24)` : sql`(d.daily * n.hourly_price / c.hourly_price)`

export default recommendation({
  id: 'instance_generation_upgrade',
  title: 'Instances eligible for generation upgrade',
  category: 'cost',
  advice: 'Change the instance to the newer machine type; it restarts.',
  clouds: ['aws', 'azure', 'alibaba'],
  services: ['EC2', 'Azure Compute', 'ECS'],
  inputs: ['discovery Instance', 'bill', 'usage compute', 'prices machines'],
  dismissable: true,
  excludable: true,
  options: z.object({}),
  evidence: z.object({
    flavor: z.string().meta({ label: 'Machine type' }),
    recommended_flavor: z.string().meta({ label: 'Successor' }),
    current_cost: money('Cost now'),
    recommended_flavor_cost: money('Cost then'),
  }),
  find: (check) => sql`
    select r.id as resource_id, trim_scale(round((d.daily - p.daily) * 30, 8)) as saving,
      jsonb_build_object('flavor', c.name, 'recommended_flavor', n.name,
        'current_cost', trim_scale(round(d.daily * 30, 2))::text,
        'recommended_flavor_cost', trim_scale(round(p.daily * 30, 2))::text) as evidence
    from resources r
    join lateral ${currentFlavor(check)} c on true
    join lateral ${newerFlavor(check, sql`c`)} n on true
    cross join lateral ${dearestDay(check)} d
    cross join lateral (select ${proposed(check)} as daily) p
    where ${seenNow(check, 'Instance')} and d.daily > 0 and round(p.daily, 8) <= round(d.daily, 8)`,
  ended: (check) => sql`case
    when r.active is not true then 'resource_deleted'
    when r.facts->>'flavor' = f.evidence->>'recommended_flavor' then 'recommendation_applied'
    when r.facts->>'flavor' is distinct from f.evidence->>'flavor' then 'recommendation_irrelevant'
    when not exists (select from ${currentFlavor(check)} c join lateral ${newerFlavor(check, sql`c`)} n on true) then 'failed_dependency'
    else 'options_changed' end`,
})
