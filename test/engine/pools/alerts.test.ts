import { beforeEach, describe, expect, it } from 'vitest'
import type { Pool } from '../../../db/schema/pools.ts'
import type { Resource } from '../../../db/schema/resources.ts'
import { enqueue } from '../../../engine/context.ts'
import checkPoolsJob from '../../../engine/jobs/check-pools.ts'
import { checkPools } from '../../../engine/pools/alerts.ts'
import { setPoolLimit } from '../../../engine/pools/limits.ts'
import { neighbours } from '../../other-organization.ts'
import { world, type World } from '../../world.ts'

let w: World
let team: Pool
let thing: Resource
beforeEach(async () => {
  w = await world({ now: '2026-11-15T10:00:00Z' })
  team = await w.pool('Team', { monthlyLimit: '100' })
  thing = await w.resource(await w.account(), { poolId: team.id })
})
const told = async () => (await checkPools(w.job())).map(({ kind }) => kind)
const notifications = () =>
  w.database.sql`select kind, person_ids, pool_id, facts from notifications order by created_at`

describe('pool alerts', () => {
  it('say once that the forecast passes, then once that the limit is exceeded, then nothing', async () => {
    await w.spend(thing, { '2026-11-14': 70 })
    expect(await told()).toEqual(['forecast'])
    expect(await told()).toEqual([])
    await w.spend(thing, { '2026-11-15': 31 })
    expect(await told()).toEqual(['exceeded'])
    expect(await told()).toEqual([])
    expect((await notifications()).map(({ facts }) => facts)).toEqual([
      { poolId: team.id, kind: 'forecast' },
      { poolId: team.id, kind: 'exceeded' },
    ])
  })

  it('go to the default owner and the nearest managers, each once, and to the channels of the pool', async () => {
    const tom = await w.person('Tom', 'manager', team.id)
    const max = await w.person('Max', 'engineer', team.id)
    await w.database.sql`update pools set default_owner_id = ${max.id} where id = ${team.id}`
    await w.spend(thing, { '2026-11-14': 101 })
    await w.runJobs([checkPoolsJob])
    await enqueue(w.as(), 'check-pools', { orgId: w.org.id })
    expect(await w.runJobs([checkPoolsJob])).toEqual(['check-pools'])
    const [one, ...more] = await notifications()
    expect(more).toEqual([])
    expect(one).toMatchObject({ kind: 'pool-alert', person_ids: [max.id, tom.id], pool_id: team.id })
  })

  it('fall back to the organization managers where a pool has none of its own', async () => {
    await w.spend(thing, { '2026-11-14': 101 })
    await told()
    expect((await notifications())[0]!.person_ids).toEqual([w.lea.id])
  })

  it('come again at once when the pool breaks its limit after it recovered', async () => {
    await w.spend(thing, { '2026-11-14': 101 })
    expect(await told()).toEqual(['exceeded'])
    await setPoolLimit(w.as(), { poolId: team.id, monthlyLimit: 10_000 })
    w.clock.advance(3_600_000)
    expect(await told()).toEqual([])
    await setPoolLimit(w.as(), { poolId: team.id, monthlyLimit: 100 })
    w.clock.advance(3_600_000)
    expect(await told()).toEqual(['exceeded'])
    w.clock.advance(13 * 3_600_000)
    expect(await told()).toEqual([])
  })

  it('start afresh with the month', async () => {
    await w.spend(thing, { '2026-11-14': 101, '2026-12-01': 101 })
    expect(await told()).toEqual(['exceeded'])
    w.clock.set('2026-12-01T00:05:00Z')
    expect(await told()).toEqual(['exceeded'])
  })

  it('never speak of pools without a limit or of neighbours, and two runs at once tell once', async () => {
    await neighbours(w, ['2026-11-14'])
    await setPoolLimit(w.as(), { poolId: team.id, monthlyLimit: 0 })
    await w.spend(thing, { '2026-11-14': 101 })
    expect(await told()).toEqual([])
    await setPoolLimit(w.as(), { poolId: team.id, monthlyLimit: 50 })
    const both = await Promise.all([told(), told()])
    expect(both.flat()).toEqual(['exceeded'])
  })
})
