import { beforeEach, describe, expect, it } from 'vitest'
import { getAccount } from '../../../db/queries/cloud-accounts.ts'
import { listDiscoveries, setNotDiscovered } from '../../../db/queries/discoveries.ts'
import { listMetricPoints } from '../../../db/queries/metrics.ts'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import { discoverAccount } from '../../../engine/ingest/discover.ts'
import { collectMetrics } from '../../../engine/ingest/collect-metrics.ts'
import collect from '../../../engine/jobs/collect-metrics.ts'
import collectDue from '../../../engine/jobs/collect-metrics-due.ts'
import { emptyRegion, type SandboxRegion } from '../../../integrations/sandbox/aws-state.ts'
import { cloudWorld } from '../cloud-world.ts'

const w = await cloudWorld()
const { aws, clock } = w
const hour = 3_600_000
const day = 24 * hour
let account: Account
let east: SandboxRegion
let west: SandboxRegion

const metric: SandboxRegion['metric'] = ({ name, start, seconds }) =>
  name === 'CPUUtilization' ? start.getUTCHours() : name === 'NetworkIn' ? 100 * seconds : seconds
const machine = (id: string) => ({ id, type: 't3.nano', state: 'running' as const, launchedAt: new Date('2026-01-01') })
const refresh = () => discoverAccount(w.job('discover'), { accountId: account.id })
const collectNow = () => collectMetrics(w.job('collect-metrics'), { accountId: account.id })
const calls = () => aws.calls.filter((call) => call.service === 'monitoring')
const points = async (id: string, metricName: 'cpu' | 'network_in_io' = 'cpu') => {
  const resourceId = (await w.inventory(account))[id]!.id
  const range = { from: new Date('2026-01-01'), to: new Date('2027-01-01') }
  return listMetricPoints(w.deps.db, { orgId: w.org.id, resourceId, metrics: [metricName], ...range })
}

beforeEach(async () => {
  clock.set('2026-11-23T10:07:00Z')
  aws.heal()
  aws.calls.splice(0)
  east = emptyRegion({ metric })
  west = emptyRegion({ metric })
  aws.state.regions = { 'us-east-1': east, 'us-west-2': west }
  account = await w.connected()
})

describe('monitoring of an account', () => {
  it('is filled back thirty days, up to the last interval that is settled', async () => {
    east.instances.push(machine('i-1'))
    await refresh()
    await collectNow()
    const cpu = await points('i-1')
    expect(cpu).toHaveLength(30 * 96 - 1)
    expect(cpu[0]).toMatchObject({ at: new Date('2026-10-24T10:15:00Z'), value: 10 })
    expect(cpu.at(-1)).toMatchObject({ at: new Date('2026-11-23T09:45:00Z'), value: 9 })
    expect((await points('i-1', 'network_in_io')).every((point) => point.value === 100)).toBe(true)
    expect((await w.inventory(account))['i-1']!.hasMetrics).toBe(true)
    expect((await getAccount(w.deps.db, { orgId: w.org.id, id: account.id })).lastMetricsAt).toEqual(clock.now())
  })

  it('forgets the failure of a region where nothing is measured any more', async () => {
    east.instances.push(machine('i-1'))
    await refresh()
    const where = { orgId: w.org.id, accountId: account.id }
    const failed = { ...where, resourceType: 'metrics', region: 'us-west-2', error: 'forbidden: not allowed' }
    await setNotDiscovered(w.deps.db, [failed], clock.now())
    await collectNow()
    const notes = await listDiscoveries(w.deps.db, where)
    expect(notes.filter(({ lastError }) => lastError !== null)).toEqual([])
  })

  it('goes on from its newest point, once two hours more are known', async () => {
    east.instances.push(machine('i-1'))
    await refresh()
    await collectNow()
    aws.calls.splice(0)
    clock.advance(hour)
    await refresh()
    await collectNow()
    expect(calls()).toHaveLength(0)
    clock.advance(hour)
    await refresh()
    await collectNow()
    expect(calls()).toHaveLength(1)
    const cpu = await points('i-1')
    expect(cpu).toHaveLength(30 * 96 - 1 + 8)
    expect(cpu.at(-1)!.at).toEqual(new Date('2026-11-23T11:45:00Z'))
  })

  it('does not ask about what was stopped all the time, again and again', async () => {
    east.instances.push({ ...machine('i-off'), state: 'stopped' })
    delete east.metric
    await refresh()
    await collectNow()
    expect(calls().length).toBeGreaterThan(0)
    aws.calls.splice(0)
    clock.advance(day)
    await refresh()
    await collectNow()
    expect(calls()).toHaveLength(0)
    expect((await w.inventory(account))['i-off']!.hasMetrics).toBe(false)
  })

  it('of one region goes on when another is throttled, which is filled in later without a gap', async () => {
    east.instances.push(machine('i-1'))
    west.instances.push(machine('i-2'))
    await refresh()
    aws.trouble({ kind: 'throttled', service: 'monitoring', region: 'us-west-2' })
    await collectNow()
    expect(await points('i-1')).toHaveLength(30 * 96 - 1)
    expect(await points('i-2')).toHaveLength(0)
    expect((await getAccount(w.deps.db, { orgId: w.org.id, id: account.id })).health).toBe('no_data_yet')
    aws.heal()
    await collectNow()
    expect(await points('i-2')).toHaveLength(30 * 96 - 1)
  })

  it('that may not be read is told once, and again readable is well', async () => {
    east.instances.push(machine('i-1'))
    await refresh()
    aws.trouble({ kind: 'refused', service: 'monitoring' })
    for (let n = 0; n < 3; n += 1) {
      await collectNow()
      await refresh()
      clock.advance(hour)
    }
    const { health, healthDetail } = await getAccount(w.deps.db, { orgId: w.org.id, id: account.id })
    expect([health, healthDetail]).toEqual(['missing_permission', expect.stringContaining('cloudwatch:GetMetricData')])
    expect(await w.database.sql`select 1 from notifications where subject_id = ${account.id}`).toHaveLength(1)
    aws.heal()
    await collectNow()
    expect((await getAccount(w.deps.db, { orgId: w.org.id, id: account.id })).health).toBe('no_data_yet')
  })

  it('is not asked again where it was answered, while another region is denied for ever', async () => {
    const counted = async (what: () => Promise<unknown>) => {
      aws.calls.splice(0)
      await what()
      return calls().map(({ region }) => region)
    }
    delete east.metric
    east.instances.push({ ...machine('i-off'), state: 'stopped' })
    west.instances.push(machine('i-2'))
    await w.resource(account, { cloudResourceId: 'clicks', type: 'Kinesis Stream', region: 'us-east-1' })
    await refresh()
    const seen = () => w.database.sql`update resources set active = true, last_seen_at = ${clock.now().toISOString()}
      where type = 'Kinesis Stream'`
    await seen()
    aws.trouble({ kind: 'denied', service: 'monitoring', region: 'us-west-2' })
    const first = await counted(collectNow)
    expect(first.filter((region) => region === 'us-east-1').length).toBeGreaterThan(20)
    clock.advance(hour)
    await refresh()
    await seen()
    expect((await counted(collectNow)).toSorted()).toEqual(['us-east-1', 'us-west-2'])
    const { health, healthDetail } = await getAccount(w.deps.db, { orgId: w.org.id, id: account.id })
    expect([health, healthDetail]).toEqual(['denied', expect.stringContaining('us-west-2')])
    // The tick asks the denied region again; a discovery does not.
    await w.database.sql`delete from pgboss.job where name = 'collect-metrics'`
    await refresh()
    expect(await w.database.sql`select 1 from pgboss.job where name = 'collect-metrics'`).toHaveLength(0)
  })

  it('of a bucket is a point a day, asked again when a day is over', async () => {
    const names = ['BucketSizeBytes', 'NumberOfObjects']
    east.series = names.map((name) => ({
      ...{ namespace: 'AWS/S3', name, dimensions: { BucketName: 'logs', StorageType: name } },
    }))
    east.metric = ({ namespace }) => (namespace === 'AWS/S3' ? 5 : null)
    const seen = () => w.database.sql`update resources set last_seen_at = ${clock.now().toISOString()}`
    const bucket = await w.resource(account, { cloudResourceId: 'logs', type: 'Bucket', region: 'us-east-1' })
    await seen()
    const stored = async () =>
      listMetricPoints(w.deps.db, {
        ...{ orgId: w.org.id, resourceId: bucket.id, metrics: ['bucket_size'] },
        ...{ from: new Date('2026-01-01'), to: new Date('2027-01-01') },
      })
    await collectNow()
    const points = await stored()
    expect(points).toHaveLength(30)
    expect(points.at(-1)).toEqual({ metric: 'bucket_size', at: new Date('2026-11-23T00:00:00Z'), value: 5 })
    aws.calls.splice(0)
    clock.advance(14 * hour)
    await seen()
    await collectNow()
    expect(calls()).toHaveLength(0)
    clock.advance(2 * hour)
    await seen()
    await collectNow()
    expect((await stored()).at(-1)!.at).toEqual(new Date('2026-11-24T00:00:00Z'))
  })

  it('of a stream without any is not filled back again and again', async () => {
    delete east.metric
    await w.resource(account, { cloudResourceId: 'clicks', type: 'Kinesis Stream', region: 'us-east-1' })
    const seen = () => w.database.sql`update resources set last_seen_at = ${clock.now().toISOString()}`
    await seen()
    await collectNow()
    expect(calls()).toHaveLength(15)
    aws.calls.splice(0)
    clock.advance(hour)
    await seen()
    await collectNow()
    expect(calls()).toHaveLength(1)
  })

  it('is read for every account by the tick, and only what is active counts', async () => {
    east.instances.push(machine('i-1'), machine('i-2'))
    await refresh()
    east.instances.pop()
    await refresh()
    await w.deps.boss.send('collect-metrics-due', {})
    await w.runJobs([collectDue, collect])
    const found = await w.database.sql`select resource_id, count(*)::int as points, avg(value) as avg, max(value) as max
      from metric_points where account_id = ${account.id} and metric = 'cpu'
      and at > '2026-11-16T00:00:00Z' and at <= '2026-11-23T00:00:00Z' group by resource_id`
    const machines = await w.inventory(account)
    expect(found).toEqual([{ resource_id: machines['i-1']!.id, points: 7 * 96, avg: 11.5, max: 23 }])
  })
})
