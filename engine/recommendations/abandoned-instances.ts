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
import { isQuietNow, quietOptions, quietResources } from './shared/activity.ts'
import { averageCosts, perMonth } from './shared/average-cost.ts'

const window = (check: Check, days: number) => ({ from: ago(check, days), to: instant(check.now) })
const candidates = (check: Check, days: number) =>
  sql`${seenNow(check, 'Instance')} and r.has_metrics and r.first_seen_at < ${ago(check, days)}`

export default recommendation({
  id: 'abandoned_instances',
  title: 'Abandoned instances',
  category: 'cost',
  advice: 'Terminate the instance.',
  clouds: ['aws', 'azure', 'alibaba'],
  services: ['EC2', 'Azure Compute', 'ECS'],
  inputs: ['discovery Instance', 'metrics Instance', 'bill'],
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
    with quiet as (${quietResources(window(check, options.days_threshold), options, candidates(check, options.days_threshold))}),
      costs as (${averageCosts(check, options.days_threshold, sql`quiet`)})
    select quiet.id as resource_id, ${perMonth(sql`costs.daily`)} as saving,
      jsonb_build_object('cpu', round(quiet.cpu::numeric, 2), 'network', round(quiet.network::numeric, 2)) as evidence
    from quiet join costs on costs.id = quiet.id where costs.daily > 0`,
  ended: (check, options) => sql`case
    when r.active is not true then 'recommendation_applied'
    when ${isQuietNow(window(check, options.days_threshold), options)} then 'options_changed'
    else 'recommendation_irrelevant' end`,
})
