/**
 * CloudWatch's names for what we measure. Sources: the CloudWatch metrics pages of EC2, RDS, Kinesis Data Streams and S3,
 * and of the CloudWatch agent, whose memory is there only where somebody installed it.
 */
import { paginateListMetrics, type CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import type { MetricName } from '../../db/vocabulary.ts'
import { pages } from './client.ts'

/** One series of CloudWatch. A sum over its interval divided by the seconds is a true rate whatever the sampling is. */
export type Series = {
  cloudResourceId: string
  metric: MetricName
  namespace: string
  name: string
  stat: 'Average' | 'Sum'
  dimensions: Record<string, string>
}

type Measure = Pick<Series, 'metric' | 'namespace' | 'name' | 'stat'>
const measure = (metric: MetricName, namespace: string, name: string, stat: Series['stat']): Measure => ({
  metric,
  namespace,
  name,
  stat,
})

/** What is asked of a type, and the dimension that names a resource. */
const measures = {
  Instance: {
    dimension: 'InstanceId',
    of: [
      measure('cpu', 'AWS/EC2', 'CPUUtilization', 'Average'),
      measure('network_in_io', 'AWS/EC2', 'NetworkIn', 'Sum'),
      measure('network_out_io', 'AWS/EC2', 'NetworkOut', 'Sum'),
      measure('disk_read_io', 'AWS/EC2', 'DiskReadOps', 'Sum'),
      measure('disk_write_io', 'AWS/EC2', 'DiskWriteOps', 'Sum'),
      measure('ram', 'CWAgent', 'mem_used_percent', 'Average'),
    ],
  },
  'RDS Instance': {
    dimension: 'DBInstanceIdentifier',
    of: [
      measure('cpu', 'AWS/RDS', 'CPUUtilization', 'Average'),
      measure('connections', 'AWS/RDS', 'DatabaseConnections', 'Average'),
      measure('network_in_io', 'AWS/RDS', 'NetworkReceiveThroughput', 'Average'),
      measure('network_out_io', 'AWS/RDS', 'NetworkTransmitThroughput', 'Average'),
      measure('disk_read_io', 'AWS/RDS', 'ReadIOPS', 'Average'),
      measure('disk_write_io', 'AWS/RDS', 'WriteIOPS', 'Average'),
    ],
  },
  'Kinesis Stream': {
    dimension: 'StreamName',
    of: [
      measure('incoming_records', 'AWS/Kinesis', 'IncomingRecords', 'Sum'),
      measure('outgoing_records', 'AWS/Kinesis', 'GetRecords.Records', 'Sum'),
    ],
  },
}

/** The series of one resource. Databases and streams are known by their ARN, whose last part is the name CloudWatch uses. */
export function seriesOf(type: keyof typeof measures, cloudResourceId: string): Series[] {
  const { dimension, of } = measures[type]
  const value = cloudResourceId.replace(/^.*[:/]/, '')
  return of.map((each) => ({ cloudResourceId, ...each, dimensions: { [dimension]: value } }))
}

const bucketMeasures = [
  measure('bucket_size', 'AWS/S3', 'BucketSizeBytes', 'Average'),
  measure('bucket_objects', 'AWS/S3', 'NumberOfObjects', 'Average'),
]

/** The series of these buckets, as CloudWatch lists them: which storage classes a bucket uses is not known beforehand. */
export async function bucketSeries(client: CloudWatchClient, buckets: string[]): Promise<Series[]> {
  const wanted = new Set(buckets)
  const found: Series[] = []
  for (const each of bucketMeasures) {
    const answer = paginateListMetrics({ client }, { Namespace: each.namespace, MetricName: each.name })
    for await (const page of pages('cloudwatch:ListMetrics', answer))
      for (const { Dimensions: list = [] } of page.Metrics ?? []) {
        const dimensions = Object.fromEntries(list.map(({ Name = '', Value = '' }) => [Name, Value]))
        const cloudResourceId = dimensions['BucketName'] ?? ''
        if (wanted.has(cloudResourceId)) found.push({ cloudResourceId, ...each, dimensions })
      }
  }
  return found
}
