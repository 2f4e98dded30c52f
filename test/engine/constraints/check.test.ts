import { beforeEach, describe, expect, it } from 'vitest'
import { listHits } from '../../../db/queries/constraint-hits.ts'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import type { Person } from '../../../db/schema/organizations.ts'
import type { Pool } from '../../../db/schema/pools.ts'
import type { Resource } from '../../../db/schema/resources.ts'
import { ownOf, restoreConstraint } from '../../../engine/constraints/constraint.ts'
import { checkConstraints } from '../../../engine/constraints/check.ts'
import { setDailyLimit } from '../../../engine/constraints/daily-limit.ts'
import { extendTtl, letGo, setTtl } from '../../../engine/constraints/ttl.ts'
import checkJob from '../../../engine/jobs/check-constraints.ts'
import dueJob from '../../../engine/jobs/check-constraints-due.ts'
import { bookEnvironment, extendBooking, releaseBooking } from '../../../engine/environments/bookings.ts'
import { markShared } from '../../../engine/environments/environment.ts'
import { enqueue } from '../../../engine/context.ts'
import { setPoolPolicy } from '../../../engine/pools/policies.ts'
import { neighbours } from '../../other-organization.ts'
import { world, type World } from '../../world.ts'

let w: World
let team: Pool
let account: Account
let [tom, priya]: Person[] = []
beforeEach(async () => {
  w = await world({ now: '2026-11-23T10:00:00Z' })
  team = await w.pool('Team')
  account = await w.account()
  tom = await w.person('Tom', 'manager', team.id)
  priya = await w.person('Priya', 'engineer', team.id)
  const { sql } = w.database
  await sql`insert into discoveries ${sql({ org_id: w.org.id, account_id: account.id, resource_type: 'Instance', region: 'x', last_discovery_at: '2026-11-23' })}`
})
const ttl = (hours: number, more = {}) => setPoolPolicy(w.as(), { poolId: team.id, type: 'ttl', limit: hours, ...more })
const daily = (limit: number, more = {}) =>
  setPoolPolicy(w.as(), { poolId: team.id, type: 'daily_expense_limit', limit, ...more })
const mine = (more: Partial<Resource> = {}) =>
  w.resource(account, { poolId: team.id, ownerId: priya!.id, firstSeenAt: new Date('2026-11-20T10:00:00Z'), ...more })
const check = () => checkConstraints(w.job())
const seen = (resource: Resource, at = w.clock.now()) =>
  w.database.sql`update resources set last_seen_at = ${at.toISOString()} where id = ${resource.id}`
const violated = async (id: string) =>
  (await w.database.sql`select constraint_violated as v from resources where id = ${id}`)[0]!.v
const states = async (id: string) =>
  (await listHits(w.database.db, { orgId: w.org.id, resourceId: id })).map(({ type, state }) => `${type} ${state}`)
const told = () =>
  w.database.sql`select kind, person_ids, facts from notifications order by created_at, kind, person_ids`

describe('a TTL', () => {
  it('is violated one second after its end, once, until it is extended', async () => {
    await ttl(72)
    const thing = await mine()
    expect(await check()).toMatchObject({ red: 0 })
    w.clock.set('2026-11-23T10:00:01Z')
    expect(await check()).toEqual({ red: 1, green: 0, ending: 0 })
    expect(await check()).toEqual({ red: 0, green: 0, ending: 0 })
    expect(await violated(thing.id)).toBe(true)
    const [hit] = await listHits(w.database.db, { orgId: w.org.id, resourceId: thing.id })
    const end = Date.parse('2026-11-23T10:00:00Z') / 1000
    expect(hit).toMatchObject({ poolId: team.id, limit: String(end), value: String(end + 1) })
    await extendTtl(w.as(priya), { resourceId: thing.id, days: 3 })
    expect(await check()).toEqual({ red: 0, green: 1, ending: 0 })
    expect(await violated(thing.id)).toBe(false)
    expect(await states(thing.id)).toEqual(['ttl GREEN', 'ttl RED'])
  })

  it('of its own switches the policy off, 0 means without end, and the hit names no pool', async () => {
    await ttl(1)
    const [endless, own] = [await mine(), await mine()]
    await setTtl(w.as(tom), { resourceId: endless.id, until: null })
    await setTtl(w.as(tom), { resourceId: own.id, until: new Date('2026-11-23T11:00:00Z') })
    expect(await check()).toMatchObject({ red: 0 })
    w.clock.set('2026-11-23T11:00:30Z')
    await Promise.all([seen(endless), seen(own)])
    expect(await check()).toMatchObject({ red: 1 })
    expect((await listHits(w.database.db, { orgId: w.org.id, resourceId: own.id }))[0]).toMatchObject({ poolId: null })
  })

  it('alerts anew when limit or pool change while it is violated', async () => {
    await ttl(2)
    const thing = await mine()
    expect(await check()).toMatchObject({ red: 1 })
    await ttl(1)
    expect(await check()).toMatchObject({ red: 1, green: 0 })
    const squad = await w.pool('Squad', { parentId: team.id })
    await setPoolPolicy(w.as(), { poolId: squad.id, type: 'ttl', limit: 1 })
    await w.database.sql`update resources set pool_id = ${squad.id} where id = ${thing.id}`
    expect(await check()).toMatchObject({ red: 1, green: 0 })
  })

  it('ends when the policy is switched off', async () => {
    await ttl(1)
    const thing = await mine()
    await check()
    await ttl(1, { active: false })
    expect(await check()).toMatchObject({ green: 1 })
    expect(await violated(thing.id)).toBe(false)
  })
})

describe('a TTL that ends while somebody holds the machine (T10)', () => {
  const at = (hour: number, minute = 0) => new Date(Date.UTC(2026, 10, 23, hour, minute))
  const later = async (thing: Resource, to: Date) => {
    w.clock.set(to)
    await seen(thing)
    return check()
  }
  /** A shared machine whose policy ends at 11:00, held by Priya from 10:00 to 12:00. */
  const held = async () => {
    await ttl(73)
    const thing = await mine()
    const { id: environmentId } = await markShared(w.as(), { resourceId: thing.id })
    const booking = await bookEnvironment(w.as(priya), { environmentId, startsAt: at(10), endsAt: at(12) })
    return { thing, environmentId, booking }
  }

  it('is violated when the booking is over, not before', async () => {
    const { thing } = await held()
    expect(await later(thing, at(11, 30))).toMatchObject({ red: 0 })
    expect(await violated(thing.id)).toBe(false)
    expect(await later(thing, at(12))).toMatchObject({ red: 1 })
    const [hit] = await listHits(w.database.db, { orgId: w.org.id, resourceId: thing.id })
    expect(hit).toMatchObject({ limit: String(at(11).getTime() / 1000), value: String(at(12).getTime() / 1000) })
    expect((await told()).filter(({ kind }) => kind === 'limit-hit')).toHaveLength(2)
  })

  it('waits for the new end of one that was extended, and no longer than one that was released', async () => {
    const { thing, booking } = await held()
    await extendBooking(w.as(priya), { bookingId: booking.id, minutes: 60 })
    expect(await later(thing, at(12, 30))).toMatchObject({ red: 0 })
    await releaseBooking(w.as(priya), { bookingId: booking.id })
    expect(await later(thing, at(12, 31))).toMatchObject({ red: 1 })
  })

  it('waits for the booking it ended in only: the next one holds nothing up, and a violation of before stays', async () => {
    const { thing, environmentId } = await held()
    await bookEnvironment(w.as(tom), { environmentId, startsAt: at(12), endsAt: at(14) })
    expect(await later(thing, at(12, 1))).toMatchObject({ red: 1 })
    expect(await later(thing, at(13))).toEqual({ red: 0, green: 0, ending: 0 })
    expect(await violated(thing.id)).toBe(true)
  })

  it('is no violation when it is extended meanwhile', async () => {
    const { thing } = await held()
    await extendTtl(w.as(priya), { resourceId: thing.id, days: 1 })
    expect(await later(thing, at(13))).toMatchObject({ red: 0, green: 0 })
  })
})

describe('a daily limit', () => {
  it('is compared with the last day that cost anything, today or yesterday, strictly', async () => {
    await daily(20)
    const [equal, over, old] = [await mine(), await mine(), await mine()]
    await w.spend(equal, { '2026-11-22': 20 })
    await w.spend(over, { '2026-11-21': 1, '2026-11-22': '20.01' })
    await w.spend(old, { '2026-11-21': 500 })
    expect(await check()).toMatchObject({ red: 1 })
    expect([await violated(equal.id), await violated(over.id), await violated(old.id)]).toEqual([false, true, false])
  })

  it('alerts once a day at most while it lasts, and ends when a day is cheap again', async () => {
    await daily(20)
    const thing = await mine()
    await w.spend(thing, { '2026-11-22': 30 })
    expect(await check()).toMatchObject({ red: 1 })
    w.clock.set('2026-11-23T23:59:00Z')
    await seen(thing)
    await w.spend(thing, { '2026-11-23': 31 })
    expect(await check()).toMatchObject({ red: 0 })
    w.clock.set('2026-11-24T00:01:00Z')
    await seen(thing)
    expect(await check()).toMatchObject({ red: 1 })
    await w.spend(thing, { '2026-11-24': 2 })
    expect(await check()).toMatchObject({ red: 0, green: 1 })
    expect(await violated(thing.id)).toBe(false)
  })

  it('may be as big as a limit can be', async () => {
    await daily(2_147_483_647)
    const thing = await mine()
    await w.spend(thing, { '2026-11-22': 2_147_483_648 })
    expect(await check()).toMatchObject({ red: 1 })
  })

  it('nobody asked for is never violated', async () => {
    const thing = await mine()
    await w.spend(thing, { '2026-11-22': 1_000_000 })
    await setDailyLimit(w.as(tom), { resourceId: thing.id, limit: 0 })
    await daily(0)
    expect(await check()).toEqual({ red: 0, green: 0, ending: 0 })
  })
})

describe('which resources are judged', () => {
  it('of a discovered account: active and seen within the hour; a mark stays while nobody looks, and goes with the resource', async () => {
    await ttl(1)
    const [thing, unseen, inactive] = [await mine(), await mine(), await mine({ active: false })]
    await seen(unseen, new Date('2026-11-23T08:59:00Z'))
    expect(await check()).toMatchObject({ red: 1 })
    expect(await states(inactive.id)).toEqual([])
    w.clock.set('2026-11-23T12:00:00Z')
    expect(await check()).toMatchObject({ red: 0, green: 0 })
    expect(await violated(thing.id)).toBe(true)
    await w.database.sql`update resources set active = false where id = ${thing.id}`
    expect(await check()).toMatchObject({ green: 1 })
    expect(await violated(thing.id)).toBe(false)
  })

  it('of an account known by its bill: charged yesterday or today; after a silent week they count as gone', async () => {
    await ttl(1)
    const bills = await w.account('focus')
    await w.database
      .sql`insert into discoveries ${w.database.sql({ org_id: w.org.id, account_id: bills.id, resource_type: 'bill', region: '', last_discovery_at: '2026-11-23' })}`
    const make = () =>
      w.resource(bills, {
        poolId: team.id,
        active: false,
        firstSeenAt: new Date('2026-11-20T10:00:00Z'),
        lastSeenAt: new Date('2026-11-22T00:00:00Z'),
      })
    const [fresh, stale] = [await make(), await make()]
    await w.spend(fresh, { '2026-11-22': 1 })
    await w.spend(stale, { '2026-11-21': 1 })
    expect(await check()).toMatchObject({ red: 1 })
    expect([await violated(fresh.id), await violated(stale.id)]).toEqual([true, false])
    w.clock.set('2026-11-29T10:00:00Z')
    expect(await check()).toMatchObject({ green: 0 })
    w.clock.set('2026-11-30T10:00:00Z')
    expect(await check()).toMatchObject({ green: 1 })
  })

  it('never those of the neighbours', async () => {
    const theirs = await neighbours(w)
    await w.database
      .sql`insert into pool_policies (org_id, pool_id, type, "limit") values (${theirs.orgId}, ${theirs.pool.id}, 'ttl', 1)`
    expect(await check()).toEqual({ red: 0, green: 0, ending: 0 })
  })
})

describe('who is told', () => {
  it('owner and nearest managers, each person once per run however many resources; without an owner the organization', async () => {
    await ttl(1)
    const [a, b] = [await mine(), await mine({ ownerId: tom!.id })]
    const orphan = await mine({ ownerId: null })
    await check()
    const rows = await told()
    const of = (person: Person) => rows.filter((row) => row.person_ids.includes(person.id))
    expect(rows.every(({ kind }) => kind === 'limit-hit')).toBe(true)
    const ids = (person: Person) =>
      of(person)[0]!
        .facts.hits.map((hit: { resourceId: string }) => hit.resourceId)
        .sort()
    expect([of(priya!).length, of(tom!).length, of(w.lea).length]).toEqual([1, 1, 1])
    expect(ids(priya!)).toEqual([a.id])
    expect(ids(tom!)).toEqual([a.id, b.id].sort())
    expect(ids(w.lea)).toEqual([orphan.id])
  })

  it('the owner a day before the end, once per end, with what a day costs', async () => {
    await ttl(95)
    const thing = await mine()
    await w.spend(thing, { '2026-11-21': 10, '2026-11-22': 18 })
    expect(await check()).toMatchObject({ red: 0, ending: 1 })
    expect(await check()).toMatchObject({ ending: 0 })
    expect(await told()).toMatchObject([
      {
        kind: 'ttl-ending',
        person_ids: [priya!.id],
        facts: { count: 1, resources: [{ id: thing.id, endsAt: '2026-11-24T09:00:00.000Z', perDay: '14' }] },
      },
    ])
    await extendTtl(w.as(priya), { resourceId: thing.id, days: 1 })
    expect(await check()).toMatchObject({ ending: 0 })
    w.clock.set('2026-11-24T10:00:00Z')
    await seen(thing)
    expect(await check()).toMatchObject({ ending: 1 })
  })

  it('nobody again about a resource that may go', async () => {
    await ttl(120)
    const thing = await mine()
    await letGo(w.as(priya), { resourceId: thing.id })
    w.clock.set('2026-11-24T11:00:00Z')
    await seen(thing)
    expect(await check()).toMatchObject({ ending: 0 })
  })

  it('nobody again about a violation whose resource may go, nor when that is taken back', async () => {
    await ttl(1)
    const thing = await mine()
    expect(await check()).toMatchObject({ red: 1 })
    const { before, after } = await letGo(w.as(priya), { resourceId: thing.id })
    expect(await check()).toMatchObject({ red: 0, green: 0 })
    const kept = { own: ownOf(before), made: ownOf(after) }
    await restoreConstraint(w.as(priya), { resourceId: thing.id, type: 'ttl', ...kept })
    expect(await check()).toMatchObject({ red: 0, green: 0 })
    expect(await told()).toHaveLength(2)
  })

  it('once when two checks run at the same time, and from the tick for organizations with constraints only', async () => {
    await ttl(1)
    await mine()
    const both = await Promise.all([check(), check()])
    expect(both.map(({ red }) => red).sort((a, b) => a - b)).toEqual([0, 1])
    await neighbours(w)
    await enqueue(w.deps, 'check-constraints-due', {})
    expect(await w.runJobs([dueJob, checkJob])).toEqual(['check-constraints-due', 'check-constraints'])
    expect(await told()).toHaveLength(2)
  })

  it('at most ten resources in full and the count of all', async () => {
    await ttl(1)
    await Promise.all(Array.from({ length: 13 }, () => mine()))
    await check()
    const [row] = (await told()).filter(({ person_ids }) => person_ids.includes(priya!.id))
    expect(row!.facts.hits).toHaveLength(10)
    expect(row!.facts.count).toBe(13)
  })
})
