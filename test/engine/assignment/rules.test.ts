import { beforeAll, describe, expect, it } from 'vitest'
import { findRule, listRules } from '../../../db/queries/assignments.ts'
import type { Person } from '../../../db/schema/organizations.ts'
import type { Pool } from '../../../db/schema/pools.ts'
import { createRule, deleteRule, moveRule, updateRule } from '../../../engine/assignment/rules.ts'
import { neighbours } from '../../other-organization.ts'
import { world, type World } from '../../world.ts'

let w: World
let team: Pool
let tom: Person
let priya: Person
beforeAll(async () => {
  w = await world()
  team = await w.pool('Team')
  tom = await w.person('Tom', 'manager', team.id)
  priya = await w.person('Priya', 'engineer', team.id)
})
const conditions = [{ kind: 'name-is', value: 'x' }]
const make = (name: string) => createRule(w.as(tom), { name, conditions, poolId: team.id, ownerId: priya.id })
const order = async () =>
  (await listRules(w.database.db, { orgId: w.org.id })).map(({ name, priority }) => `${priority} ${name}`)

describe('assignment rules', () => {
  it('come on top, move to top, up, down and bottom, stay at the edges, and close gaps', async () => {
    const [a, b, c] = [await make('a'), await make('b'), await make('c')]
    expect(c).toMatchObject({ priority: 1, active: true, createdBy: tom.id })
    expect(await order()).toEqual(['1 c', '2 b', '3 a'])
    expect(await moveRule(w.as(), { ruleId: a.id, to: 'up' })).toEqual({ before: 3, after: 2 })
    expect(await order()).toEqual(['1 c', '2 a', '3 b'])
    await moveRule(w.as(), { ruleId: c.id, to: 'down' })
    await moveRule(w.as(), { ruleId: b.id, to: 'top' })
    expect(await order()).toEqual(['1 b', '2 a', '3 c'])
    expect(await moveRule(w.as(), { ruleId: b.id, to: 'up' })).toEqual({ before: 1, after: 1 })
    await moveRule(w.as(), { ruleId: b.id, to: 'bottom' })
    expect(await moveRule(w.as(), { ruleId: b.id, to: 'down' })).toEqual({ before: 3, after: 3 })
    await deleteRule(w.as(tom), { ruleId: a.id })
    expect(await order()).toEqual(['1 c', '2 b'])
    await deleteRule(w.as(tom), { ruleId: b.id })
    await deleteRule(w.as(tom), { ruleId: c.id })
  })

  it('keep their numbers without gaps when twelve are made and three moved at once', async () => {
    const made = await Promise.all(Array.from({ length: 12 }, (_, n) => make(`rule ${n}`)))
    await Promise.all(made.slice(0, 3).map((rule) => moveRule(w.as(), { ruleId: rule.id, to: 'top' })))
    await Promise.all([deleteRule(w.as(), { ruleId: made[5]!.id }), make('one more')])
    const rules = await listRules(w.database.db, { orgId: w.org.id })
    expect(rules.map(({ priority }) => priority)).toEqual(Array.from({ length: 12 }, (_, n) => n + 1))
  })

  it('need the right on their pool; their order is for organization managers', async () => {
    const rule = await make('mine')
    const forbidden = { kind: 'forbidden' }
    await expect(createRule(w.as(priya), { name: 'p', conditions, poolId: team.id })).rejects.toMatchObject(forbidden)
    await expect(createRule(w.as(tom), { name: 'r', conditions, poolId: w.root.id })).rejects.toMatchObject(forbidden)
    await expect(moveRule(w.as(tom), { ruleId: rule.id, to: 'bottom' })).rejects.toMatchObject(forbidden)
    await expect(updateRule(w.as(tom), { ruleId: rule.id, poolId: w.root.id })).rejects.toMatchObject(forbidden)
    await expect(deleteRule(w.as(priya), { ruleId: rule.id })).rejects.toMatchObject(forbidden)
  })

  it('refuse a taken name, an owner without a role in the pool, and a pool of the neighbours', async () => {
    await expect(make('mine')).rejects.toMatchObject({ kind: 'conflict', detail: { field: 'name' } })
    const root = { name: 'owner', conditions, poolId: w.root.id, ownerId: priya.id }
    await expect(createRule(w.as(), root)).rejects.toMatchObject({ kind: 'invalid', detail: { field: 'ownerId' } })
    const theirs = await neighbours(w)
    await expect(createRule(w.as(), { name: 'n', conditions, poolId: theirs.pool.id })).rejects.toMatchObject({
      kind: 'not_found',
    })
    await expect(createRule(w.as(), { name: 'empty', conditions: [], poolId: team.id })).rejects.toThrow('conditions')
  })

  it('change only what is given', async () => {
    const rule = await make('before')
    await updateRule(w.as(tom), { ruleId: rule.id, name: 'after', conditions: [{ kind: 'tag-exists', key: 'env' }] })
    await updateRule(w.as(tom), { ruleId: rule.id, active: false })
    expect(await findRule(w.database.db, { orgId: w.org.id, id: rule.id })).toMatchObject({
      name: 'after',
      active: false,
      ownerId: priya.id,
      conditions: [{ kind: 'tag-exists', key: 'env', value: '' }],
    })
  })
})
