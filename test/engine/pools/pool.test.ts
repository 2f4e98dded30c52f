import { beforeAll, describe, expect, it } from 'vitest'
import { findPool, listPoolPolicies, listPools } from '../../../db/queries/pools.ts'
import { listEvents } from '../../../db/queries/events.ts'
import type { Pool } from '../../../db/schema/pools.ts'
import type { Person } from '../../../db/schema/organizations.ts'
import { createRule } from '../../../engine/assignment/rules.ts'
import { deletePool } from '../../../engine/pools/delete-pool.ts'
import { setPoolLimit } from '../../../engine/pools/limits.ts'
import { setPoolPolicy } from '../../../engine/pools/policies.ts'
import { createPool, updatePool } from '../../../engine/pools/pool.ts'
import { readPools } from '../../../engine/pools/tree.ts'
import { neighbours } from '../../other-organization.ts'
import { world, type World } from '../../world.ts'

let w: World
let team: Pool
let tom: Person
let priya: Person
beforeAll(async () => {
  w = await world()
  team = await w.pool('Team', { monthlyLimit: '100' })
  tom = await w.person('Tom', 'manager', team.id)
  priya = await w.person('Priya', 'engineer', team.id)
})
const limitOf = async (id: string) => Number((await findPool(w.database.db, { orgId: w.org.id, id }))!.monthlyLimit)

describe('a new pool', () => {
  it('belongs to its maker, and is refused to an engineer and outside the tree of a pool manager', async () => {
    const made = await createPool(w.as(tom), { parentId: team.id, name: ' Squad ', monthlyLimit: 40, purpose: 'team' })
    expect(made).toMatchObject({ name: 'Squad', monthlyLimit: '40', purpose: 'team', defaultOwnerId: tom.id, rev: 1 })
    const [event] = await listEvents(w.database.db, { orgId: w.org.id, subject: { kind: 'pool', id: made.id } })
    expect(event).toMatchObject({ name: 'pool.created', personId: tom.id, after: { name: 'Squad' } })
    await expect(createPool(w.as(priya), { parentId: team.id, name: 'x' })).rejects.toMatchObject({ kind: 'forbidden' })
    await expect(createPool(w.as(tom), { parentId: w.root.id, name: 'x' })).rejects.toMatchObject({ kind: 'forbidden' })
  })

  it('cannot share its name with a sibling, nor have an owner without a role there', async () => {
    await expect(createPool(w.as(), { parentId: team.id, name: 'Squad' })).rejects.toMatchObject({
      kind: 'conflict',
      detail: { field: 'name' },
    })
    const other = await w.pool('Other')
    const owned = { parentId: other.id, name: 'y', defaultOwnerId: priya.id }
    await expect(createPool(w.as(), owned)).rejects.toMatchObject({ kind: 'invalid', detail: { field: 'ownerId' } })
    const theirs = await neighbours(w)
    await expect(createPool(w.as(), { parentId: theirs.pool.id, name: 'z' })).rejects.toMatchObject({
      kind: 'not_found',
    })
  })
})

describe('limits', () => {
  it('of siblings fit into their parent, or raise it with everything above', async () => {
    const top = await createPool(w.as(), { parentId: w.root.id, name: 'Top', monthlyLimit: 100 })
    const middle = await createPool(w.as(), { parentId: top.id, name: 'Middle', monthlyLimit: 90 })
    const leaf = await createPool(w.as(), { parentId: middle.id, name: 'Leaf', monthlyLimit: 80 })
    await createPool(w.as(), { parentId: middle.id, name: 'Leaf 2', monthlyLimit: 10 })
    await expect(setPoolLimit(w.as(), { poolId: leaf.id, monthlyLimit: 81 })).rejects.toMatchObject({
      kind: 'invalid',
      message: 'Middle has 80 of its 90 left, less than 81. Nothing was changed.',
    })
    const set = await setPoolLimit(w.as(), { poolId: leaf.id, monthlyLimit: 120, extendParents: true })
    expect(set).toEqual({
      ...{ before: 80, after: 120 },
      raised: [
        { poolId: middle.id, before: 90, after: 130 },
        { poolId: top.id, before: 100, after: 130 },
      ],
    })
    expect([await limitOf(leaf.id), await limitOf(middle.id), await limitOf(top.id)]).toEqual([120, 130, 130])
    expect(await limitOf(w.root.id)).toBe(0)
    await expect(setPoolLimit(w.as(), { poolId: middle.id, monthlyLimit: 129 })).rejects.toMatchObject({
      kind: 'invalid',
    })
    await setPoolLimit(w.as(), { poolId: middle.id, monthlyLimit: 0 })
    expect(await limitOf(middle.id)).toBe(0)
  })

  it('above the own tree are not raised by a pool manager, and nothing changes when that is refused', async () => {
    await setPoolLimit(w.as(), { poolId: w.root.id, monthlyLimit: 1000 })
    await expect(
      setPoolLimit(w.as(tom), { poolId: team.id, monthlyLimit: 5000, extendParents: true }),
    ).rejects.toMatchObject({ kind: 'forbidden' })
    expect([await limitOf(team.id), await limitOf(w.root.id)]).toEqual([100, 1000])
    await setPoolLimit(w.as(), { poolId: w.root.id, monthlyLimit: 0 })
  })

  it('stay together when two children are set at once', async () => {
    const tight = await w.pool('Tight', { monthlyLimit: '100' })
    const [a, b] = [await w.pool('a', { parentId: tight.id }), await w.pool('b', { parentId: tight.id })]
    const both = await Promise.allSettled(
      [a, b].map((pool) => setPoolLimit(w.as(), { poolId: pool.id, monthlyLimit: 60 })),
    )
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await limitOf(a.id)) + (await limitOf(b.id))).toBe(60)
  })

  it('are whole numbers from 0 to what fits 31 bits', async () => {
    for (const monthlyLimit of [-1, 1.5, 2 ** 31]) {
      await expect(setPoolLimit(w.as(), { poolId: team.id, monthlyLimit })).rejects.toThrow('monthlyLimit')
    }
  })
})

describe('changing a pool', () => {
  it('counts its revision up, and leaves name and purpose of the root alone', async () => {
    const pool = await w.pool('Before')
    const after = await updatePool(w.as(), { poolId: pool.id, name: 'After', defaultOwnerId: null })
    expect(after).toMatchObject({ name: 'After', rev: 2, purpose: 'budget' })
    await expect(updatePool(w.as(), { poolId: pool.id, name: 'Team' })).rejects.toMatchObject({ kind: 'conflict' })
    await expect(updatePool(w.as(), { poolId: w.root.id, name: 'x' })).rejects.toMatchObject({ kind: 'invalid' })
    expect(await updatePool(w.as(), { poolId: w.root.id, defaultOwnerId: w.lea.id })).toMatchObject({
      defaultOwnerId: w.lea.id,
    })
  })

  it('sets one policy per type, TTL between 1 and 720 hours', async () => {
    await setPoolPolicy(w.as(tom), { poolId: team.id, type: 'ttl', limit: 48 })
    await setPoolPolicy(w.as(tom), { poolId: team.id, type: 'ttl', limit: 720, active: false })
    await setPoolPolicy(w.as(tom), { poolId: team.id, type: 'daily_expense_limit', limit: 0 })
    const policies = await listPoolPolicies(w.database.db, { orgId: w.org.id, poolId: team.id })
    expect(policies.map(({ type, limit, active }) => [type, limit, active])).toEqual([
      ['daily_expense_limit', '0', true],
      ['ttl', '720', false],
    ])
    for (const limit of [0, 721])
      await expect(setPoolPolicy(w.as(tom), { poolId: team.id, type: 'ttl', limit })).rejects.toMatchObject({
        kind: 'invalid',
      })
    await expect(setPoolPolicy(w.as(priya), { poolId: team.id, type: 'ttl', limit: 5 })).rejects.toMatchObject({
      kind: 'forbidden',
    })
  })
})

describe('deleting a pool', () => {
  it('moves resources with their spend to the parent, rules to the root, and gives orphans the default owner', async () => {
    const parent = await w.pool('Parent', { defaultOwnerId: w.lea.id })
    const pool = await w.pool('Doomed', { parentId: parent.id })
    const max = await w.person('Max', 'engineer', pool.id)
    const account = await w.account('aws', { poolId: pool.id })
    const owned = await w.resource(account, { poolId: pool.id, ownerId: max.id })
    const free = await w.resource(account, { poolId: pool.id })
    await w.spend(owned, { '2026-11-01': '1.1', '2026-11-02': '2.2' })
    await w.spend(free, { '2026-10-02': 5 })
    const { sql } = w.database
    const rule = { org_id: w.org.id, pool_id: pool.id, conditions: '[]' }
    await sql`insert into rules ${sql([
      { ...rule, name: 'r', priority: 1, owner_id: max.id },
      { ...rule, name: 'mine', priority: 2, owner_id: w.lea.id },
    ])}`
    const total = async () => (await readPools(w.as()))[0]!.cost
    const before = await total()
    expect(await deletePool(w.as(), { poolId: pool.id })).toEqual({ parentId: parent.id, resources: 2, rules: 2 })
    const rows =
      await sql`select id, pool_id, owner_id from resources where account_id = ${account.id} order by created_at`
    expect(rows.map(({ pool_id, owner_id }) => [pool_id, owner_id])).toEqual([
      [parent.id, w.lea.id],
      [parent.id, null],
    ])
    expect(await sql`select pool_id, owner_id from rules where name in ('r', 'mine') order by priority`).toEqual([
      { pool_id: w.root.id, owner_id: null },
      { pool_id: w.root.id, owner_id: w.lea.id },
    ])
    expect((await sql`select pool_id from accounts where id = ${account.id}`)[0]!.pool_id).toBe(parent.id)
    expect(await sql`select 1 from memberships where pool_id = ${pool.id}`).toHaveLength(0)
    expect((await readPools(w.as())).find(({ id }) => id === parent.id)).toMatchObject({ ownCost: '3.3' })
    expect(await total()).toBe(before)
    expect(await sql`select 1 from spend_days where pool_id = ${pool.id}`).toHaveLength(0)
  })

  it('waits for a bill that puts resources into it, and takes a rule along that is made at the same time', async () => {
    const pool = await w.pool('Busy')
    const account = await w.account('aws', { poolId: pool.id })
    const { sql } = w.database
    const [storing, stored] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const bill = sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtextextended('spend ' || ${account.id}, 0))`
      await tx`insert into resources (org_id, account_id, cloud_resource_id, pool_id, first_seen_at, last_seen_at)
        values (${w.org.id}, ${account.id}, 'i-late', ${pool.id}, now(), now())`
      storing.resolve()
      await stored.promise
    })
    await storing.promise
    const deleted = deletePool(w.as(), { poolId: pool.id })
    await new Promise((done) => setTimeout(done, 200))
    stored.resolve()
    await bill
    expect(await deleted).toMatchObject({ resources: 1 })
    const [late] = await sql`select pool_id from resources where cloud_resource_id = 'i-late'`
    expect(late!.pool_id).toBe(w.root.id)
    const doomed = await w.pool('Doomed too')
    const conditions = [{ kind: 'tag-exists', key: 'x' }]
    await Promise.allSettled([
      createRule(w.as(), { name: 'racing', conditions, poolId: doomed.id }),
      deletePool(w.as(), { poolId: doomed.id }),
    ])
    const orphans = await sql`select 1 from rules r where not exists (select from pools p where p.id = r.pool_id)`
    expect(orphans).toHaveLength(0)
  })

  it('is refused for the root, for a pool with sub-pools, and for people without the right', async () => {
    await expect(deletePool(w.as(), { poolId: w.root.id })).rejects.toMatchObject({ kind: 'invalid' })
    await expect(deletePool(w.as(), { poolId: team.id })).rejects.toMatchObject({ kind: 'conflict' })
    await expect(deletePool(w.as(priya), { poolId: team.id })).rejects.toMatchObject({ kind: 'forbidden' })
    expect((await listPools(w.database.db, w.org.id)).map(({ name }) => name)).toContain('Team')
  })
})
