import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findBooking, listBookings, listEnvironments } from '../../../db/queries/environments.ts'
import { listEvents } from '../../../db/queries/events.ts'
import type { Environment } from '../../../db/schema/environments.ts'
import type { Person } from '../../../db/schema/organizations.ts'
import { inTransaction } from '../../../engine/context.ts'
import { AppError } from '../../../engine/errors.ts'
import {
  bookEnvironment,
  cancelBooking,
  extendBooking,
  releaseBooking,
  reviveBooking,
} from '../../../engine/environments/bookings.ts'
import { changeEnvironment, createEnvironment } from '../../../engine/environments/environment.ts'
import type { TakenFacts } from '../../../engine/environments/taken.ts'
import { dayMs, hourMs, instantAt, minuteMs } from '../../../engine/time.ts'
import { world, type World } from '../../world.ts'

let w: World
let priya: Person
let max: Person
let stage: Environment
let made = 0

beforeAll(async () => {
  w = await world()
  priya = await w.person('Priya')
  max = await w.person('Max')
})

beforeEach(async () => {
  w.clock.set('2026-11-23T10:00:00Z')
  made += 1
  stage = await createEnvironment(w.as(), { name: `stage-${made}` })
})

const at = (text: string) => new Date(text)
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('It was not refused.')
    },
    (error: unknown) => {
      if (error instanceof AppError) return error
      throw error
    },
  )
const book = (person: Person, from: string, to: string) =>
  bookEnvironment(w.as(person), { environmentId: stage.id, startsAt: at(from), endsAt: at(to), reason: 'UAT' })
const events = async (id: string) =>
  (await listEvents(w.deps.db, { orgId: w.org.id, subject: { kind: 'booking', id } })).map((event) => event.name)

const waitingForALock = () =>
  expect
    .poll(
      async () =>
        (
          await w.database
            .sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
        ).length,
    )
    .toBeGreaterThan(0)

describe('booking', () => {
  it('holds the environment for the actor, from now at once and later from its start', async () => {
    const now = await book(priya, '2026-11-23T10:00Z', '2026-11-23T12:00Z')
    const later = await book(max, '2026-11-24T09:00Z', '2026-11-24T17:00Z')
    expect([now.state, later.state]).toEqual(['active', 'booked'])
    const row = (await listEnvironments(w.deps.db, w.org.id, w.clock.now())).find(({ id }) => id === stage.id)!
    expect(row.current).toMatchObject({ id: now.id, holder: 'Priya', environment: stage.name })
    expect(row.next).toMatchObject({ id: later.id, holder: 'Max' })
    expect(await events(now.id)).toEqual(['booking.made'])
  })

  it('gives one slot to exactly one of two hundred callers at once, and tells the others who has it', async () => {
    const people = await Promise.all(Array.from({ length: 200 }, (_, n) => w.person(`Racer${made}x${n}`)))
    const tries = people.map((person) => book(person, '2026-11-24T10:00Z', '2026-11-24T12:00Z'))
    const results = await Promise.allSettled(tries)
    const won = results.flatMap((r) => (r.status === 'fulfilled' ? [r.value] : []))
    const lost = results.flatMap((r) => (r.status === 'rejected' ? [r.reason as AppError] : []))
    expect(won).toHaveLength(1)
    expect(lost.map((error) => error.kind)).toEqual(Array.from({ length: 199 }, () => 'conflict'))
    const holder = people.find((person) => person.id === won[0]!.personId)!
    expect(lost[0]!.message).toBe(
      `${stage.name} is held by ${holder.name} from Nov 24, 10:00 to Nov 24, 12:00. Nothing was booked.`,
    )
    expect(await listBookings(w.deps.db, { orgId: w.org.id, environmentId: stage.id })).toHaveLength(1)
    const [deadlocks] = await w.database.sql`select deadlocks from pg_stat_database where datname = current_database()`
    expect(Number(deadlocks!.deadlocks)).toBe(0)
  })

  it('names three free slots of the same length around later bookings', async () => {
    await book(priya, '2026-11-24T10:00Z', '2026-11-24T12:00Z')
    await book(max, '2026-11-24T13:00Z', '2026-11-24T15:00Z')
    const error = await refusal(book(w.lea, '2026-11-24T11:00Z', '2026-11-24T13:00Z'))
    const facts = error.detail.facts as TakenFacts
    expect(facts.holder).toEqual({ personId: priya.id, name: 'Priya' })
    expect(facts.until).toEqual(at('2026-11-24T12:00Z'))
    expect(facts.freeSlots.map((slot) => slot.startsAt.toISOString().slice(11, 16))).toEqual([
      '15:00',
      '17:00',
      '19:00',
    ])
    expect(error.detail.next).toBe('Free for that long from Nov 24, 15:00, Nov 24, 17:00 or Nov 24, 19:00.')
  })

  it('may begin in the instant another one ends', async () => {
    await book(priya, '2026-11-24T10:00Z', '2026-11-24T12:00Z')
    await book(max, '2026-11-24T12:00Z', '2026-11-24T14:00Z')
    await book(w.lea, '2026-11-24T08:00Z', '2026-11-24T10:00Z')
    expect(await listBookings(w.deps.db, { orgId: w.org.id, environmentId: stage.id })).toHaveLength(3)
  })

  it('takes a start of a few minutes ago as now and refuses an hour ago', async () => {
    w.clock.set('2026-11-23T10:04:00Z')
    const booking = await book(priya, '2026-11-23T10:00Z', '2026-11-23T12:00Z')
    expect(booking.startsAt).toEqual(at('2026-11-23T10:04Z'))
    const error = await refusal(book(w.lea, '2026-11-23T09:00Z', '2026-11-23T12:00Z'))
    expect(error).toMatchObject({ kind: 'invalid', detail: { field: 'start' } })
  })
})

describe('limits', () => {
  it('are eight hours for an engineer and fourteen days for a manager', async () => {
    const error = await refusal(book(priya, '2026-11-24T09:00Z', '2026-11-24T17:01Z'))
    expect(error).toMatchObject({ kind: 'limit', detail: { field: 'end' } })
    expect(error.message).toContain('8 hours at a time, and this would be 481 minutes')
    await book(priya, '2026-11-24T09:00Z', '2026-11-24T17:00Z')
    await book(w.lea, '2026-12-01T00:00Z', '2026-12-15T00:00Z')
    expect((await refusal(book(w.lea, '2026-12-20T00:00Z', '2027-01-03T00:01Z'))).kind).toBe('limit')
  })

  it('are three future bookings per person and environment, even at once', async () => {
    const days = ['24', '25', '26', '27', '28']
    const tries = days.map((day) => book(priya, `2026-11-${day}T09:00Z`, `2026-11-${day}T10:00Z`))
    const results = await Promise.allSettled(tries)
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(3)
    const refused = results.find((r) => r.status === 'rejected')!.reason as AppError
    expect(refused.message).toContain('3 future bookings')
    await book(priya, '2026-11-23T10:00Z', '2026-11-23T11:00Z')
  })

  it('are sixty days ahead, an end after the start, and an environment that is switched on', async () => {
    expect((await refusal(book(priya, '2027-01-22T10:01Z', '2027-01-22T11:00Z'))).kind).toBe('limit')
    await book(priya, '2027-01-22T10:00Z', '2027-01-22T11:00Z')
    expect((await refusal(book(priya, '2026-11-24T10:00Z', '2026-11-24T10:00Z'))).detail.field).toBe('end')
    await changeEnvironment(w.as(), { environmentId: stage.id, active: false })
    expect((await refusal(book(priya, '2026-11-24T10:00Z', '2026-11-24T11:00Z'))).message).toContain('not available')
  })

  it('follow the environment when it sets its own', async () => {
    await changeEnvironment(w.as(), { environmentId: stage.id, maxHours: 2 })
    expect((await refusal(book(priya, '2026-11-24T10:00Z', '2026-11-24T13:00Z'))).kind).toBe('limit')
    await book(priya, '2026-11-24T10:00Z', '2026-11-24T12:00Z')
  })
})

describe('extending', () => {
  it('moves the end, forgets the reminder and stops at the next booking', async () => {
    const booking = await book(priya, '2026-11-23T10:00Z', '2026-11-23T12:00Z')
    await book(max, '2026-11-23T13:00Z', '2026-11-23T14:00Z')
    const tooLong = await refusal(extendBooking(w.as(priya), { bookingId: booking.id, minutes: 90 }))
    expect(tooLong.detail.next).toBe('Nov 23, 13:00 is the latest end.')
    const longer = await extendBooking(w.as(priya), { bookingId: booking.id, minutes: 60 })
    expect(longer).toMatchObject({ endsAt: at('2026-11-23T13:00Z'), plannedEndsAt: longer.endsAt, rev: 2 })
    const error = await refusal(extendBooking(w.as(priya), { bookingId: booking.id, minutes: 30 }))
    expect(error.message).toContain('held by Max from Nov 23, 13:00 to Nov 23, 14:00. Nothing was changed.')
    expect((await findBooking(w.deps.db, { orgId: w.org.id, id: booking.id }))!.endsAt).toEqual(longer.endsAt)
  })

  it('stays within the longest booking, and may shorten but not into the past', async () => {
    const booking = await book(priya, '2026-11-23T10:00Z', '2026-11-23T17:00Z')
    expect((await refusal(extendBooking(w.as(priya), { bookingId: booking.id, minutes: 61 }))).kind).toBe('limit')
    const shorter = await extendBooking(w.as(priya), { bookingId: booking.id, minutes: -60 })
    expect(shorter.endsAt).toEqual(at('2026-11-23T16:00Z'))
    expect((await refusal(extendBooking(w.as(priya), { bookingId: booking.id, endsAt: w.clock.now() }))).kind).toBe(
      'invalid',
    )
  })

  it('inside an open transaction refuses without breaking it', async () => {
    const booking = await book(priya, '2026-11-23T10:00Z', '2026-11-23T12:00Z')
    await book(max, '2026-11-23T12:00Z', '2026-11-23T14:00Z')
    await inTransaction(w.as(priya), async (ctx) => {
      const error = await refusal(extendBooking(ctx, { bookingId: booking.id, minutes: 30 }))
      expect((error.detail.facts as TakenFacts).holder).toEqual({ personId: max.id, name: 'Max' })
      await releaseBooking(ctx, { bookingId: booking.id })
    })
    expect((await findBooking(w.deps.db, { orgId: w.org.id, id: booking.id }))!.state).toBe('released')
  })

  it('that loses a deadlock tries again', async () => {
    const mine = await book(priya, '2026-11-23T10:00Z', '2026-11-23T12:00Z')
    const inTheWay = await book(max, '2026-11-23T13:00Z', '2026-11-23T14:00Z')
    const deadlocks = async () => {
      await w.database.sql`select pg_stat_force_next_flush()`
      return Number(
        (await w.database.sql`select deadlocks from pg_stat_database where datname = current_database()`)[0]!.deadlocks,
      )
    }
    const before = await deadlocks()
    // Somebody else's transaction holds the booking in the way, then wants ours while we wait for theirs; we are the victim.
    const longer = w.database.sql.begin(async (tx) => {
      await tx`set local deadlock_timeout = '20s'`
      await tx`update bookings set state = 'cancelled' where id = ${inTheWay.id}`
      const extending = extendBooking(w.as(priya), { bookingId: mine.id, endsAt: at('2026-11-23T13:30Z') })
      await waitingForALock()
      await tx`select 1 from bookings where id = ${mine.id} for update`
      return { extending }
    })
    const { extending } = await longer
    expect((await extending).endsAt).toEqual(at('2026-11-23T13:30Z'))
    await expect.poll(deadlocks).toBe(before + 1)
  })

  it('of two changes at once lets one through', async () => {
    const booking = await book(priya, '2026-11-23T10:00Z', '2026-11-23T12:00Z')
    const longer = () => extendBooking(w.as(priya), { bookingId: booking.id, endsAt: at('2026-11-23T13:00Z') })
    const results = await Promise.allSettled([longer(), longer(), longer()])
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1)
    expect(await events(booking.id)).toEqual(['booking.extended', 'booking.made'])
  })
})

describe('ending early', () => {
  it('frees the environment at once and can be undone while nobody took it', async () => {
    const booking = await book(priya, '2026-11-23T10:00Z', '2026-11-23T14:00Z')
    w.clock.advance(hourMs)
    const released = await releaseBooking(w.as(priya), { bookingId: booking.id })
    expect(released).toMatchObject({ state: 'released', endsAt: at('2026-11-23T11:00Z') })
    const revived = await reviveBooking(w.as(priya), { bookingId: booking.id })
    expect(revived).toMatchObject({ state: 'active', endsAt: at('2026-11-23T14:00Z'), rev: 3 })
    await releaseBooking(w.as(priya), { bookingId: booking.id })
    await book(max, '2026-11-23T13:00Z', '2026-11-23T14:00Z')
    const error = await refusal(reviveBooking(w.as(priya), { bookingId: booking.id }))
    expect(error.message).toContain('held by Max')
  })

  it('in the very instant of the start is fine', async () => {
    const booking = await book(priya, '2026-11-23T10:00Z', '2026-11-23T12:00Z')
    expect((await releaseBooking(w.as(priya), { bookingId: booking.id })).state).toBe('released')
    await book(max, '2026-11-23T10:00Z', '2026-11-23T12:00Z')
  })

  it('before the start is a cancellation, after it cancelling is only possible as an undo', async () => {
    const future = await book(priya, '2026-11-24T10:00Z', '2026-11-24T12:00Z')
    expect((await releaseBooking(w.as(priya), { bookingId: future.id })).state).toBe('cancelled')
    expect((await reviveBooking(w.as(priya), { bookingId: future.id })).state).toBe('booked')
    await releaseBooking(w.as(priya), { bookingId: future.id })
    await w.database.sql`update people set removed_at = now() where id = ${priya.id}`
    await expect(reviveBooking(w.as(), { bookingId: future.id })).rejects.toThrow('Priya is not here any more.')
    await w.database.sql`update people set removed_at = null where id = ${priya.id}`
    const now = await book(priya, '2026-11-23T10:00Z', '2026-11-23T12:00Z')
    w.clock.advance(31 * minuteMs)
    expect((await refusal(cancelBooking(w.as(priya), { bookingId: now.id }))).detail.next).toBe('Release it instead.')
    w.clock.advance(-10 * minuteMs)
    expect((await cancelBooking(w.as(priya), { bookingId: now.id })).state).toBe('cancelled')
  })

  it('cannot happen twice, nor after the end', async () => {
    const booking = await book(priya, '2026-11-23T10:00Z', '2026-11-23T12:00Z')
    await releaseBooking(w.as(priya), { bookingId: booking.id })
    expect((await refusal(releaseBooking(w.as(priya), { bookingId: booking.id }))).kind).toBe('conflict')
    w.clock.advance(dayMs)
    expect((await refusal(reviveBooking(w.as(priya), { bookingId: booking.id }))).message).toContain('over by now')
  })
})

describe('rights', () => {
  it('let an engineer book for themselves only and a manager for anybody of the organization', async () => {
    const slot = { environmentId: stage.id, startsAt: at('2026-11-24T10:00Z'), endsAt: at('2026-11-24T11:00Z') }
    const error = await refusal(bookEnvironment(w.as(priya), { ...slot, personId: max.id }))
    expect(error).toMatchObject({ kind: 'forbidden', detail: { whoCan: [w.lea.id] } })
    expect((await bookEnvironment(w.as(), { ...slot, personId: max.id })).personId).toBe(max.id)
    const stranger = '00000000-0000-4000-8000-000000000000'
    expect((await refusal(bookEnvironment(w.as(), { ...slot, personId: stranger }))).kind).toBe('not_found')
  })

  it('let only the holder or a manager of the environment release, extend and cancel', async () => {
    const booking = await book(priya, '2026-11-23T10:00Z', '2026-11-23T12:00Z')
    for (const verb of [releaseBooking, cancelBooking]) {
      const error = await refusal(verb(w.as(max), { bookingId: booking.id }))
      expect(error.detail.whoCan).toEqual([priya.id, w.lea.id])
    }
    expect((await refusal(extendBooking(w.as(max), { bookingId: booking.id, minutes: 5 }))).kind).toBe('forbidden')
    expect((await releaseBooking(w.as(), { bookingId: booking.id })).state).toBe('released')
  })
})

describe('telling', () => {
  const told = async (id: string) =>
    (await w.database.sql`select channel, person_ids from notifications where subject_id = ${id} order by key`).map(
      (row) => row.channel ?? row.person_ids,
    )

  it('announces a booking once in the channel of its environment', async () => {
    await changeEnvironment(w.as(), { environmentId: stage.id, channel: 'C1' })
    const booking = await book(priya, '2026-11-23T10:00Z', '2026-11-23T12:00Z')
    await extendBooking(w.as(priya), { bookingId: booking.id, minutes: 30 })
    expect(await told(booking.id)).toEqual(['C1'])
  })

  it('tells the holder what a manager decided, and nobody what they did themselves', async () => {
    const booking = await book(priya, '2026-11-23T10:00Z', '2026-11-23T12:00Z')
    expect(await told(booking.id)).toEqual([])
    await releaseBooking(w.as(), { bookingId: booking.id })
    expect(await told(booking.id)).toEqual([[priya.id]])
  })
})

describe('daylight saving time in Berlin', () => {
  const berlin = (day: string, time: string) => instantAt(day, time, 'Europe/Berlin')
  const bookLocal = (person: Person, day: string, [from, to]: [string, string]) =>
    bookEnvironment(w.as(person), { environmentId: stage.id, startsAt: berlin(day, from), endsAt: berlin(day, to) })
  const hours = (b: { startsAt: Date; endsAt: Date }) => (b.endsAt.getTime() - b.startsAt.getTime()) / hourMs

  it('loses an hour on 2026-03-29: 01:00 to 04:00 lasts two hours and 02:30 is 03:30', async () => {
    w.clock.set('2026-03-28T12:00:00Z')
    const booking = await bookLocal(priya, '2026-03-29', ['01:00', '04:00'])
    expect(hours(booking)).toBe(2)
    expect(berlin('2026-03-29', '02:30')).toEqual(berlin('2026-03-29', '03:30'))
    await bookLocal(max, '2026-03-29', ['04:00', '05:00'])
    expect((await refusal(bookLocal(w.lea, '2026-03-29', ['02:30', '03:45']))).kind).toBe('conflict')
  })

  it('gains an hour on 2026-10-25: 01:00 to 04:00 lasts four hours and eight hours are real ones', async () => {
    w.clock.set('2026-10-24T12:00:00Z')
    expect(hours(await bookLocal(priya, '2026-10-25', ['01:00', '04:00']))).toBe(4)
    const error = await refusal(bookLocal(max, '2026-10-25', ['00:00', '08:00']))
    expect(error.message).toContain('this would be 9 hours')
    await bookLocal(max, '2026-10-25', ['04:00', '12:00'])
  })
})

describe('a booking from now', () => {
  it('starts at the full minute, and a clash with it says "you" to its holder', async () => {
    w.clock.set('2026-11-23T10:11:42Z')
    const booking = await book(priya, '2026-11-23T10:11:42Z', '2026-11-23T13:11:00Z')
    expect(booking.startsAt).toEqual(at('2026-11-23T10:11:00Z'))
    const own = await refusal(book(priya, '2026-11-23T12:00:00Z', '2026-11-23T14:00:00Z'))
    expect(own.message).toMatch(/is held by you from Nov 23, 10:11 to Nov 23, 13:11\./)
    const others = await refusal(book(max, '2026-11-23T12:00:00Z', '2026-11-23T14:00:00Z'))
    expect(others.message).toContain('is held by Priya from')
  })
})
