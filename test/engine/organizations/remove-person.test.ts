/** Somebody is removed: what they own goes to an heir in one transaction, and everybody concerned hears it. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { upsertLink } from '../../../db/queries/slack-links.ts'
import { listPeople } from '../../../db/queries/organizations.ts'
import type { Person } from '../../../db/schema/organizations.ts'
import type { Pool } from '../../../db/schema/pools.ts'
import { createRule } from '../../../engine/assignment/rules.ts'
import { bookEnvironment } from '../../../engine/environments/bookings.ts'
import { createEnvironment } from '../../../engine/environments/environment.ts'
import { addPerson, giveRole } from '../../../engine/organizations/members.ts'
import { readRemoval, removePerson, sayEstate, sayInheritance } from '../../../engine/organizations/remove-person.ts'
import { makeSignInLink } from '../../../engine/organizations/sign-in.ts'
import { hourMs } from '../../../engine/time.ts'
import { world, type World } from '../../world.ts'

let w: World
let pool: Pool
let tom: Person
let max: Person
let n = 0

beforeAll(async () => {
  w = await world()
  pool = await w.pool('Payments')
})
/** Max owns one of everything; Tom manages the organization beside Lea. */
beforeEach(async () => {
  const { sql } = w.database
  await sql`delete from notifications`
  await sql`delete from environments`
  await sql`delete from rules`
  await sql`delete from memberships where person_id <> ${w.lea.id}`
  n += 1
  tom = await w.person(`Tom${n}`, 'manager')
  max = await w.person(`Max${n}`, 'engineer', pool.id)
  const account = await w.account()
  const own = { ownerId: max.id, poolId: pool.id }
  const database = await w.resource(account, own)
  await w.resource(account, own)
  await w.resource(account, { ...own, active: false })
  await w.spend(database, { '2026-11-22': 14 })
  await sql`update pools set default_owner_id = ${max.id} where id = ${pool.id}`
  const when = { kind: 'name-is', value: `max${n}` }
  await createRule(w.as(), { name: `Max's ${n}`, conditions: [when], poolId: pool.id, ownerId: max.id })
  const stage = await createEnvironment(w.as(), { name: `stage-${n}`, poolId: pool.id })
  await sql`update environments set owner_id = ${max.id} where id = ${stage.id}`
  const [startsAt, endsAt] = [w.clock.now(), new Date(w.clock.now().getTime() + 2 * hourMs)]
  await bookEnvironment(w.as(max), { environmentId: stage.id, startsAt, endsAt })
  await sql`insert into bookings (org_id, environment_id, person_id, starts_at, ends_at, planned_ends_at, state)
    values (${w.org.id}, ${stage.id}, ${max.id}, '2026-11-01', '2026-11-02', '2026-11-02', 'expired')`
  await upsertLink(w.deps.db, { teamId: 'T1', slackUserId: `U${n}`, orgId: w.org.id, personId: max.id })
  await makeSignInLink(w.as(max), { goTo: '/' })
})

/** How many rows of each kind are somebody's. */
async function held(id: string): Promise<Record<string, number>> {
  const [row] = await w.database.sql`select
    (select count(*)::int from resources where owner_id = ${id}) as resources,
    (select count(*)::int from rules where owner_id = ${id}) as rules,
    (select count(*)::int from pools where default_owner_id = ${id}) as pools,
    (select count(*)::int from environments where owner_id = ${id}) as environments,
    (select count(*)::int from bookings where person_id = ${id} and state = 'active') as active,
    (select count(*)::int from bookings where person_id = ${id} and state = 'expired') as past,
    (select coalesce(sum(effective), 0)::int from spend_days where owner_id = ${id}) as spend`
  return row as Record<string, number>
}
const nothing = { resources: 0, rules: 0, pools: 0, environments: 0, active: 0, past: 0, spend: 0 }
const ways = async (id: string) =>
  w.database
    .sql`select 1 from slack_links where person_id = ${id} union all select 1 from sign_in_links where person_id = ${id}
    union all select 1 from memberships where person_id = ${id} union all select 1 from sessions where person_id = ${id}`

describe('removing a person', () => {
  it('says before what goes to whom, and does exactly that', async () => {
    const { heirs, estate } = await readRemoval(w.as(), { personId: max.id })
    expect(heirs.map(({ name }) => name)).toEqual(['Lea', tom.name])
    expect(sayInheritance('Max', { estate, heir: 'Lea', done: false })).toBe(
      '2 resources, 1 rule, 1 default ownership of a pool, 1 environment and 1 booking go to Lea.',
    )
    const before = await held(max.id)
    expect(before).toEqual({ resources: 3, rules: 1, pools: 1, environments: 1, active: 1, past: 1, spend: 14 })
    const leas = await held(w.lea.id)
    const done = await removePerson(w.as(), { personId: max.id })
    expect(done).toMatchObject({ heir: { id: w.lea.id }, estate })
    expect(await held(max.id)).toEqual({ ...nothing, past: 1 })
    const after = await held(w.lea.id)
    for (const what of ['resources', 'rules', 'pools', 'environments', 'active', 'spend'])
      expect(after[what]! - leas[what]!, what).toBe(before[what])
  })

  it('ends every way in, frees the e-mail, and leaves the name where it was', async () => {
    expect(await ways(max.id)).toHaveLength(3)
    await removePerson(w.as(), { personId: max.id })
    expect(await ways(max.id)).toEqual([])
    expect((await listPeople(w.deps.db, w.org.id)).map(({ id }) => id)).not.toContain(max.id)
    await expect(giveRole(w.as(), { personId: max.id, role: 'member' })).rejects.toThrow(
      'There is no such person here.',
    )
    await expect(removePerson(w.as(), { personId: max.id })).rejects.toThrow('Nobody was removed.')
    const back = await addPerson(w.as(), { name: 'Max is back', email: max.email!.toUpperCase() })
    expect(back.id).not.toBe(max.id)
    const [past] = await w.database
      .sql`select p.name from bookings b join people p on p.id = b.person_id where b.state = 'expired'`
    expect(past!['name']).toBe(max.name)
  })

  it('is recorded, and the heir and the other managers are told, not who did it', async () => {
    await removePerson(w.as(), { personId: max.id, heirId: tom.id })
    const [event] = await w.database
      .sql`select before, after, person_id from events where name = 'person.removed' and subject_id = ${max.id}`
    expect(event).toMatchObject({
      person_id: w.lea.id,
      before: { name: max.name },
      after: { heirId: tom.id, resources: 2, bookings: 1 },
    })
    const told = await w.database.sql`select person_ids, facts from notifications where kind = 'person-removed'`
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({
      person_ids: [tom.id],
      facts: { name: max.name, heir: { id: tom.id }, by: { id: w.lea.id } },
    })
    const moved = await w.database
      .sql`select after from events where name = 'booking.handed-over' order by at desc, id desc limit 1`
    expect(moved[0]!['after']).toEqual({ personId: tom.id })
    const [job] = await w.database.sql`select count(*)::int from pgboss.job where name = 'mirror-booking'`
    expect(job!['count']).toBeGreaterThan(0)
  })

  it('happens whole or not at all', async () => {
    const before = await held(max.id)
    await w.database.sql
      .unsafe(`create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
      create trigger refuse before update on people for each row execute function refuse()`)
    await expect(removePerson(w.as(), { personId: max.id })).rejects.toThrow()
    await w.database.sql.unsafe('drop trigger refuse on people; drop function refuse()')
    expect(await held(max.id)).toEqual(before)
    expect(await ways(max.id)).toHaveLength(3)
    expect(await w.database.sql`select from notifications where kind = 'person-removed'`).toEqual([])
  })

  it('gives to another organization manager only, and never leaves the organization without one', async () => {
    const other = await w.person(`Kim${n}`, 'manager', pool.id)
    for (const heirId of [other.id, max.id])
      await expect(removePerson(w.as(), { personId: max.id, heirId })).rejects.toThrow(
        'What they own can only go to another organization manager. Nobody was removed.',
      )
    await expect(removePerson(w.as(max), { personId: tom.id })).rejects.toThrow('You cannot change the organization')
    await expect(readRemoval(w.as(max), { personId: tom.id })).rejects.toThrow('You cannot change the organization')
    // Who removes themselves leaves it to another manager.
    expect((await removePerson(w.as(tom), { personId: tom.id })).heir.id).toBe(w.lea.id)
    await expect(removePerson(w.as(), { personId: w.lea.id })).rejects.toThrow(
      'Lea is the last organization manager. Nobody was removed.',
    )
  })

  it('of two managers who remove each other at once one stays', async () => {
    const mia = await w.person(`Mia${n}`, 'manager')
    await w.database.sql`delete from memberships where person_id = ${w.lea.id}`
    const tries = await Promise.allSettled([
      removePerson(w.as(tom), { personId: mia.id }),
      removePerson(w.as(mia), { personId: tom.id }),
    ])
    await w.database.sql`insert into memberships (org_id, person_id, role) values (${w.org.id}, ${w.lea.id}, 'manager')`
    expect(tries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('an estate in words', () => {
  it('leaves out what there is none of', () => {
    const none = { resources: 0, rules: 0, pools: 0, environments: 0, bookings: 0, cleanUps: 0 }
    expect(sayEstate(none)).toBeNull()
    expect(sayInheritance('Max', { estate: none, heir: 'Lea', done: false })).toBe('Max owns nothing.')
    expect(sayInheritance('Max', { estate: { ...none, resources: 12, rules: 2 }, heir: 'Lea', done: false })).toBe(
      '12 resources and 2 rules go to Lea.',
    )
    expect(sayInheritance('Max', { estate: { ...none, bookings: 1 }, heir: 'Lea', done: true })).toBe(
      '1 booking went to Lea.',
    )
  })
})
