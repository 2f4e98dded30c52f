import { beforeAll, describe, expect, it } from 'vitest'
import { findPoolsByName, getRootPool, listPools } from '../../../db/queries/pools.ts'
import { forecastOrganization, forecastPool } from '../../../engine/forecast/pool-forecast.ts'
import { poolState, readPools } from '../../../engine/pools/tree.ts'
import { neighbours } from '../../other-organization.ts'
import { world, type World } from '../../world.ts'

let w: World
beforeAll(async () => {
  w = await world({ now: '2026-11-11T10:00:00Z' })
  const account = await w.account()
  const team = await w.pool('Team', { monthlyLimit: '100', defaultOwnerId: w.lea.id })
  const squad = await w.pool('Squad', { parentId: team.id, monthlyLimit: '1000' })
  await w.pool('archive')
  const inTeam = await w.resource(account, { poolId: team.id, constraintViolated: true })
  const inSquad = await w.resource(account, { poolId: squad.id })
  const inRoot = await w.resource(account)
  await w.spend(inTeam, { '2026-09-30': 999, '2026-10-01': 20, '2026-10-31': 11, '2026-11-01': '10.000000000001' })
  await w.spend(inSquad, { '2026-10-31': 1, '2026-11-10': 33 })
  await w.spend(inRoot, { '2026-11-11': '0.000000000000000000002', '2026-11-12': 5000 })
  await neighbours(w, ['2026-11-02'])
})

describe('pools', () => {
  it('come depth-first with their path, siblings by name whatever the case', async () => {
    const rows = await listPools(w.database.db, w.org.id)
    expect(rows.map(({ depth, path }) => [depth, path])).toEqual([
      [0, w.org.name],
      [1, 'archive'],
      [1, 'Team'],
      [2, 'Team->Squad'],
    ])
    expect(rows[0]!.createdAt).toBeInstanceOf(Date)
    expect((await getRootPool(w.database.db, w.org.id)).id).toBe(w.root.id)
  })

  it('are found by any part of the path, equal names first', async () => {
    await w.pool('Squad support')
    const find = async (text: string) =>
      (await findPoolsByName(w.database.db, { orgId: w.org.id, text })).map(({ path }) => path)
    expect(await find('SQUAD')).toEqual(['Team->Squad', 'Squad support'])
    expect(await find('team->s')).toEqual(['Team->Squad'])
    expect(await find('neighbours')).toEqual([])
    expect(await find('  ')).toEqual([])
  })

  it('sum to the root exactly: this month up to today, last month and tomorrow left out', async () => {
    const pools = await readPools(w.as())
    const costs = Object.fromEntries(pools.map(({ name, cost, ownCost }) => [name, [cost, ownCost]]))
    expect(costs).toMatchObject({
      [w.org.name]: ['43.000000000001000000002', '0.000000000000000000002'],
      Team: ['43.000000000001', '10.000000000001'],
      Squad: ['33', '33'],
      archive: ['0', '0'],
    })
  })

  it('have the forecast of their own spend plus that of their sub-pools', async () => {
    const pools = new Map((await readPools(w.as())).map((pool) => [pool.name, pool]))
    // Team itself: 41 in 41 days → 1 a day, 20 days left, 10 so far; Squad: 34 in 11 days, 33 so far.
    expect(pools.get('Squad')).toMatchObject({ forecast: '94.82' })
    expect(pools.get('Team')).toMatchObject({ forecast: '124.82', state: 'overspend', ownerName: 'Lea' })
    expect(pools.get(w.org.name)!.forecast).toBe('124.82')
    expect(await forecastOrganization(w.as())).toEqual(pools.get(w.org.name))
    expect((await forecastPool(w.as(), pools.get('Team')!.id)).passesOn).toBe('2026-11-24')
  })

  it('count violations upwards and never show those of a neighbour', async () => {
    const pools = await readPools(w.as())
    expect(Object.fromEntries(pools.map(({ name, violations }) => [name, violations]))).toMatchObject({
      [w.org.name]: 1,
      Team: 1,
      Squad: 0,
    })
    expect(pools.map(({ name }) => name)).not.toContain('Neighbours')
    await expect(forecastPool(w.as(), w.org.id)).rejects.toMatchObject({ kind: 'not_found' })
  })

  it('add up through a chain of sixty', async () => {
    const deep = await world({ now: '2026-11-11T10:00:00Z' })
    const account = await deep.account()
    let parentId = deep.root.id
    for (let depth = 1; depth <= 60; depth += 1) {
      const pool = await deep.pool(`p${depth}`, { parentId })
      await deep.spend(await deep.resource(account, { poolId: pool.id }), { '2026-11-05': 1 })
      parentId = pool.id
    }
    const pools = await readPools(deep.as())
    expect(pools.map(({ depth, cost }) => [depth, Number(cost)])).toEqual(
      Array.from({ length: 61 }, (_, depth) => [depth, depth === 0 ? 60 : 61 - depth]),
    )
  })
})

describe('the state of a pool', () => {
  it.each([
    { limit: '0', cost: '500', forecast: '900', state: 'ok' },
    { limit: '100', cost: '101', forecast: '200', state: 'exceeded' },
    { limit: '100', cost: '100', forecast: '100', state: 'warning' },
    { limit: '100', cost: '99', forecast: '100.01', state: 'overspend' },
    { limit: '100', cost: '1', forecast: '90', state: 'warning' },
    { limit: '100', cost: '1', forecast: '89.99', state: 'ok' },
  ])('is $state at limit $limit, cost $cost, forecast $forecast', ({ state, ...money }) => {
    expect(poolState(money)).toBe(state)
  })
})
