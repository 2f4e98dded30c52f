import { beforeAll, describe, expect, it } from 'vitest'
import { insertMetricPoints, listMeasuredResources, listMetricPoints } from '../../../db/queries/metrics.ts'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import type { Resource } from '../../../db/schema/resources.ts'
import type { MetricName } from '../../../db/vocabulary.ts'
import { world, type World } from '../../world.ts'

let w: World
let account: Account
let machine: Resource
const points = (metric: MetricName, values: Record<string, number>) =>
  Object.entries(values).map(([at, value]) => ({
    orgId: w.org.id,
    accountId: account.id,
    resourceId: machine.id,
    metric,
    at: new Date(at),
    value,
  }))
const window = (from: string, to: string) => ({
  orgId: w.org.id,
  accountId: account.id,
  from: new Date(from),
  to: new Date(to),
})

beforeAll(async () => {
  w = await world()
  account = await w.account()
  machine = await w.resource(account, { cloudResourceId: 'i-1' })
})

describe('metric points', () => {
  it('are stored once across months and mark their resource', async () => {
    const some = points('cpu', { '2026-10-31T23:45:00Z': 1, '2026-11-01T00:00:00Z': 2, '2026-11-01T00:15:00Z': 6 })
    expect(await insertMetricPoints(w.deps.db, some)).toBe(3)
    expect(await insertMetricPoints(w.deps.db, [...some, ...points('cpu', { '2026-11-01T00:30:00Z': 7 })])).toBe(1)
    const [row] = await w.database.sql`select has_metrics from resources where id = ${machine.id}`
    expect(row!.has_metrics).toBe(true)
    const [measured] = await listMeasuredResources(w.deps.db, {
      ...window('2026-10-01', '2026-12-01'),
      types: ['Instance'],
    })
    expect(measured).toMatchObject({ cloudResourceId: 'i-1', newestAt: new Date('2026-11-01T00:30:00Z') })
  })

  it('of a month nobody had yet are stored by many at once', async () => {
    const day = (n: number) => points('ram', { [`2025-0${1 + (n % 6)}-0${1 + (n % 9)}T00:15:00Z`]: n })
    const stored = await Promise.all(Array.from({ length: 18 }, (_, n) => insertMetricPoints(w.deps.db, day(n))))
    expect(stored.reduce((all, each) => all + each)).toBe(18)
  })

  it('of a window are those whose interval lies inside it', async () => {
    const found = await listMetricPoints(w.deps.db, {
      ...window('2026-11-01T00:00:00Z', '2026-11-01T00:30:00Z'),
      ...{ resourceId: machine.id, metrics: ['cpu'] },
    })
    expect(found).toEqual([
      { metric: 'cpu', at: new Date('2026-11-01T00:15:00Z'), value: 6 },
      { metric: 'cpu', at: new Date('2026-11-01T00:30:00Z'), value: 7 },
    ])
  })

  it('are averaged over longer steps that end where the last interval ends', async () => {
    const hours = await listMetricPoints(w.deps.db, {
      ...window('2026-10-31T23:00:00Z', '2026-11-01T01:00:00Z'),
      resourceId: machine.id,
      stepSeconds: 3600,
    })
    expect(hours.map(({ at, value }) => [at.toISOString(), value])).toEqual([
      ['2026-11-01T00:00:00.000Z', 1.5],
      ['2026-11-01T01:00:00.000Z', 6.5],
    ])
  })

  it('of another organization are not seen', async () => {
    const elsewhere = { ...window('2026-10-01', '2026-12-01'), orgId: '00000000-0000-4000-8000-000000000000' }
    expect(await listMetricPoints(w.deps.db, { ...elsewhere, resourceId: machine.id })).toEqual([])
  })
})
