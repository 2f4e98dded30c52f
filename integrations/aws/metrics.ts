import { paginateGetMetricData, type CloudWatchClient, type MetricDataQuery } from '@aws-sdk/client-cloudwatch'
import type { MetricName, ResourceType } from '../../db/vocabulary.ts'
import type { MetricPoint, MetricsRequest, MetricsRole } from '../cloud.ts'
import { pages, type AwsOptions } from './client.ts'
import { cloudWatch } from './cloudwatch.ts'
import { bucketSeries, seriesOf, type Series } from './metric-series.ts'

/** What one GetMetricData call may ask and answer. */
const queriesPerCall = 500
const pointsPerCall = 100_800

/** Buckets are measured once a day, by AWS itself. */
const dailySeconds = 86_400
const quarterSeconds = 900

/** The types CloudWatch measures for us, each with its role. */
export const readMetrics = (options: AwsOptions): Partial<Record<ResourceType, MetricsRole>> => ({
  Instance: measure(options, 'Instance'),
  'RDS Instance': measure(options, 'RDS Instance'),
  'Kinesis Stream': measure(options, 'Kinesis Stream'),
  Bucket: measureBuckets(options),
})

/** Points of 900 s; both ends of the request are rounded down to whole intervals, the oldest slice comes first. */
const measure = (options: AwsOptions, type: 'Instance' | 'RDS Instance' | 'Kinesis Stream'): MetricsRole =>
  async function* (credentials, request) {
    const client = cloudWatch(options, { credentials, region: request.region })
    const series = request.cloudResourceIds.flatMap((id) => seriesOf(type, id))
    yield* read(client, { series, seconds: quarterSeconds, ...request })
  }

/** Points of whole UTC days. A bucket is as large as its storage classes together; each is a series of its own. */
const measureBuckets = (options: AwsOptions): MetricsRole =>
  async function* (credentials, request) {
    const client = cloudWatch(options, { credentials, region: request.region })
    const series = await bucketSeries(client, request.cloudResourceIds)
    const sums = new Map<string, MetricPoint>()
    for await (const point of read(client, { series, seconds: dailySeconds, ...request })) {
      const key = `${point.cloudResourceId} ${point.metric} ${point.at.getTime()}`
      sums.set(key, { ...point, value: point.value + (sums.get(key)?.value ?? 0) })
    }
    yield* sums.values()
  }

type Reading = Pick<MetricsRequest, 'from' | 'to'> & { series: Series[]; seconds: number }

async function* read(client: CloudWatchClient, reading: Reading): AsyncIterable<MetricPoint> {
  for (const { series, from, to } of slices(reading)) {
    const answer = paginateGetMetricData(
      { client },
      {
        StartTime: from,
        EndTime: to,
        MetricDataQueries: series.map((each, n) => queryOf(each, { n, seconds: reading.seconds })),
        ScanBy: 'TimestampAscending',
      },
    )
    for await (const page of pages('cloudwatch:GetMetricData', answer))
      for (const { Id: key = '', Timestamps: starts = [], Values: values = [] } of page.MetricDataResults ?? []) {
        const own = series[Number(key.slice(1))]!
        for (const [n, start] of starts.entries())
          yield toPoint({ ...own, seconds: reading.seconds }, start, values[n]!)
      }
  }
}

/** Splits a reading so that no call asks or answers more than CloudWatch allows. */
function* slices({ series, seconds, from, to }: Reading): Iterable<{ series: Series[]; from: Date; to: Date }> {
  const step = seconds * 1000
  const [start, end] = [from, to].map((at) => Math.floor(at.getTime() / step) * step) as [number, number]
  for (let n = 0; n < series.length; n += queriesPerCall) {
    const part = series.slice(n, n + queriesPerCall)
    const length = Math.floor(pointsPerCall / part.length) * step
    for (let at = start; at < end; at += length)
      yield { series: part, from: new Date(at), to: new Date(Math.min(at + length, end)) }
  }
}

const queryOf = (
  { namespace, name, dimensions, stat }: Series,
  { n, seconds }: { n: number; seconds: number },
): MetricDataQuery => ({
  Id: `m${n}`,
  MetricStat: {
    Metric: {
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Period: seconds,
    Stat: stat,
  },
})

/** One CloudWatch datum in our units, stamped with the end of its interval. CloudWatch stamps the start; a sum becomes a rate. */
export function toPoint(
  of: { cloudResourceId: string; metric: MetricName; stat: 'Average' | 'Sum'; seconds: number },
  start: Date,
  value: number,
): MetricPoint {
  return {
    cloudResourceId: of.cloudResourceId,
    metric: of.metric,
    at: new Date(start.getTime() + of.seconds * 1000),
    value: of.stat === 'Sum' ? value / of.seconds : value,
  }
}
