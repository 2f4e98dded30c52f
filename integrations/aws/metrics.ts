import { CloudWatchClient, paginateGetMetricData, type MetricDataQuery } from '@aws-sdk/client-cloudwatch'
import type { MetricName } from '../../db/vocabulary.ts'
import type { Credentials, MetricPoint, MetricsRequest } from '../cloud.ts'
import { awsConfig, pages, type AwsOptions } from './client.ts'

const stepMs = 900_000

/** CloudWatch's names. A sum over the period divided by its seconds is a true rate whatever the sampling is. */
const measures: { metric: MetricName; name: string; stat: 'Average' | 'Sum' }[] = [
  { metric: 'cpu', name: 'CPUUtilization', stat: 'Average' },
  { metric: 'network_in_io', name: 'NetworkIn', stat: 'Sum' },
  { metric: 'network_out_io', name: 'NetworkOut', stat: 'Sum' },
  { metric: 'disk_read_io', name: 'DiskReadOps', stat: 'Sum' },
  { metric: 'disk_write_io', name: 'DiskWriteOps', stat: 'Sum' },
]

/** What one GetMetricData call may ask (500 queries) and answer (100,800 points). */
const idsPerCall = 100
const pointsPerCall = 100_800

/**
 * Points of EC2 instances whose 900 s interval lies in (from, to], oldest slice first. Both ends are rounded down to whole
 * intervals. Values: per cent, bytes/s, operations/s; `at` is the end of the interval, CloudWatch stamps its start.
 */
export const readMetrics = (options: AwsOptions) =>
  async function* (credentials: Credentials, request: MetricsRequest): AsyncIterable<MetricPoint> {
    const client = new CloudWatchClient(awsConfig(options, { credentials, region: request.region }))
    for (const { ids, from, to } of slices(request)) {
      const queries = ids.flatMap((id, n) => measures.map((measure, m) => queryOf(measure, { id, key: `m${m}_${n}` })))
      const answer = paginateGetMetricData(
        { client },
        { StartTime: from, EndTime: to, MetricDataQueries: queries, ScanBy: 'TimestampAscending' },
      )
      for await (const page of pages('cloudwatch:GetMetricData', answer))
        for (const { Id: key = '', Timestamps: starts = [], Values: values = [] } of page.MetricDataResults ?? []) {
          const [measure, id] = key.slice(1).split('_').map(Number)
          for (const [n, start] of starts.entries())
            yield toPoint({ cloudResourceId: ids[id!]!, ...measures[measure!]! }, start, values[n]!)
        }
    }
  }

/** Splits a request so that no call asks or answers more than CloudWatch allows. */
function* slices({ cloudResourceIds, from, to }: MetricsRequest) {
  const [start, end] = [from, to].map((at) => Math.floor(at.getTime() / stepMs) * stepMs) as [number, number]
  for (let n = 0; n < cloudResourceIds.length; n += idsPerCall) {
    const ids = cloudResourceIds.slice(n, n + idsPerCall)
    const length = Math.floor(pointsPerCall / (ids.length * measures.length)) * stepMs
    for (let at = start; at < end; at += length)
      yield { ids, from: new Date(at), to: new Date(Math.min(at + length, end)) }
  }
}

function queryOf({ name, stat }: (typeof measures)[number], { id, key }: { id: string; key: string }): MetricDataQuery {
  const metric = { Namespace: 'AWS/EC2', MetricName: name, Dimensions: [{ Name: 'InstanceId', Value: id }] }
  return { Id: key, MetricStat: { Metric: metric, Period: stepMs / 1000, Stat: stat } }
}

/** One CloudWatch datum in our units, stamped with the end of its interval. */
export function toPoint(
  of: { cloudResourceId: string; metric: MetricName; stat: 'Average' | 'Sum' },
  start: Date,
  value: number,
): MetricPoint {
  return {
    cloudResourceId: of.cloudResourceId,
    metric: of.metric,
    at: new Date(start.getTime() + stepMs),
    value: of.stat === 'Sum' ? value / (stepMs / 1000) : value,
  }
}
