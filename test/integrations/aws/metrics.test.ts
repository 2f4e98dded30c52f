import { describe, expect, it } from 'vitest'
import type { ResourceType } from '../../../db/vocabulary.ts'
import { emptyRegion, type SandboxSeries } from '../../../integrations/sandbox/aws-state.ts'
import { all, awsWorld, credentials } from './aws-world.ts'

const perMinute: Record<string, number> = { NetworkIn: 6000, NetworkOut: 600, DiskReadOps: 60, DiskWriteOps: 120 }
const database: Record<string, number> = {
  CPUUtilization: 7,
  DatabaseConnections: 12,
  NetworkReceiveThroughput: 2048,
  NetworkTransmitThroughput: 1024,
  ReadIOPS: 3,
  WriteIOPS: 4,
}
const bytes: Record<string, number> = { StandardStorage: 1000, GlacierStorage: 250, AllStorageTypes: 3 }
const stored = (bucket: string, name: string, storageType: string): SandboxSeries => ({
  ...{ namespace: 'AWS/S3', name, dimensions: { BucketName: bucket, StorageType: storageType } },
})

const { aws, adapter } = await awsWorld({
  regions: {
    'us-east-1': emptyRegion({
      series: [
        ...Array.from({ length: 510 }, (_, n) => stored(`other-${n}`, 'BucketSizeBytes', 'StandardStorage')),
        stored('logs', 'BucketSizeBytes', 'StandardStorage'),
        stored('logs', 'BucketSizeBytes', 'GlacierStorage'),
        stored('logs', 'NumberOfObjects', 'AllStorageTypes'),
      ],
      metric: ({ namespace, instanceId, dimensions, name, seconds, start, stat }) => {
        if (namespace === 'AWS/S3') return bytes[dimensions['StorageType']!]!
        if (namespace === 'AWS/RDS' && dimensions['DBInstanceIdentifier'] === 'orders') return database[name] ?? null
        if (namespace === 'AWS/Kinesis' && stat === 'Sum')
          return name === 'IncomingRecords' ? 90 * seconds : 45 * seconds
        if (namespace === 'CWAgent') return instanceId === 'i-agent' ? 61.5 : null
        if (namespace !== 'AWS/EC2' || instanceId === 'i-off') return null
        return name === 'CPUUtilization'
          ? start.getUTCHours() + start.getUTCMinutes() / 100
          : perMinute[name]! * (seconds / 60)
      },
    }),
  },
})
const read = (from: string, to: string, cloudResourceIds = ['i-1'], type: ResourceType = 'Instance') =>
  all(
    adapter.metrics![type]!(credentials, {
      ...{ region: 'us-east-1', cloudResourceIds, from: new Date(from), to: new Date(to) },
    }),
  )
const asked = () => aws.calls.filter(({ action }) => action === 'GetMetricData').length
const quarter = ['2026-11-23T08:00:00Z', '2026-11-23T08:15:00Z'] as const

describe('metrics of AWS', () => {
  it('are stamped with the end of their interval', async () => {
    const points = await read('2026-11-23T08:00:00Z', '2026-11-23T08:35:00Z')
    expect(points.filter((p) => p.metric === 'cpu').map((p) => [p.at.toISOString(), p.value])).toEqual([
      ['2026-11-23T08:15:00.000Z', 8],
      ['2026-11-23T08:30:00.000Z', 8.15],
    ])
  })

  it('are bytes and operations per second', async () => {
    const points = await read(...quarter)
    expect(Object.fromEntries(points.map((p) => [p.metric, p.value]))).toEqual({
      cpu: 8,
      network_in_io: 100,
      network_out_io: 10,
      disk_read_io: 1,
      disk_write_io: 2,
    })
  })

  it('have memory where the agent is installed', async () => {
    const points = await read(...quarter, ['i-1', 'i-agent'])
    expect(points.filter((p) => p.metric === 'ram')).toMatchObject([{ cloudResourceId: 'i-agent', value: 61.5 }])
  })

  it('are asked in slices that CloudWatch answers, each point once', async () => {
    const before = asked()
    const points = await read('2026-11-13T00:00:00Z', '2026-11-23T00:00:00Z', ['i-1', 'i-2', 'i-off'])
    expect(points).toHaveLength(2 * 5 * 960)
    expect(new Set(points.map((p) => `${p.cloudResourceId} ${p.metric} ${p.at.getTime()}`)).size).toBe(points.length)
    expect(asked() - before).toBe(1)
    const ids = Array.from({ length: 120 }, (_, n) => `i-${n}`)
    const many = await read('2026-11-20T00:00:00Z', '2026-11-23T00:00:00Z', ids)
    expect(many).toHaveLength(120 * 5 * 288)
    expect(asked() - before).toBe(1 + 2 + 1)
  })
})

describe('metrics of other types', () => {
  it('of a database are found by the last part of its ARN', async () => {
    const arn = 'arn:aws:rds:us-east-1:111122223333:db:orders'
    const points = await read(...quarter, [arn], 'RDS Instance')
    expect(points.every((p) => p.cloudResourceId === arn)).toBe(true)
    expect(Object.fromEntries(points.map((p) => [p.metric, p.value]))).toEqual({
      cpu: 7,
      connections: 12,
      network_in_io: 2048,
      network_out_io: 1024,
      disk_read_io: 3,
      disk_write_io: 4,
    })
  })

  it('of a stream are records per second', async () => {
    const points = await read(...quarter, ['arn:aws:kinesis:us-east-1:111122223333:stream/clicks'], 'Kinesis Stream')
    expect(points.map((p) => [p.metric, p.value, p.at.toISOString()])).toEqual([
      ['incoming_records', 90, '2026-11-23T08:15:00.000Z'],
      ['outgoing_records', 45, '2026-11-23T08:15:00.000Z'],
    ])
  })

  it('of a bucket are days, stamped with their end, its storage classes added up, found beyond the first page', async () => {
    const points = await read('2026-11-20T06:00:00Z', '2026-11-22T06:00:00Z', ['logs', 'unmeasured'], 'Bucket')
    expect(points.map((p) => [p.cloudResourceId, p.metric, p.at.toISOString(), p.value])).toEqual([
      ['logs', 'bucket_size', '2026-11-21T00:00:00.000Z', 1250],
      ['logs', 'bucket_size', '2026-11-22T00:00:00.000Z', 1250],
      ['logs', 'bucket_objects', '2026-11-21T00:00:00.000Z', 3],
      ['logs', 'bucket_objects', '2026-11-22T00:00:00.000Z', 3],
    ])
  })

  it('are not asked of a type AWS does not measure for us', () => {
    expect(Object.keys(adapter.metrics!).sort()).toEqual(['Bucket', 'Instance', 'Kinesis Stream', 'RDS Instance'])
  })
})
