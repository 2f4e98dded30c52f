/**
 * An instance that does nothing at the same hours every week need not run then.
 *
 * The last `days_threshold` whole days are folded into one week of 168 hours (UTC). An hour is inactive when its average
 * CPU is below `cpu_percent_threshold` and its average traffic, in and out together, below `network_bps_threshold`; hours
 * without measurements are not. Reported when at least one hour is. Saving: the average cost per hour times the inactive
 * hours of a week, for 30 days. Ends as deleted when the instance is gone, as applied when all those hours are busy or
 * powered off. Source: monitoring (activity) and the bill (cost).
 */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { dayMs } from '../time.ts'
import { instant, recommendation, seenNow, today, type Check } from './recommendation.ts'
import { quietHours, quietHoursOf, quietOptions } from './shared/activity.ts'
import { averageCosts, perMonth } from './shared/average-cost.ts'

const hour = z.object({ day_of_week: z.number(), hour: z.number() })
const midnight = (check: Check, daysAgo = 0) => new Date(Date.parse(`${today(check)}T00:00:00Z`) - daysAgo * dayMs)
const window = (check: Check, days: number) => ({ from: instant(midnight(check, days)), to: instant(midnight(check)) })
const asHour = (cell: 'first' | 'last') =>
  sql`jsonb_build_object('day_of_week', ${sql.raw(cell)} / 24, 'hour', ${sql.raw(cell)} % 24)`
const asCell = (end: 'start' | 'end') =>
  sql`((${sql.raw(`period->'${end}'`)}->>'day_of_week')::int * 24 + (${sql.raw(`period->'${end}'`)}->>'hour')::int)`

export default recommendation({
  id: 'instances_for_shutdown',
  title: 'Instances for shutdown',
  category: 'cost',
  advice: 'Give the instance an on/off schedule for its inactive hours.',
  clouds: ['aws', 'azure', 'alibaba'],
  services: ['EC2', 'Azure Compute', 'ECS'],
  inputs: ['discovery Instance', 'metrics Instance', 'bill'],
  dismissable: true,
  excludable: true,
  options: z.object({
    days_threshold: z.number().int().min(0).max(365).default(14).meta({ label: 'Pattern of the last', unit: 'days' }),
    ...quietOptions,
  }),
  evidence: z.object({
    inactive_hours: z.number().meta({ label: 'Inactive hours a week', unit: 'hours' }),
    inactivity_periods: z
      .array(z.object({ start: hour, end: hour }))
      .meta({ label: 'Inactive (UTC)', unit: 'periods' }),
  }),
  find(check, options) {
    const range = window(check, options.days_threshold)
    const candidates = sql`${seenNow(check, 'Instance')} and r.has_metrics and r.first_seen_at < ${range.from}`
    return sql`
      with hours as (${quietHours(range, options, candidates)}),
        islands as (select id, cell, cell - row_number() over (partition by id order by cell) as island from hours),
        periods as (select id, min(cell) as first, max(cell) as last, count(*) as hours from islands group by id, island),
        patterns as (
          select id, sum(hours) as hours,
            jsonb_agg(jsonb_build_object('start', ${asHour('first')}, 'end', ${asHour('last')}) order by first) as periods
          from periods group by id
        ),
        costs as (${averageCosts(check, options.days_threshold, sql`patterns`)})
      select patterns.id as resource_id, ${perMonth(sql`costs.daily / 24 * patterns.hours / 7`)} as saving,
        jsonb_build_object('inactive_hours', patterns.hours, 'inactivity_periods', patterns.periods) as evidence
      from patterns join costs on costs.id = patterns.id where costs.daily > 0`
  },
  ended: (check, options) => sql`case
    when r.active is not true then 'resource_deleted'
    when exists (
      select from ${quietHoursOf(window(check, options.days_threshold), options)} q
      join jsonb_array_elements(f.evidence->'inactivity_periods') period
        on q.cell between ${asCell('start')} and ${asCell('end')}
    ) then 'options_changed'
    else 'recommendation_applied' end`,
})
