import { beforeAll, describe, expect, it } from 'vitest'
import { findResource } from '../../../db/queries/resources.ts'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import type { Person } from '../../../db/schema/organizations.ts'
import type { Pool } from '../../../db/schema/pools.ts'
import { assignResources, undoAssignment } from '../../../engine/assignment/assign.ts'
import { readPools } from '../../../engine/pools/tree.ts'
import { deletePool } from '../../../engine/pools/delete-pool.ts'
import { meanwhile } from '../../meanwhile.ts'
import { neighbours } from '../../other-organization.ts'
import { world, type World } from '../../world.ts'

let w: World
let team: Pool
let other: Pool
let account: Account
let [tom, priya, max]: Person[] = []
beforeAll(async () => {
  w = await world()
  team = await w.pool('Team')
  other = await w.pool('Other')
  account = await w.account()
  tom = await w.person('Tom', 'manager', team.id)
  priya = await w.person('Priya', 'engineer', team.id)
  max = await w.person('Max', 'engineer', team.id)
})
const mine = (more = {}) => w.resource(account, { poolId: team.id, ownerId: priya!.id, ...more })
const now = async (id: string) => (await findResource(w.database.db, { orgId: w.org.id, id }))!
const costOf = async (id: string) => (await readPools(w.as())).find((pool) => pool.id === id)!.ownCost

describe('assigning resources', () => {
  it('an engineer hands what they own to a colleague of the pool, and can take it back for thirty minutes', async () => {
    const thing = await mine({ assignedBy: 'rule' })
    const done = await assignResources(w.as(priya), { resourceIds: [thing.id], ownerId: max!.id })
    expect(done).toMatchObject({
      assigned: 1,
      undo: [{ resourceId: thing.id, ownerId: priya!.id, assignedBy: 'rule' }],
    })
    expect(await now(thing.id)).toMatchObject({ ownerId: max!.id, poolId: team.id, assignedBy: 'person', rev: 2 })
    await expect(undoAssignment(w.as(max), { resourceIds: [thing.id] })).rejects.toMatchObject({ kind: 'conflict' })
    await undoAssignment(w.as(priya), { resourceIds: [thing.id] })
    expect(await now(thing.id)).toMatchObject({ ownerId: priya!.id, assignedBy: 'rule', rev: 3 })
    await expect(undoAssignment(w.as(priya), { resourceIds: [thing.id] })).rejects.toMatchObject({ kind: 'conflict' })
  })

  it('undo is refused when the pool of before was deleted meanwhile', async () => {
    const gone = await w.pool('Gone')
    const thing = await w.resource(account, { poolId: gone.id })
    await assignResources(w.as(), { resourceIds: [thing.id], poolId: team.id })
    await deletePool(w.as(), { poolId: gone.id })
    await expect(undoAssignment(w.as(), { resourceIds: [thing.id] })).rejects.toMatchObject({ kind: 'not_found' })
    expect((await w.database.sql`select pool_id from resources where id = ${thing.id}`)[0]!.pool_id).toBe(team.id)
  })

  it('undo is refused after half an hour and after somebody else changed it', async () => {
    const [late, changed] = [await mine(), await mine()]
    await assignResources(w.as(priya), { resourceIds: [late.id, changed.id], ownerId: max!.id })
    await assignResources(w.as(tom), { resourceIds: [changed.id], ownerId: tom!.id })
    await expect(undoAssignment(w.as(priya), { resourceIds: [changed.id] })).rejects.toMatchObject({ kind: 'conflict' })
    w.clock.advance(31 * 60_000)
    await expect(undoAssignment(w.as(priya), { resourceIds: [late.id] })).rejects.toMatchObject({ kind: 'conflict' })
    expect(await now(late.id)).toMatchObject({ ownerId: max!.id })
  })

  it('moves history and this month with the resource, and back', async () => {
    const thing = await mine()
    await w.spend(thing, { '2026-11-02': '0.1', '2026-11-03': '0.2' })
    const before = await costOf(team.id)
    await assignResources(w.as(), { resourceIds: [thing.id], poolId: other.id, ownerId: null })
    expect([await costOf(team.id), await costOf(other.id)]).toEqual(['0', '0.3'])
    await undoAssignment(w.as(), { resourceIds: [thing.id] })
    expect([await costOf(team.id), await costOf(other.id)]).toEqual([before, '0'])
  })

  it('is refused for what is neither mine nor managed, into pools without a role, and to people without one: all or nothing', async () => {
    const [thing, theirs] = [await mine(), await w.resource(account, { poolId: team.id, ownerId: max!.id })]
    const forbidden = { kind: 'forbidden' }
    const [both, one] = [{ resourceIds: [thing.id, theirs.id] }, { resourceIds: [thing.id] }]
    await expect(assignResources(w.as(priya), { ...both, ownerId: max!.id })).rejects.toMatchObject(forbidden)
    await expect(assignResources(w.as(priya), { ...one, poolId: other.id, ownerId: null })).rejects.toMatchObject(
      forbidden,
    )
    await expect(assignResources(w.as(), { ...one, poolId: other.id })).rejects.toMatchObject({ kind: 'invalid' })
    await expect(
      assignResources(w.as(), { resourceIds: [thing.id, crypto.randomUUID()], ownerId: null }),
    ).rejects.toMatchObject({ kind: 'not_found' })
    await expect(assignResources(w.as(), one)).rejects.toThrow('Name a pool or an owner')
    expect(await now(thing.id)).toMatchObject({ ownerId: priya!.id, poolId: team.id, rev: 1 })
  })

  it('does not see resources, pools or people of the neighbours', async () => {
    const thing = await mine()
    const away = await neighbours(w)
    await expect(assignResources(w.as(), { resourceIds: [away.resource.id], ownerId: null })).rejects.toMatchObject({
      kind: 'not_found',
    })
    await expect(assignResources(w.as(), { resourceIds: [thing.id], poolId: away.pool.id })).rejects.toMatchObject({
      kind: 'not_found',
    })
  })

  it('keeps the sums right when two people move one resource at once', async () => {
    const thing = await mine({ ownerId: null })
    await w.spend(thing, { '2026-11-02': 7 })
    const pools = await Promise.all(['x', 'y', 'z'].map((name) => w.pool(name)))
    await Promise.all(pools.map((pool) => assignResources(w.as(), { resourceIds: [thing.id], poolId: pool.id })))
    const costs = await Promise.all(pools.map((pool) => costOf(pool.id)))
    expect(costs.toSorted()).toEqual(['0', '0', '7'])
    const { poolId } = await now(thing.id)
    expect(await costOf(poolId)).toBe('7')
  })
})

it('keeps what somebody else decided in the same moment', async () => {
  const squad = await w.pool('Squad', { parentId: team.id })
  const thing = await w.resource(account, { poolId: team.id, ownerId: priya!.id })
  await meanwhile(
    w,
    async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtextextended('spend ' || ${account.id}::text, 0))`
      await tx`update resources set owner_id = ${max!.id} where id = ${thing.id}`
    },
    { work: () => assignResources(w.as(), { resourceIds: [thing.id], poolId: squad.id }) },
  )
  expect(await now(thing.id)).toMatchObject({ poolId: squad.id, ownerId: max!.id })
})

it('asks for the right to where the resource is by then', async () => {
  const thing = await w.resource(account, { poolId: team.id, ownerId: priya!.id })
  const moved = meanwhile(
    w,
    async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtextextended('spend ' || ${account.id}::text, 0))`
      await tx`update resources set pool_id = ${other.id}, owner_id = null where id = ${thing.id}`
    },
    { work: () => assignResources(w.as(tom), { resourceIds: [thing.id], ownerId: max!.id }) },
  )
  await expect(moved).rejects.toMatchObject({ kind: 'forbidden' })
  expect(await now(thing.id)).toMatchObject({ poolId: other.id, ownerId: null })
})
