import { describe, expect, it } from 'vitest'
import { emptyRegion } from '../../../integrations/sandbox/aws-state.ts'
import { all, awsWorld, credentials } from './aws-world.ts'

const perMinute: Record<string, number> = { NetworkIn: 6000, NetworkOut: 600, DiskReadOps: 60, DiskWriteOps: 120 }
const { aws, adapter } = await awsWorld({
  regions: {
    'us-east-1': emptyRegion({
      metric: ({ instanceId, name, seconds, start }) => {
        if (instanceId === 'i-off') return null
        return name === 'CPUUtilization'
          ? start.getUTCHours() + start.getUTCMinutes() / 100
          : perMinute[name]! * (seconds / 60)
      },
    }),
  },
})
const read = (from: string, to: string, cloudResourceIds = ['i-1']) =>
  all(adapter.metrics!(credentials, { region: 'us-east-1', cloudResourceIds, from: new Date(from), to: new Date(to) }))

describe('metrics of AWS', () => {
  it('are stamped with the end of their interval', async () => {
    const points = await read('2026-11-23T08:00:00Z', '2026-11-23T08:35:00Z')
    expect(points.filter((p) => p.metric === 'cpu').map((p) => [p.at.toISOString(), p.value])).toEqual([
      ['2026-11-23T08:15:00.000Z', 8],
      ['2026-11-23T08:30:00.000Z', 8.15],
    ])
  })

  it('are bytes and operations per second', async () => {
    const points = await read('2026-11-23T08:00:00Z', '2026-11-23T08:15:00Z')
    expect(Object.fromEntries(points.map((p) => [p.metric, p.value]))).toEqual({
      cpu: 8,
      network_in_io: 100,
      network_out_io: 10,
      disk_read_io: 1,
      disk_write_io: 2,
    })
  })

  it('are asked in slices that CloudWatch answers, each point once', async () => {
    const before = aws.calls.length
    const points = await read('2026-11-13T00:00:00Z', '2026-11-23T00:00:00Z', ['i-1', 'i-2', 'i-off'])
    expect(points).toHaveLength(2 * 5 * 960)
    expect(new Set(points.map((p) => `${p.cloudResourceId} ${p.metric} ${p.at.getTime()}`)).size).toBe(points.length)
    expect(aws.calls.length - before).toBe(1)
    const ids = Array.from({ length: 120 }, (_, n) => `i-${n}`)
    const many = await read('2026-11-20T00:00:00Z', '2026-11-23T00:00:00Z', ids)
    expect(many).toHaveLength(120 * 5 * 288)
    expect(aws.calls.length - before).toBe(1 + 2 + 1)
  })
})
