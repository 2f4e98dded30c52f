import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  findEnvironment,
  findEnvironmentsByName,
  listBookings,
  listPropertyChanges,
} from '../../../db/queries/environments.ts'
import type { Person } from '../../../db/schema/organizations.ts'
import { bookEnvironment } from '../../../engine/environments/bookings.ts'
import {
  changeEnvironment,
  createEnvironment,
  deleteEnvironment,
  markShared,
  setProperties,
  unmarkShared,
} from '../../../engine/environments/environment.ts'
import { hourMs } from '../../../engine/time.ts'
import { neighbours } from '../../other-organization.ts'
import { world, type World } from '../../world.ts'

let w: World
let priya: Person

beforeAll(async () => {
  w = await world()
  priya = await w.person('Priya')
})

const read = (id: string) => findEnvironment(w.deps.db, { orgId: w.org.id, id, now: w.clock.now() })
const bookNow = (environmentId: string) => {
  const startsAt = w.clock.now()
  return bookEnvironment(w.as(priya), { environmentId, startsAt, endsAt: new Date(startsAt.getTime() + hourMs) })
}

describe('an environment made by hand', () => {
  it('is made by an organization manager in the root pool, once per name', async () => {
    const made = await createEnvironment(w.as(), { name: 'stage-2', properties: { IP: '10.0.0.2' } })
    expect(made).toMatchObject({ poolId: w.root.id, hourlyCost: '0.05', maxHours: 8, type: 'Environment' })
    await expect(createEnvironment(w.as(), { name: 'stage-2' })).rejects.toMatchObject({
      kind: 'conflict',
      message: 'There is an environment called stage-2 already. Nothing was created.',
    })
    await expect(createEnvironment(w.as(priya), { name: 'mine' })).rejects.toMatchObject({ kind: 'forbidden' })
    const poolManager = await w.person('Tom', 'manager', (await w.pool('team')).id)
    await expect(createEnvironment(w.as(poolManager), { name: 'mine' })).rejects.toMatchObject({ kind: 'forbidden' })
  })

  it('is made in a pool and for a person of the organization only', async () => {
    const theirs = await neighbours(w)
    const missing = { kind: 'not_found' }
    await expect(createEnvironment(w.as(), { name: 'a', poolId: theirs.pool.id })).rejects.toMatchObject(missing)
    await expect(createEnvironment(w.as(), { name: 'b', ownerId: randomUUID() })).rejects.toMatchObject(missing)
  })

  it('is not called like another one later either', async () => {
    await createEnvironment(w.as(), { name: 'first' })
    const { id } = await createEnvironment(w.as(), { name: 'second' })
    await expect(changeEnvironment(w.as(), { environmentId: id, name: 'first' })).rejects.toMatchObject({
      kind: 'conflict',
      message: 'There is an environment called first already. Nothing was changed.',
      detail: { field: 'name' },
    })
  })

  it('is changed without losing what was not named', async () => {
    const made = await createEnvironment(w.as(), { name: 'keeps', maxHours: 4, hourlyCost: '1.2' })
    const changed = await changeEnvironment(w.as(), { environmentId: made.id, channel: 'C1' })
    expect(changed).toMatchObject({
      channel: 'C1',
      maxHours: 4,
      hourlyCost: '1.2',
      name: 'keeps',
      active: true,
      rev: 2,
    })
    expect((await changeEnvironment(w.as(), { environmentId: made.id, channel: null })).channel).toBeNull()
    await expect(changeEnvironment(w.as(priya), { environmentId: made.id, maxHours: 9 })).rejects.toMatchObject({
      kind: 'forbidden',
    })
  })

  it('goes with its bookings and cannot be un-shared', async () => {
    const made = await createEnvironment(w.as(), { name: 'short-lived' })
    const booking = await bookNow(made.id)
    await expect(unmarkShared(w.as(), { environmentId: made.id })).rejects.toMatchObject({ kind: 'invalid' })
    await deleteEnvironment(w.as(), { environmentId: made.id })
    expect(await read(made.id)).toBeNull()
    expect(await listBookings(w.deps.db, { orgId: w.org.id, environmentId: made.id })).toEqual([])
    const mirrored = await w.database
      .sql`select data from pgboss.job where name = 'mirror-booking' and data->>'bookingId' = ${booking.id}`
    expect(mirrored.length).toBeGreaterThan(0)
    await expect(deleteEnvironment(w.as(), { environmentId: made.id })).rejects.toMatchObject({ kind: 'not_found' })
  })
})

describe('a shared resource', () => {
  it('can be booked while it is active, costs what its last day cost, and is shared once', async () => {
    const resource = await w.resource(await w.account(), { name: 'gpu-1', lastExpenseCost: '12', poolId: w.root.id })
    const shared = await markShared(w.as(), { resourceId: resource.id })
    expect(shared).toMatchObject({ name: 'gpu-1', resourceId: resource.id, hourlyCost: '0.5', type: 'Instance' })
    expect((await read(shared.id))!.available).toBe(true)
    await expect(markShared(w.as(), { resourceId: resource.id })).rejects.toMatchObject({ kind: 'conflict' })
    await w.database.sql`update resources set active = false where id = ${resource.id}`
    expect((await read(shared.id))!.available).toBe(false)
    await expect(bookNow(shared.id)).rejects.toMatchObject({
      message: 'gpu-1 is not available now. Nothing was booked.',
    })
    await unmarkShared(w.as(), { environmentId: shared.id })
    expect(await read(shared.id)).toBeNull()
  })

  it('gets the id into its name when the name is taken', async () => {
    const account = await w.account()
    const [one, two] = [await w.resource(account, { name: 'twin' }), await w.resource(account, { name: 'twin' })]
    await markShared(w.as(), { resourceId: one.id })
    expect((await markShared(w.as(), { resourceId: two.id })).name).toBe(`twin (${two.cloudResourceId})`)
  })

  it('must be an active instance', async () => {
    const account = await w.account()
    const volume = await w.resource(account, { type: 'Volume', name: 'disk' })
    const gone = await w.resource(account, { active: false, name: 'gone' })
    await expect(markShared(w.as(), { resourceId: volume.id })).rejects.toMatchObject({
      message: 'disk is a Volume; only instances can be shared. Nothing was shared.',
    })
    await expect(markShared(w.as(), { resourceId: gone.id })).rejects.toMatchObject({ kind: 'invalid' })
    await expect(markShared(w.as(), { resourceId: randomUUID() })).rejects.toMatchObject({ kind: 'not_found' })
    await expect(markShared(w.as(priya), { resourceId: volume.id })).rejects.toMatchObject({ kind: 'forbidden' })
  })
})

describe('properties', () => {
  it('merge, are deleted by null and leave a history of what really changed', async () => {
    const { id } = await createEnvironment(w.as(), { name: 'props', properties: { IP: '10.0.0.1', Software: '1.0' } })
    await setProperties(w.as(), { environmentId: id, properties: { Software: '1.1', Owner: 'QA' } })
    w.clock.advance(hourMs)
    const after = await setProperties(w.as(), { environmentId: id, properties: { Owner: null, IP: '10.0.0.1' } })
    expect(after).toEqual({ IP: '10.0.0.1', Software: '1.1' })
    const history = await listPropertyChanges(w.deps.db, id)
    expect(history.map((change) => change.changes)).toEqual([
      { Owner: { old: 'QA', new: null } },
      { Software: { old: '1.0', new: '1.1' }, Owner: { old: null, new: 'QA' } },
    ])
  })

  it('set by many at once are all kept', async () => {
    const { id } = await createEnvironment(w.as(), { name: 'busy' })
    const names = Array.from({ length: 10 }, (_, n) => `p${n}`)
    await Promise.all(names.map((name) => setProperties(w.as(), { environmentId: id, properties: { [name]: 'x' } })))
    expect(Object.keys((await read(id))!.properties).toSorted()).toEqual(names)
  })
})

describe('finding by name', () => {
  it('prefers the exact name, ignores case and takes wildcards literally', async () => {
    for (const name of ['qa', 'qa-eu', '100%']) await createEnvironment(w.as(), { name })
    const names = async (text: string) =>
      (await findEnvironmentsByName(w.deps.db, { orgId: w.org.id, text })).map((row) => row.name)
    expect(await names('QA')).toEqual(['qa'])
    expect(await names('qa-')).toEqual(['qa-eu'])
    expect(await names('%')).toEqual(['100%'])
  })
})
