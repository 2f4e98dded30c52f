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

/** Points `p` of the resource `r` in the range. */
const points = ({ from, to }: MetricRange) => sql`p.resource_id = r.id
  and p.metric in ('cpu', 'network_in_io', 'network_out_io') and p.at > ${from} and p.at <= ${to}`
const mean = (metric: string) => sql`avg(p.value) filter (where p.metric = ${metric})`
const network = sql`${mean('network_in_io')} + ${mean('network_out_io')}`
const isQuiet = ({ cpu_percent_threshold: cpu, network_bps_threshold: bytes }: Quiet) =>
  sql`${mean('cpu')} < ${cpu} and ${network} < ${bytes}`

/**
 * Those of the resources `r` that `where` names which did nothing in the range, as rows `id, cpu, network` (means). All
 * three metrics must be there.
 */
export const quietResources = (range: MetricRange, quiet: Quiet, where: SQL): SQL => sql`
  select r.id, ${mean('cpu')} as cpu, ${network} as network
  from resources r join metric_points p on ${points(range)}
  where ${where} group by r.id having ${isQuiet(quiet)}`

/** Did the one resource `r` do nothing in the range? */
export const isQuietNow = (range: MetricRange, quiet: Quiet): SQL =>
  sql`exists (select from metric_points p where ${points(range)} having ${isQuiet(quiet)})`

/** 1970 began on a Thursday, 72 hours into its week. Plain whole numbers: parts of a date take several times as long. */
const cell = sql`((floor((date_part('epoch', p.at) - 450) / 3600)::int + 72) % 168)`

/**
 * The quiet hours of the week of the resources `r` that `where` names, as rows `id, cell`: cell = (weekday − 1) · 24 +
 * hour, Monday 00:00 UTC is 0. Points are moved back 450 s, to the middle of their interval. Hours without points are
 * not quiet.
 */
export const quietHours = (range: MetricRange, quiet: Quiet, where: SQL): SQL => sql`
  select r.id, ${cell} as cell
  from resources r join metric_points p on ${points(range)}
  where ${where} group by r.id, 2 having ${isQuiet(quiet)}`

/** The same for the one resource `r`, as a lateral table with the column `cell`. */
export const quietHoursOf = (range: MetricRange, quiet: Quiet): SQL => sql`(
  select ${cell} as cell from metric_points p where ${points(range)} group by 1 having ${isQuiet(quiet)}
)`
