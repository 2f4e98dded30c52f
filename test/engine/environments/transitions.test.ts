import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findBooking } from '../../../db/queries/environments.ts'
import { listEvents } from '../../../db/queries/events.ts'
import type { Booking, Environment } from '../../../db/schema/environments.ts'
import type { Person } from '../../../db/schema/organizations.ts'
import { bookEnvironment, extendBooking, releaseBooking } from '../../../engine/environments/bookings.ts'
import { createEnvironment } from '../../../engine/environments/environment.ts'
import { moveBookings } from '../../../engine/environments/transitions.ts'
import moveBookingsJob from '../../../engine/jobs/move-bookings.ts'
import { createBoss, work } from '../../../engine/worker.ts'
import { world, type World } from '../../world.ts'

let w: World
let priya: Person
let stage: Environment
let made = 0

beforeAll(async () => {
  w = await world()
  priya = await w.person('Priya')
})
beforeEach(async () => {
  await w.database.sql`delete from bookings`
  w.clock.set('2026-11-24T09:00:00Z')
  stage = await createEnvironment(w.as(), { name: `stage-${(made += 1)}` })
})

const book = (from: string, to: string) =>
  bookEnvironment(w.as(priya), {
    environmentId: stage.id,
    startsAt: new Date(`2026-11-24T${from}Z`),
    endsAt: new Date(`2026-11-24T${to}Z`),
  })
const moveAt = (time: string) => {
  w.clock.set(`2026-11-24T${time}Z`)
  return moveBookings(w.deps)
}
const stateOf = async ({ id }: Booking) => (await findBooking(w.deps.db, { orgId: w.org.id, id }))!.state
const warnings = () =>
  w.database
    .sql`select person_ids, facts from notifications where kind = 'booking-ending' and subject_id in (select id::text from bookings)`

describe('the clock', () => {
  it('starts a booking at its first instant and ends it at its last, without a new revision', async () => {
    const booking = await book('10:00', '12:00')
    expect(await moveAt('09:59:59')).toEqual({ started: 0, expired: 0, reminded: 0 })
    expect(await moveAt('10:00:00')).toEqual({ started: 1, expired: 0, reminded: 0 })
    expect(await stateOf(booking)).toBe('active')
    await moveAt('11:59:59')
    expect(await stateOf(booking)).toBe('active')
    await moveAt('12:00:00')
    expect(await findBooking(w.deps.db, { orgId: w.org.id, id: booking.id })).toMatchObject({
      state: 'expired',
      rev: 1,
    })
    const subject = { kind: 'booking' as const, id: booking.id }
    const events = await listEvents(w.deps.db, { orgId: w.org.id, subject })
    expect(events.map((event) => [event.name, event.job])).toEqual([
      ['booking.expired', 'move-bookings'],
      ['booking.started', 'move-bookings'],
      ['booking.made', null],
    ])
  })

  it('hands over between neighbours in the same minute', async () => {
    const [first, second] = [await book('10:00', '12:00'), await book('12:00', '13:00')]
    await moveAt('10:00:00')
    await moveAt('12:00:00')
    expect([await stateOf(first), await stateOf(second)]).toEqual(['expired', 'active'])
  })

  it('makes up for minutes it missed: a booking that came and went expires', async () => {
    const booking = await book('10:00', '10:30')
    expect(await moveAt('11:00:00')).toEqual({ started: 0, expired: 1, reminded: 0 })
    expect(await stateOf(booking)).toBe('expired')
    expect(await moveAt('11:00:00')).toEqual({ started: 0, expired: 0, reminded: 0 })
  })

  it('leaves released bookings alone', async () => {
    const booking = await book('09:00', '12:00')
    await moveAt('10:00:00')
    await releaseBooking(w.as(priya), { bookingId: booking.id })
    await moveAt('13:00:00')
    expect(await stateOf(booking)).toBe('released')
  })
})

describe('the warning', () => {
  it('comes once, half an hour before the end, to the holder', async () => {
    const booking = await book('10:00', '12:00')
    await moveAt('10:00:00')
    await moveAt('11:29:59')
    expect(await warnings()).toHaveLength(0)
    for (const time of ['11:30:00', '11:31:00', '11:45:00']) await moveAt(time)
    expect(await warnings()).toEqual([{ person_ids: [priya.id], facts: { bookingId: booking.id } }])
  })

  it('comes again before the new end of an extended booking', async () => {
    const booking = await book('10:00', '12:00')
    await moveAt('10:00:00')
    await moveAt('11:30:00')
    await extendBooking(w.as(priya), { bookingId: booking.id, minutes: 60 })
    await moveAt('12:00:00')
    expect(await warnings()).toHaveLength(1)
    await moveAt('12:30:00')
    expect(await warnings()).toHaveLength(2)
  })

  it('is left out for bookings no longer than the warning itself', async () => {
    await book('10:00', '10:30')
    await moveAt('10:00:00')
    await moveAt('10:10:00')
    expect(await warnings()).toHaveLength(0)
  })
})

it('is moved by the real queue as well', async () => {
  const booking = await book('10:00', '12:00')
  w.clock.set('2026-11-24T10:00:00Z')
  const boss = createBoss(w.url)
  await boss.start()
  await work(boss, w.deps, [moveBookingsJob])
  await boss.send('move-bookings', {})
  await expect.poll(() => stateOf(booking), { timeout: 10_000 }).toBe('active')
  await boss.stop({ graceful: false })
})
