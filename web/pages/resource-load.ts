import { listMetricPoints } from '../../db/queries/metrics.ts'
import type { Resource } from '../../db/schema/resources.ts'
import { metricNames, type MetricName } from '../../db/vocabulary.ts'
import { sayBytes } from '../../engine/bytes.ts'
import type { Context } from '../../engine/context.ts'
import { addDays, dayMs, dayOf } from '../../engine/time.ts'
import { chart } from '../chart-parts.ts'
import { table, type Content } from '../parts.ts'

const percent = (value: number) => `${value.toFixed(1)}%`
const rate = (what: string) => (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ${what}`
const bytes = (value: number) => `${sayBytes(value)}/s`

/** What each metric is called, and a value of it in words. */
const words: Record<MetricName, { name: string; say: (value: number) => string }> = {
  cpu: { name: 'Processor', say: percent },
  ram: { name: 'Memory', say: percent },
  disk_read_io: { name: 'Disk reads', say: rate('a second') },
  disk_write_io: { name: 'Disk writes', say: rate('a second') },
  network_in_io: { name: 'Network in', say: bytes },
  network_out_io: { name: 'Network out', say: bytes },
  bucket_size: { name: 'Stored', say: sayBytes },
  bucket_objects: { name: 'Objects', say: (value) => Math.round(value).toLocaleString('en-US') },
  incoming_records: { name: 'Records in', say: rate('a second') },
  outgoing_records: { name: 'Records out', say: rate('a second') },
  connections: { name: 'Connections', say: rate('at once') },
}

const days = 30
type Point = { metric: MetricName; at: Date; value: number }

/** The load of a resource day by day, as monitoring says it; null when it has no monitoring. */
export async function loadFigure(ctx: Context, { id, hasMetrics }: Resource): Promise<Content> {
  if (!hasMetrics) return null
  const today = dayOf(ctx.now())
  const from = addDays(today, 1 - days)
  const points = await listMetricPoints(ctx.db, {
    ...{ orgId: ctx.orgId, resourceId: id, stepSeconds: dayMs / 1000 },
    ...{ from: new Date(`${from}T00:00:00Z`), to: ctx.now() },
  })
  if (points.length === 0) return null
  const categories = Array.from({ length: days }, (_, n) => addDays(from, n))
  const series = (['cpu', 'ram'] as const)
    .map((metric) => ({ name: words[metric].name, values: valuesOf(points, metric, categories) }))
    .filter(({ values }) => values.some((value) => value !== null))
  const description = 'Mean load of each day in per cent.'
  const size = { width: 680, height: 220 }
  return [
    series.length
      ? chart({ kind: 'line', title: 'Load per day', description, categories, series, unit: '%', ...size }, description)
      : null,
    figures(points),
  ]
}

/** A step ends at midnight, so its day is the one before; days without points are gaps. */
function valuesOf(points: Point[], metric: MetricName, categories: string[]): (number | null)[] {
  const own = points.filter((point) => point.metric === metric)
  const byDay = new Map(own.map(({ at, value }) => [dayOf(new Date(at.getTime() - 1000)), value]))
  return categories.map((day) => byDay.get(day) ?? null)
}

/** Each metric on its last day and on its lowest and highest. */
function figures(points: Point[]): Content {
  const rows = metricNames.flatMap((metric) => {
    const values = points.filter((point) => point.metric === metric).map(({ value }) => value)
    return values.length ? [{ ...words[metric], values }] : []
  })
  return table<(typeof rows)[number]>(
    [
      { title: 'Mean of a day', head: true, cell: ({ name }) => name },
      { title: 'Lowest', number: true, cell: ({ say, values }) => say(Math.min(...values)) },
      { title: 'Highest', number: true, cell: ({ say, values }) => say(Math.max(...values)) },
      { title: 'Last', number: true, cell: ({ say, values }) => say(values.at(-1)!) },
    ],
    rows,
    { caption: 'Monitoring of the last 30 days', empty: '' },
  )
}
