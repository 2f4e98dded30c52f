import { beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import type { Person } from '../../../db/schema/organizations.ts'
import type { Pool } from '../../../db/schema/pools.ts'
import {
  ownOf,
  readConstraint,
  restoreConstraint,
  type ConstraintChange,
} from '../../../engine/constraints/constraint.ts'
import { followPolicy, setDailyLimit } from '../../../engine/constraints/daily-limit.ts'
import { extendTtl, letGo, setTtl } from '../../../engine/constraints/ttl.ts'
import { setPoolPolicy } from '../../../engine/pools/policies.ts'
import { neighbours } from '../../other-organization.ts'
import { world, type World } from '../../world.ts'

let w: World
let team: Pool
let account: Account
let [tom, priya]: Person[] = []
beforeAll(async () => {
  w = await world({ now: '2026-11-23T10:00:00Z' })
  team = await w.pool('Team')
  account = await w.account()
  tom = await w.person('Tom', 'manager', team.id)
  priya = await w.person('Priya', 'engineer', team.id)
  await setPoolPolicy(w.as(), { poolId: team.id, type: 'ttl', limit: 72 })
  await setPoolPolicy(w.as(), { poolId: team.id, type: 'daily_expense_limit', limit: 20 })
})
const mine = (more = {}) =>
  w.resource(account, {
    poolId: team.id,
    ownerId: priya!.id,
    firstSeenAt: new Date('2026-11-22T10:00:00.500Z'),
    ...more,
  })
const ttlOf = async (resourceId: string) => readConstraint(w.as(), { resourceId, type: 'ttl' })
const limitOf = async (resourceId: string) => readConstraint(w.as(), { resourceId, type: 'daily_expense_limit' })
/** What the receipt of a change keeps for taking it back. */
const kept = ({ before, after }: ConstraintChange) => ({ own: ownOf(before), made: ownOf(after) })
const forbidden = { kind: 'forbidden' }

describe('a TTL', () => {
  it('comes from the policy of the pool, counted from the first sight, unless the resource has its own', async () => {
    const thing = await mine()
    expect(await ttlOf(thing.id)).toMatchObject({
      source: 'policy',
      policy: '72',
      endsAt: new Date('2026-11-25T10:00:00Z'),
    })
    const { before, after } = await setTtl(w.as(priya), {
      resourceId: thing.id,
      until: new Date('2026-12-01T09:00:00.999Z'),
    })
    expect(before).toMatchObject({ source: 'policy' })
    expect(after).toMatchObject({ source: 'own', endsAt: new Date('2026-12-01T09:00:00Z'), setBy: priya!.id })
    await followPolicy(w.as(priya), { resourceId: thing.id, type: 'ttl' })
    expect(await ttlOf(thing.id)).toMatchObject({ source: 'policy' })
    expect((await w.database.sql`select rev from resources where id = ${thing.id}`)[0]!.rev).toBe(3)
  })

  it('is not inherited by sub-pools and not there when the policy is off', async () => {
    const squad = await w.pool('Squad', { parentId: team.id })
    expect(await ttlOf((await mine({ poolId: squad.id })).id)).toMatchObject({
      source: null,
      limit: null,
      endsAt: null,
    })
    await setPoolPolicy(w.as(), { poolId: squad.id, type: 'ttl', limit: 5, active: false })
    expect(await ttlOf((await mine({ poolId: squad.id })).id)).toMatchObject({ source: null })
  })

  it('is extended from its end, or from now when it is over', async () => {
    const thing = await mine()
    const { after } = await extendTtl(w.as(priya), { resourceId: thing.id, days: 3 })
    expect(after.endsAt).toEqual(new Date('2026-11-28T10:00:00Z'))
    const over = await mine({ firstSeenAt: new Date('2026-10-01T00:00:00Z') })
    const extended = await extendTtl(w.as(priya), { resourceId: over.id, days: 1 })
    expect(extended.after.endsAt).toEqual(new Date('2026-11-24T10:00:00Z'))
    const endless = await w.resource(account, { ownerId: priya!.id })
    await expect(extendTtl(w.as(priya), { resourceId: endless.id, days: 1 })).rejects.toMatchObject({ kind: 'invalid' })
  })

  it('of an engineer ends within 720 hours; a manager goes beyond and takes it away', async () => {
    const thing = await mine()
    const set = (person: Person, until: string | null) =>
      setTtl(w.as(person), { resourceId: thing.id, until: until ? new Date(until) : null })
    expect((await set(priya!, '2026-12-23T10:00:00Z')).after.endsAt).toEqual(new Date('2026-12-23T10:00:00Z'))
    await expect(set(priya!, '2026-12-23T10:00:01Z')).rejects.toMatchObject(forbidden)
    await expect(set(priya!, null)).rejects.toMatchObject({ kind: 'forbidden', detail: { next: 'Ask Tom or Lea.' } })
    expect((await set(tom!, '2027-06-01T00:00:00Z')).after.source).toBe('own')
    expect((await set(tom!, null)).after).toMatchObject({ source: 'own', limit: '0', endsAt: null })
    await expect(set(tom!, '2026-11-23T10:00:00Z')).rejects.toMatchObject({
      kind: 'invalid',
      detail: { field: 'until' },
    })
    await expect(set(tom!, '2031-11-24T10:00:00Z')).rejects.toMatchObject({ kind: 'invalid' })
    const free = await w.resource(account, { ownerId: priya!.id })
    expect((await setTtl(w.as(priya), { resourceId: free.id, until: null })).after.limit).toBe('0')
  })

  it('is refused on what is not mine, what is gone, and what the neighbours own', async () => {
    const other = await mine({ ownerId: tom!.id })
    await expect(extendTtl(w.as(priya), { resourceId: other.id, days: 1 })).rejects.toMatchObject(forbidden)
    const seen = await w.account()
    await w.database
      .sql`insert into discoveries ${w.database.sql({ org_id: w.org.id, account_id: seen.id, resource_type: 'Instance', region: 'x', last_discovery_at: '2026-11-23' })}`
    const gone = await w.resource(seen, { active: false, ownerId: priya!.id })
    const until = new Date('2026-11-25T10:00:00Z')
    await expect(setTtl(w.as(priya), { resourceId: gone.id, until })).rejects.toMatchObject({ kind: 'conflict' })
    const theirs = await neighbours(w)
    await expect(setTtl(w.as(), { resourceId: theirs.resource.id, until })).rejects.toMatchObject({ kind: 'not_found' })
  })

  it('stays as it is when the resource may go, and the decision can be taken back by its maker only', async () => {
    const thing = await mine()
    const change = await letGo(w.as(priya), { resourceId: thing.id })
    const { endsAt } = change.before
    expect(await ttlOf(thing.id)).toMatchObject({ source: 'own', endsAt })
    const back = { resourceId: thing.id, type: 'ttl' as const, ...kept(change) }
    await expect(restoreConstraint(w.as(tom), back)).rejects.toMatchObject({ kind: 'conflict' })
    expect((await restoreConstraint(w.as(priya), back)).after).toMatchObject({ source: 'policy' })
    const [event] = await w.database.sql`select after from events where name = 'resource.let-go'`
    expect(event!.after).toMatchObject({ limit: String(endsAt!.getTime() / 1000) })
  })

  it('that a manager set comes back under their name when an engineer undoes an extension', async () => {
    const thing = await mine()
    await setTtl(w.as(tom), { resourceId: thing.id, until: new Date('2026-11-24T10:00:00Z') })
    const change = await extendTtl(w.as(priya), { resourceId: thing.id, days: 7 })
    await restoreConstraint(w.as(priya), { resourceId: thing.id, type: 'ttl', ...kept(change) })
    expect(await ttlOf(thing.id)).toMatchObject({ setBy: tom!.id, endsAt: new Date('2026-11-24T10:00:00Z') })
  })

  it('that a manager set is extended by an engineer, but not taken away, not by way of an extension either', async () => {
    const loose = await w.pool('Endless', { parentId: (await w.pool('No policy')).id })
    const thing = await mine({ poolId: loose.id })
    await setTtl(w.as(), { resourceId: thing.id, until: new Date('2026-11-24T10:00:00Z') })
    const never = () => setTtl(w.as(priya), { resourceId: thing.id, until: null })
    await expect(never()).rejects.toMatchObject(forbidden)
    const change = await extendTtl(w.as(priya), { resourceId: thing.id, days: 1 })
    await expect(never()).rejects.toMatchObject(forbidden)
    await expect(followPolicy(w.as(priya), { resourceId: thing.id, type: 'ttl' })).rejects.toMatchObject(forbidden)
    await restoreConstraint(w.as(priya), { resourceId: thing.id, type: 'ttl', ...kept(change) })
    expect(await ttlOf(thing.id)).toMatchObject({ endsAt: new Date('2026-11-24T10:00:00Z') })
  })

  it('that was set again since is not taken back by the undo of an earlier change, not even by the same person', async () => {
    const thing = await mine()
    const first = await extendTtl(w.as(priya), { resourceId: thing.id, days: 1 })
    const second = await extendTtl(w.as(priya), { resourceId: thing.id, days: 7 })
    const undo = (change: ConstraintChange) =>
      restoreConstraint(w.as(priya), { resourceId: thing.id, type: 'ttl', ...kept(change) })
    await expect(undo(first)).rejects.toMatchObject({ kind: 'conflict' })
    expect(await ttlOf(thing.id)).toMatchObject({ endsAt: second.after.endsAt })
    expect((await undo(second)).after).toMatchObject({ endsAt: first.after.endsAt })
    expect((await undo(first)).after).toMatchObject({ source: 'policy' })
  })

  it('extended by two at once is extended by both', async () => {
    const thing = await mine()
    const { endsAt } = await ttlOf(thing.id)
    await Promise.all([1, 1].map((days) => extendTtl(w.as(priya), { resourceId: thing.id, days })))
    expect((await ttlOf(thing.id)).endsAt!.getTime() - endsAt!.getTime()).toBeCloseTo(2 * 86_400_000, -4)
  })
})

describe('a daily limit', () => {
  it('is lowered by an engineer, and raised above the policy by a manager only', async () => {
    const thing = await mine()
    const set = (person: Person, limit: number | null) => setDailyLimit(w.as(person), { resourceId: thing.id, limit })
    expect((await set(priya!, 5)).after).toMatchObject({ source: 'own', limit: '5', policy: '20' })
    expect((await set(priya!, 20)).after.limit).toBe('20')
    for (const limit of [21, 0, null]) await expect(set(priya!, limit)).rejects.toMatchObject(forbidden)
    expect((await set(tom!, null)).after.limit).toBe('0')
    for (const limit of [-1, 1.5]) await expect(set(tom!, limit)).rejects.toThrow('limit')
  })

  it('without a policy is free, but what a manager set is not raised or removed by an engineer', async () => {
    const loose = await w.pool('Loose', { parentId: team.id })
    const thing = await mine({ poolId: loose.id })
    await setDailyLimit(w.as(priya), { resourceId: thing.id, limit: 5 })
    expect((await setDailyLimit(w.as(priya), { resourceId: thing.id, limit: 50 })).after.limit).toBe('50')
    await setDailyLimit(w.as(tom), { resourceId: thing.id, limit: 10 })
    await expect(setDailyLimit(w.as(priya), { resourceId: thing.id, limit: 11 })).rejects.toMatchObject(forbidden)
    await expect(
      followPolicy(w.as(priya), { resourceId: thing.id, type: 'daily_expense_limit' }),
    ).rejects.toMatchObject(forbidden)
    expect((await setDailyLimit(w.as(priya), { resourceId: thing.id, limit: 9 })).after.limit).toBe('9')
    await expect(setDailyLimit(w.as(priya), { resourceId: thing.id, limit: 500 })).rejects.toMatchObject(forbidden)
    await expect(setDailyLimit(w.as(priya), { resourceId: thing.id, limit: null })).rejects.toMatchObject(forbidden)
    await followPolicy(w.as(tom), { resourceId: thing.id, type: 'daily_expense_limit' })
    expect(await limitOf(thing.id)).toMatchObject({ source: null, limit: null })
  })

  it('that a manager set below the policy is not raised by an engineer, not up to the policy either', async () => {
    const thing = await mine()
    await setDailyLimit(w.as(tom), { resourceId: thing.id, limit: 10 })
    await expect(setDailyLimit(w.as(priya), { resourceId: thing.id, limit: 15 })).rejects.toMatchObject(forbidden)
    expect((await setDailyLimit(w.as(priya), { resourceId: thing.id, limit: 9 })).after.limit).toBe('9')
  })

  it('comes back when going back to the policy is undone', async () => {
    const [thing, type] = [await mine(), 'daily_expense_limit' as const]
    await setDailyLimit(w.as(priya), { resourceId: thing.id, limit: 9 })
    const change = await followPolicy(w.as(priya), { resourceId: thing.id, type })
    const { after } = await restoreConstraint(w.as(priya), { resourceId: thing.id, type, ...kept(change) })
    expect(after).toMatchObject({ source: 'own', limit: '9' })
  })
})
