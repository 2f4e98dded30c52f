/**
 * A bucket that holds little and is hardly asked for anything is probably forgotten.
 *
 * Reported when it exists for `days_threshold` days and over that time its average stored size was below
 * `data_size_threshold`, it took fewer than `tier_1_request_quantity_threshold` requests that write or list, and fewer
 * than `tier_2_request_quantity_threshold` GET requests. No requests on a bill that charges storage count as none; without any figure of its
 * size nothing is said. Saving: its average cost per day over the same days, times 30. Ends as applied when the bucket is
 * gone, as irrelevant when it is above those figures again. Source: monitoring or the bill (size), the bill (requests, cost).
 */
import { sql, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { ago, instant, recommendation, seenNow, type Check } from './recommendation.ts'
import { averageCosts, perMonth } from './shared/average-cost.ts'

const count = (label: string, standard: number) =>
  z.number().int().min(0).max(2147483647).default(standard).meta({ label, unit: 'requests' })
const bytesPerMb = 1024 * 1024
const mbPerGb = 1024
const day = (check: Check, days: number): SQL => sql`(${ago(check, days)} at time zone 'UTC')::date`

type Limits = {
  days_threshold: number
  data_size_threshold: number
  tier_1_request_quantity_threshold: number
  tier_2_request_quantity_threshold: number
}

/**
 * Stored size in MB and requests of the buckets `r` that `where` names, as rows `id, size, tier_1, tier_2`. Monitoring
 * knows the size in bytes; the bill charges a day's storage as its share of the month (`GB-Mo`).
 */
const figures = (check: Check, { days_threshold: days }: Limits, where: SQL): SQL => sql`
  select r.id, coalesce(measured.mb, billed.mb) as size, coalesce(asked.tier_1, 0) as tier_1, coalesce(asked.tier_2, 0) as tier_2
  from resources r
  left join lateral (
    select avg(p.value) / ${bytesPerMb}::int as mb from metric_points p where p.resource_id = r.id
      and p.metric = 'bucket_size' and p.at > ${ago(check, days)} and p.at <= ${instant(check.now)}
  ) measured on true
  left join lateral (
    select avg(d.gb) * ${mbPerGb}::int as mb from (
      select sum(u.quantity) * extract(day from date_trunc('month', u.day) + interval '1 month' - interval '1 day') as gb
      from usage u where u.resource_id = r.id and u.kind = 'storage' and u.unit = 'GB-Mo' and u.day >= ${day(check, days)}
      group by u.day
    ) d
  ) billed on true
  left join lateral (
    select sum(u.quantity) filter (where u.usage_type like '%Requests-Tier1%') as tier_1,
      sum(u.quantity) filter (where u.usage_type like '%Requests-Tier2%' and u.operation = 'GetObject') as tier_2
    from usage u where u.resource_id = r.id and u.kind = 'requests' and u.day >= ${day(check, days)}
  ) asked on true
  where ${where}`

const isQuiet = (limits: Limits): SQL => sql`q.size < ${limits.data_size_threshold}::int
  and q.tier_1 < ${limits.tier_1_request_quantity_threshold}::int
  and q.tier_2 < ${limits.tier_2_request_quantity_threshold}::int`

export default recommendation({
  id: 's3_abandoned_buckets',
  title: 'Abandoned Amazon S3 buckets',
  category: 'cost',
  advice: 'Empty and delete the bucket.',
  clouds: ['aws'],
  services: ['S3'],
  inputs: ['discovery Bucket', ['metrics Bucket', 'usage storage'], 'bill', 'usage requests'],
  dismissable: true,
  excludable: true,
  options: z.object({
    days_threshold: z.number().int().min(1).max(365).default(7).meta({ label: 'Over the last', unit: 'days' }),
    data_size_threshold: z
      .number()
      .int()
      .min(0)
      .max(2147483647)
      .default(1024)
      .meta({ label: 'Stored size below', unit: 'MB' }),
    tier_1_request_quantity_threshold: count('Write and list requests below', 100),
    tier_2_request_quantity_threshold: count('GET requests below', 2000),
  }),
  evidence: z.object({
    avg_data_size: z.number().meta({ label: 'Stored size', unit: 'MB' }),
    tier_1_request_quantity: z.number().meta({ label: 'Write and list requests', unit: 'requests' }),
    tier_2_request_quantity: z.number().meta({ label: 'GET requests', unit: 'requests' }),
  }),
  find: (check, options) => sql`
    with quiet as materialized (
      select q.* from (${figures(check, options, sql`${seenNow(check, 'Bucket')} and r.first_seen_at < ${ago(check, options.days_threshold)}`)}) q
      where ${isQuiet(options)}
    ), costs as (${averageCosts(check, options.days_threshold, sql`quiet`)})
    select quiet.id as resource_id, ${perMonth(sql`costs.daily`)} as saving,
      jsonb_build_object('avg_data_size', round(quiet.size::numeric, 2), 'tier_1_request_quantity', trim_scale(quiet.tier_1),
        'tier_2_request_quantity', trim_scale(quiet.tier_2)) as evidence
    from quiet join costs on costs.id = quiet.id where costs.daily > 0`,
  ended: (check, options) => sql`case
    when r.active is not true then 'recommendation_applied'
    when exists (select from (${figures(check, options, sql`r.id = f.resource_id`)}) q where ${isQuiet(options)}) then 'options_changed'
    else 'recommendation_irrelevant' end`,
})
