/**
 * Machines whose CPU is mostly idle, and the smaller type of their family that can carry them: the one algorithm behind
 * both recommendations of that kind. Source: spec recommendations 12.1.
 */
import { sql, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { ago, instant, seenNow, type Check } from '../recommendation.ts'
import { averageCost, averageCosts } from './average-cost.ts'
import { currentFlavor, monthlyBasis, smallerFlavor, type Machine } from './flavors.ts'

/** Costs are averaged over this many days. */
const costDays = 30
const number = (label: string, unit: string) => z.number().meta({ label, unit })
const cpu = (label: string) => number(label, '%')

const measures = { avg: 'average', qtl50: 'median', qtl99: '99th percentile', max: 'peak' }

export const rightsizingOptions = z.object({
  days_threshold: z.number().int().min(1).max(180).default(3).meta({ label: 'CPU of the last', unit: 'days' }),
  metric_type: z
    .enum(['avg', 'qtl50', 'qtl99', 'max'])
    .default('avg')
    .meta({ label: 'CPU measured as', words: measures }),
  metric_limit: z.number().int().min(1).max(100).default(80).meta({ label: 'CPU at most', unit: '%' }),
  recommended_flavor_cpu_min: z.number().int().min(1).max(1024).default(1).meta({ label: 'Never below', unit: 'CPUs' }),
  excluded_flavor_regex: z.string().max(200).default('').meta({ label: 'Leave out machine types like', regex: true }),
})
type Options = z.infer<typeof rightsizingOptions>

export const rightsizingEvidence = z.object({
  flavor: z.string().meta({ label: 'Machine type' }),
  cpu: number('CPUs', 'CPUs'),
  recommended_flavor: z.string().meta({ label: 'Recommended' }),
  recommended_flavor_cpu: number('CPUs then', 'CPUs'),
  recommended_flavor_ram: number('Memory then', 'GiB'),
  recommended_flavor_cost: z.string().meta({ label: 'Cost then', unit: 'money' }),
  current_cost: z.string().meta({ label: 'Cost now', unit: 'money' }),
  saving_percent: number('Saving', '%'),
  cpu_usage: cpu('CPU average'),
  cpu_peak: cpu('CPU peak'),
  cpu_quantile_50: cpu('CPU median'),
  cpu_quantile_99: cpu('CPU 99th percentile'),
  project_cpu_avg: cpu('Average then'),
  project_cpu_peak: cpu('Peak then'),
  projected_cpu_qtl_50: cpu('Median then'),
  projected_cpu_qtl_99: cpu('99th percentile then'),
})

const points = (check: Check, days: number) => sql`p.resource_id = r.id and p.metric = 'cpu'
  and p.at > ${ago(check, days)} and p.at <= ${instant(check.now)}`
const isMeasured = (check: Check, days: number) =>
  sql`exists (select from metric_points p where ${points(check, days)})`
const round2 = (value: SQL) => sql`round((${value})::numeric, 2)`
const projected = (stat: string) => round2(sql`least(m.${sql.raw(stat)} * c.cpus / n.cpus, 100)`)

/** The SELECT of `find` for machines of this type. */
export function oversized(check: Check, options: Options, type: Machine): SQL {
  const least = sql`greatest(ceil(c.cpus::float8 / ${options.metric_limit}::int * m.${sql.raw(options.metric_type)})::int,
    ${options.recommended_flavor_cpu_min}::int)`
  const monthly = sql`(costs.daily * 30)`
  const candidates = sql`${seenNow(check, type)} and r.has_metrics and not r.spot
        and r.first_seen_at < ${ago(check, options.days_threshold)}`
  return sql`
    with loads as (
      select r.id, avg(p.value) as avg, max(p.value) as max,
        percentile_cont(0.5) within group (order by p.value) as qtl50,
        percentile_cont(0.99) within group (order by p.value) as qtl99
      from resources r join metric_points p on ${points(check, options.days_threshold)}
      where ${candidates}
      group by r.id
    ), advised as (
      select m.id, c.hourly_price, 1 - n.hourly_price / c.hourly_price as share,
        jsonb_build_object('flavor', c.name, 'cpu', c.cpus, 'recommended_flavor', n.name,
          'recommended_flavor_cpu', n.cpus, 'recommended_flavor_ram', n.memory_gib,
          'cpu_usage', ${round2(sql`m.avg`)}, 'cpu_peak', ${round2(sql`m.max`)},
          'cpu_quantile_50', ${round2(sql`m.qtl50`)}, 'cpu_quantile_99', ${round2(sql`m.qtl99`)},
          'project_cpu_avg', ${projected('avg')}, 'project_cpu_peak', ${projected('max')},
          'projected_cpu_qtl_50', ${projected('qtl50')}, 'projected_cpu_qtl_99', ${projected('qtl99')}) as evidence
      from loads m
      join resources r on r.id = m.id
      join lateral ${currentFlavor(check, type)} c on c.cpus > ${options.recommended_flavor_cpu_min}::int
      cross join lateral (select case when least.cpus <= 1 then least.cpus else least.cpus + least.cpus % 2 end as cpus
        from (select ${least} as cpus) least) needed
      join lateral ${smallerFlavor(check, sql`c`, sql`needed.cpus`)} n
        on n.name <> c.name and n.hourly_price < c.hourly_price
      where m.${sql.raw(options.metric_type)} > 0 and needed.cpus < c.cpus
    ), costs as (${averageCosts(check, costDays, sql`(select r.id from resources r where ${candidates})`)})
    select advised.id as resource_id, s.saving,
      advised.evidence || jsonb_build_object('current_cost', trim_scale(round(${monthly}, 2))::text,
        'recommended_flavor_cost', trim_scale(round(${monthly}, 2) - s.saving)::text,
        'saving_percent', round(s.saving / ${monthly} * 100, 2)) as evidence
    from advised join costs on costs.id = advised.id
    cross join lateral (
      select trim_scale(round(${monthlyBasis(check, sql`costs.daily`, sql`advised.hourly_price`)} * advised.share, 2)) as saving
    ) s
    where costs.daily > 0 and s.saving > 0`
}

/** How it ended. */
export const resized = (check: Check, { days_threshold: days }: Options, type: Machine): SQL => sql`case
  when r.active is not true or r.first_seen_at >= ${ago(check, days)} then 'resource_deleted'
  when r.facts->>'flavor' = f.evidence->>'recommended_flavor' then 'recommendation_applied'
  when not exists (select from ${currentFlavor(check, type)} c)
    or not ${isMeasured(check, days)}
    or not exists (select from machine_types t where t.cloud = ${check.cloud} and t.region = r.region
      and t.name = f.evidence->>'recommended_flavor') then 'failed_dependency'
  when (select a.daily from ${averageCost(check, costDays)} a) is null then null
  when (f.evidence->>'recommended_flavor_cost')::numeric
    >= (select a.daily * 30 from ${averageCost(check, costDays)} a) then 'recommendation_irrelevant'
  else 'options_changed' end`

/** A machine type left out by its name; null when none is. */
export const excludedFlavor = ({ excluded_flavor_regex: pattern }: Options): SQL | null =>
  pattern ? sql`r.facts->>'flavor' ~ ${pattern}` : null
