import { beforeAll, describe, expect, it } from 'vitest'
import type { Resource } from '../../../db/schema/resources.ts'
import { biggestMover, breakdown, dataThrough, otherKey, type SpendQuery } from '../../../engine/spend/breakdown.ts'
import { bucketsOf, previousRange } from '../../../engine/spend/ranges.ts'
import { topResources } from '../../../engine/spend/top.ts'
import { neighbours } from '../../other-organization.ts'
import { world, type World } from '../../world.ts'

let w: World
let ids: { team: string; squad: string; aws: string; priya: string }
let database: Resource
beforeAll(async () => {
  w = await world({ now: '2026-11-23T10:00:00Z' })
  const [aws, gcp] = [await w.account('aws', { name: 'prod' }), await w.account('gcp', { name: 'lab' })]
  const team = await w.pool('Team')
  const squad = await w.pool('Squad', { parentId: team.id })
  const priya = await w.person('Priya')
  ids = { team: team.id, squad: squad.id, aws: aws.id, priya: priya.id }
  database = await w.resource(aws, {
    name: 'db',
    type: 'RDS Instance',
    service: 'RDS',
    poolId: squad.id,
    ownerId: priya.id,
    tags: { env: 'prod' },
  })
  const web = await w.resource(aws, { name: 'web', service: 'EC2', poolId: team.id, tags: { env: 'test' } })
  const lab = await w.resource(gcp, {
    name: '',
    cloudResourceId: 'projects/x/lab',
    service: 'Compute',
    region: '',
    type: 'Instance',
  })
  await w.spend(database, { '2026-09-30': 1, '2026-10-01': 30, '2026-10-31': 10, '2026-11-20': 5, '2026-11-22': '0.1' })
  await w.spend(web, { '2026-10-15': 7, '2026-11-20': '0.2', '2026-11-22': 2 })
  await w.spend(lab, { '2026-10-20': 50, '2026-11-21': 4 })
  await neighbours(w, ['2026-10-15', '2026-11-22'])
})

const week = { from: '2026-11-17', to: '2026-11-23' }
const october = { from: '2026-10-01', to: '2026-10-31' }
const ask = (query: Partial<SpendQuery>) =>
  breakdown(w.as(), { scope: {}, groupBy: 'service', range: week, grain: 'day', ...query })
const totals = (answer: Awaited<ReturnType<typeof ask>>) =>
  Object.fromEntries(answer.groups.map(({ label, total }) => [label, Number(total)]))

describe('a spend answer', () => {
  it('adds decimal cents exactly, sorts groups by cost and gives every day of the range', async () => {
    const answer = await ask({})
    expect(answer).toMatchObject({ total: '11.3', billed: '11.3', currency: 'USD', before: null, change: null })
    expect(answer.groups.map(({ label, total, share }) => [label, total, share])).toEqual([
      ['RDS', '5.1', 45],
      ['Compute', '4', 35],
      ['EC2', '2.2', 19],
    ])
    expect(answer.series.days).toHaveLength(7)
    expect(answer.series.lines[0]).toMatchObject({ label: 'RDS', values: ['0', '0', '0', '5', '0', '0.1', '0'] })
  })

  it('is the same for a whole month from the daily and from the monthly rollup and from the facts', async () => {
    const [days, months, facts] = await Promise.all([
      ask({ range: october }),
      ask({ range: october, grain: 'month' }),
      ask({ range: october, groupBy: 'type' }),
    ])
    expect([days.total, months.total, facts.total].map(Number)).toEqual([97, 97, 97])
    expect(totals(days)).toEqual(totals(months))
    expect(months.series).toMatchObject({ days: ['2026-10-01'] })
    expect(months.series.lines[0]).toMatchObject({ label: 'Compute', values: ['50'] })
  })

  it('reads the monthly rollup for whole months and the daily one for a part', async () => {
    const { sql } = w.database
    await sql`update spend_months set effective = effective + 1000 where month = '2026-10-01' and service = 'RDS' and org_id = ${w.org.id}`
    expect(Number((await ask({ range: october, grain: 'month' })).total)).toBe(1097)
    expect(Number((await ask({ range: october, grain: 'week' })).total)).toBe(97)
    expect(Number((await ask({ range: { from: '2026-10-01', to: '2026-10-30' }, grain: 'month' })).total)).toBe(87)
    await sql`update spend_months set effective = effective - 1000 where month = '2026-10-01' and service = 'RDS' and org_id = ${w.org.id}`
  })

  it.each([
    ['pool', { Squad: 5.1, Team: 2.2, root: 4 }],
    ['owner', { Priya: 5.1, 'No owner': 6.2 }],
    ['cloud', { aws: 7.3, gcp: 4 }],
    ['account', { prod: 7.3, lab: 4 }],
    ['region', { 'eu-west-1': 7.3, 'not set': 4 }],
    ['type', { 'RDS Instance': 5.1, Instance: 6.2 }],
    ['resource', { db: 5.1, web: 2.2, 'projects/x/lab': 4 }],
    ['tag:env', { prod: 5.1, test: 2.2, 'not set': 4 }],
    ['none', { Total: 11.3 }],
  ] as const)('is grouped by %s', async (groupBy, expected) => {
    const { root, ...rest } = { root: null, ...expected } as Record<string, number | null>
    expect(totals(await ask({ groupBy }))).toEqual(root === null ? rest : { ...rest, [w.org.name]: root })
  })

  it('is limited to a pool with its sub-pools, an owner, an account, a cloud, a service, a region, a tag, a resource', async () => {
    const total = async (scope: SpendQuery['scope']) => Number((await ask({ scope })).total)
    expect(await total({ poolId: ids.team })).toBe(7.3)
    expect(await total({ poolId: ids.squad })).toBe(5.1)
    expect(await total({ ownerId: ids.priya })).toBe(5.1)
    expect(await total({ accountId: ids.aws })).toBe(7.3)
    expect(await total({ cloud: 'gcp' })).toBe(4)
    expect(await total({ service: 'EC2' })).toBe(2.2)
    expect(await total({ region: 'eu-west-1', service: 'RDS' })).toBe(5.1)
    expect(await total({ tag: { key: 'env', value: 'test' } })).toBe(2.2)
    expect(await total({ resourceId: database.id, poolId: ids.team })).toBe(5.1)
    expect(await total({ resourceId: database.id, poolId: w.root.id, cloud: 'gcp' })).toBe(0)
  })

  it('compares, names the biggest mover, and counts what is gone', async () => {
    const answer = await ask({
      range: { from: '2026-11-01', to: '2026-11-23' },
      compare: october,
      scope: { cloud: 'aws' },
    })
    expect(answer).toMatchObject({ total: '7.3', before: '47', change: -84 })
    expect(answer.groups.map(({ label, before, change }) => [label, before, change])).toEqual([
      ['RDS', '40', -87],
      ['EC2', '7', -69],
    ])
    expect(biggestMover(answer)).toMatchObject({ label: 'RDS' })
    const gone = await ask({ range: { from: '2026-11-22', to: '2026-11-22' }, compare: october, grain: 'day' })
    expect(gone.groups.at(-1)).toMatchObject({ key: otherKey, label: 'No longer there', total: '0', before: '50' })
    expect(biggestMover(await ask({}))).toBeNull()
  })

  it('folds everything behind the first into Other, in totals, series and comparison alike', async () => {
    const answer = await ask({ top: 1, compare: october })
    expect(answer.groups.map(({ key, label, total, before }) => [key, label, Number(total), before])).toEqual([
      ['RDS', 'RDS', 5.1, '40'],
      [otherKey, 'Other (2)', 6.2, '57'],
    ])
    expect(answer.series.lines[1]!.values.map(Number)).toEqual([0, 0, 0, 0.2, 4, 2, 0])
  })

  it('is empty, not broken, before there is any spend', async () => {
    const answer = await ask({ range: { from: '2020-01-01', to: '2020-01-31' }, compare: week })
    expect(answer).toMatchObject({ total: '0', billed: '0', change: -100, estimated: false })
    expect(answer.series.lines).toEqual([])
  })

  it('says through which day there is data and whether the month is still open', async () => {
    expect(await dataThrough(w.as())).toEqual(new Date('2026-11-22T00:00:00Z'))
    expect((await ask({})).estimated).toBe(true)
    expect((await ask({ range: october })).estimated).toBe(false)
  })

  it('refuses a range that is upside down or too long, and strangers', async () => {
    await expect(ask({ range: { from: '2026-11-02', to: '2026-11-01' } })).rejects.toMatchObject({ kind: 'invalid' })
    await expect(ask({ range: { from: '2020-01-01', to: '2026-11-01' } })).rejects.toMatchObject({ kind: 'invalid' })
    const stranger = { ...w.lea, id: crypto.randomUUID() }
    await expect(
      breakdown(w.as(stranger), { scope: {}, groupBy: 'none', range: week, grain: 'day' }),
    ).rejects.toMatchObject({ kind: 'forbidden' })
  })
})

describe('ranges', () => {
  it('buckets weeks from Monday and months from the first', () => {
    expect(bucketsOf({ from: '2026-11-18', to: '2026-12-01' }, 'week')).toEqual([
      '2026-11-16',
      '2026-11-23',
      '2026-11-30',
    ])
    expect(bucketsOf({ from: '2026-12-31', to: '2027-02-01' }, 'month')).toEqual([
      '2026-12-01',
      '2027-01-01',
      '2027-02-01',
    ])
  })

  it('have a stretch before of the same length, months before months', () => {
    expect(previousRange({ from: '2026-11-10', to: '2026-11-23' })).toEqual({ from: '2026-10-27', to: '2026-11-09' })
    expect(previousRange({ from: '2026-03-01', to: '2026-03-31' })).toEqual({ from: '2026-02-01', to: '2026-02-28' })
    expect(previousRange({ from: '2026-01-01', to: '2026-02-28' })).toEqual({ from: '2025-11-01', to: '2025-12-31' })
  })
})

describe('the biggest resources', () => {
  it('are listed by cost and by change, with their pool', async () => {
    const { biggest, movers } = await topResources(w.as(), {
      range: { from: '2026-11-01', to: '2026-11-30' },
      limit: 2,
    })
    expect(biggest.map(({ name, total }) => [name, Number(total)])).toEqual([
      ['db', 5.1],
      ['projects/x/lab', 4],
    ])
    expect(movers.map(({ name, before, change }) => [name, Number(before), change])).toEqual([
      ['projects/x/lab', 50, -92],
      ['db', 40, -87],
    ])
    expect(biggest[0]).toMatchObject({ poolName: 'Squad', ownerId: ids.priya })
  })
})
