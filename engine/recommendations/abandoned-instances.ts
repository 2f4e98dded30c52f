/**
 * An instance that does nothing all week is probably forgotten.
 *
 * Reported when it is older than `days_threshold` days and over that time its average CPU was below
 * `cpu_percent_threshold` and its average traffic, in and out together, below `network_bps_threshold`. Without all three
 * metrics nothing is said. Saving: its average cost per day over the same days, times 30. Ends as applied when the
 * instance is gone, as irrelevant when it works again. Source: monitoring (activity) and the bill (cost).
 */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { ago, instant, recommendation, seenNow, type Check } from './recommendation.ts'
import { activity, isQuiet, quietOptions } from './shared/activity.ts'
import { averageCost, perMonth } from './shared/average-cost.ts'

const window = (check: Check, days: number) => ({ from: ago(check, days), to: instant(check.now) })

export default recommendation({
  id: 'abandoned_instances',
  title: 'Abandoned instances',
  category: 'cost',
  advice: 'Terminate the instance.',
  clouds: ['aws', 'azure', 'alibaba'],
  services: ['EC2', 'Azure Compute', 'ECS'],
  dismissable: true,
  excludable: true,
  options: z.object({
    days_threshold: z.number().int().min(0).max(365).default(7).meta({ label: 'Inactive for', unit: 'days' }),
    ...quietOptions,
  }),
  evidence: z.object({
    cpu: z.number().meta({ label: 'Average CPU', unit: '%' }),
    network: z.number().meta({ label: 'Average network', unit: 'bytes/s' }),
  }),
  find: (check, options) => sql`
    select r.id as resource_id, ${perMonth(sql`a.daily`)} as saving,
      jsonb_build_object('cpu', round(m.cpu::numeric, 2), 'network', round((m.network_in + m.network_out)::numeric, 2)) as evidence
    from resources r
    cross join lateral ${activity(window(check, options.days_threshold))} m
    cross join lateral ${averageCost(check, options.days_threshold)} a
    where ${seenNow(check, 'Instance')} and r.has_metrics and r.first_seen_at < ${ago(check, options.days_threshold)}
      and ${isQuiet(sql`m`, options)} and a.daily > 0`,
  ended: (check, options) => sql`case
    when r.active is not true then 'recommendation_applied'
    when (select ${isQuiet(sql`m`, options)} from ${activity(window(check, options.days_threshold))} m) then 'options_changed'
    else 'recommendation_irrelevant' end`,
})
