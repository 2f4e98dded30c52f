import { sql, type SQL } from 'drizzle-orm'
import { z } from 'zod'

/** From when (not included) to when (included) monitoring points count; a point stands for the 900 s before it. */
export type MetricRange = { from: SQL; to: SQL }

/** Below both of these an instance does nothing: CPU in per cent, traffic in and out together in bytes per second. */
export type Quiet = { cpu_percent_threshold: number; network_bps_threshold: number }

/** The two thresholds as options. */
export const quietOptions = {
  cpu_percent_threshold: z.number().int().min(0).max(100).default(5).meta({ label: 'CPU below', unit: '%' }),
  network_bps_threshold: z
    .number()
    .int()
    .min(0)
    .max(2147483647)
    .default(1000)
    .meta({ label: 'Network below', unit: 'bytes/s' }),
}

const metrics = sql`p.metric in ('cpu', 'network_in_io', 'network_out_io')`
const points = ({ from, to }: MetricRange) => sql`metric_points p
  where p.resource_id = r.id and ${metrics} and p.at > ${from} and p.at <= ${to}`
const means = sql`avg(p.value) filter (where p.metric = 'cpu') as cpu,
  avg(p.value) filter (where p.metric = 'network_in_io') as network_in,
  avg(p.value) filter (where p.metric = 'network_out_io') as network_out`

/** A lateral table with the means of `r`: `cpu`, `network_in`, `network_out`; null without points. */
export const activity = (range: MetricRange): SQL => sql`(select ${means} from ${points(range)})`

/** Is a row of `activity` below both thresholds? Unknown when one of the three metrics is missing. */
export const isQuiet = (row: SQL, quiet: Quiet): SQL => sql`(${row}.cpu < ${quiet.cpu_percent_threshold}
  and ${row}.network_in + ${row}.network_out < ${quiet.network_bps_threshold})`

/**
 * A lateral table with the quiet hours of the week of `r`: `cell` = (weekday − 1) · 24 + hour, Monday 00:00 UTC is 0.
 * Points are moved back 450 s, to the middle of their interval. Hours without points are not quiet.
 */
export const quietHours = (range: MetricRange, quiet: Quiet): SQL => {
  const middle = sql`(p.at - interval '450 seconds') at time zone 'UTC'`
  return sql`(
    select hours.cell from (
      select ((extract(isodow from ${middle}) - 1) * 24 + extract(hour from ${middle}))::int as cell, ${means}
      from ${points(range)} group by 1
    ) hours where ${isQuiet(sql`hours`, quiet)}
  )`
}
