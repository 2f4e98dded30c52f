import { calendar as calendarClient } from 'googleapis/build/src/apis/calendar/index.js'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findCalendar, findMirror, listUnmirroredBookings } from '../../../db/queries/calendars.ts'
import type { Environment } from '../../../db/schema/environments.ts'
import type { Person } from '../../../db/schema/organizations.ts'
import {
  bookEnvironment,
  cancelBooking,
  extendBooking,
  releaseBooking,
  reviveBooking,
} from '../../../engine/environments/bookings.ts'
import { connectCalendar, eventIdOf, mirrorBooking } from '../../../engine/environments/calendar.ts'
import { checkCalendar } from '../../../engine/environments/check-calendar.ts'
import { disconnectCalendar } from '../../../engine/environments/disconnect-calendar.ts'
import { createEnvironment, deleteEnvironment } from '../../../engine/environments/environment.ts'
import { AppError } from '../../../engine/errors.ts'
import checkDue from '../../../engine/jobs/check-calendar-due.ts'
import checkJob from '../../../engine/jobs/check-calendar.ts'
import clear from '../../../engine/jobs/clear-calendar.ts'
import mirrorAll from '../../../engine/jobs/mirror-all-bookings.ts'
import { runJob } from '../../../engine/worker.ts'
import mirrorOne from '../../../engine/jobs/mirror-booking.ts'
import { enqueue } from '../../../engine/context.ts'
import { listEvents } from '../../../db/queries/events.ts'
import { hourMs, minuteMs } from '../../../engine/time.ts'
import { createBoss, work } from '../../../engine/worker.ts'
import { serviceAccount } from '../../../integrations/google/auth.ts'
import { googleCalendar } from '../../../integrations/google/calendar.ts'
import {
  startGoogleCalendarSandbox,
  type GoogleCalendarSandbox,
} from '../../../integrations/sandbox/google-calendar.ts'
import { world, type World } from '../../world.ts'

let google: GoogleCalendarSandbox
let w: World
let priya: Person
let stage: Environment
let made = 0

beforeAll(async () => {
  google = await startGoogleCalendarSandbox()
  w = await world({
    outside: { calendar: googleCalendar({ credentialsJson: google.credentialsJson, rootUrl: google.url }) },
  })
  priya = await w.person('Priya')
  await w.database.sql`update people set zone = 'Europe/Berlin' where id = ${priya.id}`
})
beforeEach(async () => {
  w.clock.set('2026-11-23T10:00:00Z')
  stage = await createEnvironment(w.as(), { name: `stage-${(made += 1)}` })
  if (!(await findCalendar(w.deps.db, w.org.id))) await connect()
  await settle()
})
afterEach(() => google.fail(null))
afterAll(() => google.stop())

const connect = () => connectCalendar(w.as(), { calendarId: google.calendarId })
const settle = () => w.runJobs([mirrorOne, mirrorAll])
const book = (from = '2026-11-24T09:00Z', to = '2026-11-24T11:00Z') =>
  bookEnvironment(w.as(priya), {
    environmentId: stage.id,
    startsAt: new Date(from),
    endsAt: new Date(to),
    reason: 'UAT for PAY-812',
  })
/** Without what other people wrote. */
const ours = () => google.events().filter(({ id }) => id.startsWith('fb'))
const eventsOf = (bookingId: string) => google.events().filter((event) => event.id === eventIdOf(bookingId))
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof AppError ? error : Promise.reject(error)),
  )

describe('the mirror', () => {
  it('shows a booking in the zone of its holder with a link back', async () => {
    const booking = await book()
    await settle()
    expect(eventsOf(booking.id)).toMatchObject([
      {
        summary: `${stage.name} is booked by Priya`,
        description: `UAT for PAY-812\nhttps://finops.example.com/environments/${stage.id}`,
        start: { dateTime: '2026-11-24T10:00:00+01:00', timeZone: 'Europe/Berlin' },
        extendedProperties: { private: { bookingId: booking.id, environmentId: stage.id, rev: '1' } },
      },
    ])
    expect(await findMirror(w.deps.db, booking.id)).toMatchObject({ mirroredRev: 1, lastError: null })
    expect((await findCalendar(w.deps.db, w.org.id))!.lastSyncAt).toEqual(w.clock.now())
  })

  it('follows an extension, a release, a cancellation and its undo', async () => {
    const now = await book('2026-11-23T10:00Z', '2026-11-23T12:00Z')
    await extendBooking(w.as(priya), { bookingId: now.id, minutes: 30 })
    await settle()
    expect(eventsOf(now.id)[0]!.end.dateTime).toBe('2026-11-23T13:30:00+01:00')
    w.clock.advance(hourMs)
    await releaseBooking(w.as(priya), { bookingId: now.id })
    await settle()
    expect(eventsOf(now.id)[0]!.end.dateTime).toBe('2026-11-23T12:00:00+01:00')

    const future = await book()
    await settle()
    await cancelBooking(w.as(priya), { bookingId: future.id })
    await settle()
    expect(eventsOf(future.id)).toEqual([])
    await reviveBooking(w.as(priya), { bookingId: future.id })
    await settle()
    expect(eventsOf(future.id)).toHaveLength(1)
    expect(await listUnmirroredBookings(w.deps.db, { orgId: w.org.id, limit: 9 })).toEqual([])
  })

  it('run twice for one booking writes one event', async () => {
    const booking = await book()
    await Promise.all([1, 2, 3].map(() => mirrorBooking(w.job(), { bookingId: booking.id })))
    expect(google.history().filter((event) => event.id === eventIdOf(booking.id))).toHaveLength(1)
  })

  it('forgets the bookings of a deleted environment', async () => {
    const booking = await book()
    await settle()
    await deleteEnvironment(w.as(), { environmentId: stage.id })
    await settle()
    expect(eventsOf(booking.id)).toEqual([])
  })

  it('forgets them an hour later too, when it could not be written at that moment', async () => {
    const booking = await book()
    await settle()
    await deleteEnvironment(w.as(), { environmentId: stage.id })
    google.fail('no-permission')
    await settle()
    google.fail(null)
    expect(eventsOf(booking.id)).toHaveLength(1)
    await checkCalendar(w.job())
    await settle()
    expect(eventsOf(booking.id)).toEqual([])
  })
})

describe('an outage', () => {
  it('of an hour costs no booking, and the events appear once it is over, none twice', async () => {
    google.fail('down')
    const during = [await book(), await book('2026-11-24T12:00Z', '2026-11-24T13:00Z')]
    await expect(mirrorBooking(w.job(), { bookingId: during[0]!.id })).rejects.toMatchObject({ retry: true })
    expect(await findMirror(w.deps.db, during[0]!.id)).toMatchObject({
      mirroredRev: 0,
      lastError: 'Google Calendar does not answer.',
    })
    w.clock.advance(hourMs)
    google.fail(null)
    await settle()
    for (const booking of during) expect(eventsOf(booking.id)).toHaveLength(1)
    expect(await findMirror(w.deps.db, during[0]!.id)).toMatchObject({ mirroredRev: 1, lastError: null })
    expect((await findCalendar(w.deps.db, w.org.id))!.lastError).toBeNull()
  })

  it('after which the process is stopped is made up for by the next one: a job that was cut short is not done', async () => {
    google.fail('down')
    const behind = [await book(), await book('2026-11-24T12:00Z', '2026-11-24T13:00Z')]
    for (const { id } of behind)
      await expect(mirrorBooking(w.job(), { bookingId: id })).rejects.toMatchObject({ retry: true })
    google.fail(null)
    const stop = new AbortController()
    stop.abort()
    const job = { data: { orgId: w.org.id }, signal: stop.signal }
    await expect(runJob(w.deps, mirrorAll, job)).rejects.toThrow(/abort/i)
    for (const { id } of behind) expect(eventsOf(id)).toEqual([])
    await runJob(w.deps, mirrorAll, { data: { orgId: w.org.id } })
    for (const { id } of behind) expect(eventsOf(id)).toHaveLength(1)
  })

  it('is tried again within five minutes', async () => {
    const booking = await book()
    google.fail('too-many')
    await expect(mirrorBooking(w.job(), { bookingId: booking.id })).rejects.toMatchObject({ status: 429 })
    const [job] = await w.database.sql`select start_after from pgboss.job
      where name = 'mirror-all-bookings' and state = 'created' and singleton_key = ${`${w.org.id} later`}`
    const waits = Date.parse(String(job!.start_after)) - w.clock.now().getTime()
    expect(waits).toBeGreaterThan(0)
    expect(waits).toBeLessThanOrEqual(5 * minuteMs)
  })

  it('that swallows the answer after the work was done leaves one event', async () => {
    const booking = await book()
    google.fail('lost-answer', 1)
    await expect(mirrorBooking(w.job(), { bookingId: booking.id })).rejects.toMatchObject({ status: 0 })
    expect(await findMirror(w.deps.db, booking.id)).toMatchObject({ mirroredRev: 0 })
    await settle()
    expect(google.history().filter((event) => event.id === eventIdOf(booking.id))).toHaveLength(1)
    expect(await findMirror(w.deps.db, booking.id)).toMatchObject({ mirroredRev: 1 })
  })

  it('of permission is not retried by itself; the next success brings the rest', async () => {
    const [first, second] = [await book(), await book('2026-11-24T12:00Z', '2026-11-24T13:00Z')]
    google.fail('no-permission')
    expect(await settle()).toEqual(['mirror-booking', 'mirror-booking'])
    const calendar = await findCalendar(w.deps.db, w.org.id)
    expect(calendar!.lastError).toBe('There are not enough permissions to change this calendar.')
    google.fail(null)
    const third = await book('2026-11-24T14:00Z', '2026-11-24T15:00Z')
    await settle()
    for (const booking of [first, second, third]) expect(eventsOf(booking.id)).toHaveLength(1)
  })

  it('redraws the card when it begins and when it is over', async () => {
    const redraws = async () =>
      (await w.database.sql`select 1 from pgboss.job where name = 'redraw-copies' and data->>'id' = ${booking.id}`)
        .length
    const booking = await book()
    await w.database.sql`delete from pgboss.job where name = 'redraw-copies'`
    google.fail('broken', 1)
    await expect(mirrorBooking(w.job(), { bookingId: booking.id })).rejects.toThrow()
    expect(await redraws()).toBe(1)
    await w.database.sql`delete from pgboss.job where name = 'redraw-copies'`
    await mirrorBooking(w.job(), { bookingId: booking.id })
    expect(await redraws()).toBe(1)
  })
})

describe('what people do in the calendar by hand', () => {
  const hand = () =>
    calendarClient({ version: 'v3', auth: serviceAccount(google.credentialsJson, google.url).client }).events
  const check = async () => {
    await enqueue(w.deps, 'check-calendar-due', {})
    return w.runJobs([checkDue, checkJob, mirrorOne, mirrorAll])
  }

  const told = async () =>
    (await w.database.sql`delete from notifications where kind = 'booking-put-back' returning person_ids, facts`).map(
      ({ person_ids: personIds, facts }) => ({ personIds, ...facts }),
    )

  it('the holder hears once what was moved or deleted, and again when it is done again', async () => {
    const booking = await book()
    await settle()
    await told()
    const patch = (requestBody: object) =>
      hand().patch({ calendarId: google.calendarId, eventId: eventIdOf(booking.id), requestBody })
    const [startsAt, endsAt] = ['2026-11-25T09:00:00.000Z', '2026-11-25T11:00:00.000Z']
    await patch({ start: { dateTime: startsAt }, end: { dateTime: endsAt } })
    // Looked at twice before it is put back: still one message.
    await checkCalendar(w.job())
    await checkCalendar(w.job())
    expect(await told()).toEqual([
      {
        ...{ personIds: [priya.id], bookingId: booking.id, rev: 1, environmentId: stage.id, environment: stage.name },
        ...{ startsAt: '2026-11-24T09:00:00.000Z', endsAt: '2026-11-24T11:00:00.000Z', active: false },
        movedTo: { startsAt, endsAt },
      },
    ])
    w.clock.advance(minuteMs)
    await settle()
    await patch({ status: 'cancelled' })
    await check()
    expect(await told()).toMatchObject([{ personIds: [priya.id], movedTo: null }])
    await patch({ summary: 'mine now' })
    await check()
    expect(await told()).toEqual([])
  })

  it('what we changed ourselves and the calendar does not show yet is no news', async () => {
    const booking = await book('2026-11-23T10:00Z', '2026-11-23T12:00Z')
    await settle()
    await extendBooking(w.as(priya), { bookingId: booking.id, minutes: 30 })
    await check()
    expect(await told()).toEqual([])
    expect(eventsOf(booking.id)[0]!.end.dateTime).toBe('2026-11-23T13:30:00+01:00')
  })

  it.each([
    ['is deleted', { status: 'cancelled' }],
    ['is moved', { start: { dateTime: '2026-11-25T09:00:00Z' }, end: { dateTime: '2026-11-25T11:00:00Z' } }],
    [
      'is moved into the past',
      { start: { dateTime: '2026-11-01T09:00:00Z' }, end: { dateTime: '2026-11-01T10:00:00Z' } },
    ],
    ['is shortened', { end: { dateTime: '2026-11-24T09:30:00Z' } }],
    ['is renamed', { summary: 'mine now' }],
  ])('an event that %s is put back within the hour, and the booking never moved', async (_, requestBody) => {
    const booking = await book()
    await settle()
    await hand().patch({ calendarId: google.calendarId, eventId: eventIdOf(booking.id), requestBody })
    expect(await check()).toContain('mirror-booking')
    expect(eventsOf(booking.id)).toMatchObject([
      {
        status: 'confirmed',
        summary: `${stage.name} is booked by Priya`,
        start: { dateTime: '2026-11-24T10:00:00+01:00' },
        end: { dateTime: '2026-11-24T12:00:00+01:00' },
      },
    ])
    const [last] = await listEvents(w.deps.db, { orgId: w.org.id, limit: 1 })
    expect(last).toMatchObject({ name: 'calendar.repaired', after: { events: 1 } })
    expect(await check()).toEqual(['check-calendar-due', 'check-calendar'])
  })

  it('an event of somebody else is left alone', async () => {
    const [start, end] = ['2026-11-24T09:00:00Z', '2026-11-24T10:00:00Z'].map((dateTime) => ({ dateTime }))
    const requestBody = { summary: 'Lunch', start: start!, end: end! }
    const { data } = await hand().insert({ calendarId: google.calendarId, requestBody })
    await check()
    expect(google.events().find(({ id }) => id === data.id)).toMatchObject({ summary: 'Lunch', sequence: 0 })
  })

  it('a right that was taken away and given back is noticed within the hour, and what waited appears', async () => {
    google.fail('no-permission')
    const booking = await book()
    await settle()
    expect(eventsOf(booking.id)).toEqual([])
    google.fail(null)
    await check()
    expect(eventsOf(booking.id)).toHaveLength(1)
    expect((await findCalendar(w.deps.db, w.org.id))!.lastError).toBeNull()
  })

  it('cannot be seen while the calendar is gone: the trail says so once, and the bookings stand', async () => {
    const booking = await book()
    await settle()
    google.fail('not-found')
    for (const _ of [1, 2]) await expect(checkCalendar(w.job())).rejects.toThrow('was not found')
    google.fail(null)
    const told = await listEvents(w.deps.db, { orgId: w.org.id, limit: 2 })
    expect(told.map(({ name }) => name)).toEqual(['calendar.failed', 'booking.made'])
    await check()
    expect((await findCalendar(w.deps.db, w.org.id))!.lastError).toBeNull()
    expect(eventsOf(booking.id)).toHaveLength(1)
  })
})

it('a crash between the commit and the call loses nothing: the queue has it, and sends it once', async () => {
  const booking = await book()
  expect(eventsOf(booking.id)).toEqual([])
  const boss = createBoss(w.url)
  await boss.start()
  await work(boss, w.deps, [mirrorOne])
  await expect.poll(() => eventsOf(booking.id).length, { timeout: 15_000 }).toBe(1)
  await boss.stop({ graceful: false })
})

describe('connecting', () => {
  it('proves write access, leaves no probe behind and mirrors what is booked already', async () => {
    await disconnectCalendar(w.as())
    await w.runJobs([clear])
    const booking = await book()
    await settle()
    expect(eventsOf(booking.id)).toEqual([])
    const calendar = await connect()
    expect(calendar).toMatchObject({ calendarId: google.calendarId, connectedBy: w.lea.id, lastError: null })
    expect(google.events().filter((event) => event.summary?.startsWith('FinOps checks'))).toEqual([])
    await settle()
    expect(eventsOf(booking.id)).toHaveLength(1)
  })

  it('says in clear words who must share the calendar', async () => {
    google.fail('no-permission')
    const error = (await refusal(connect()))!
    expect(error.message).toBe(
      `There are not enough permissions to write to ${google.calendarId}. Nothing was connected.`,
    )
    expect(error.detail).toMatchObject({ field: 'calendarId' })
    expect(error.detail.next).toContain('add finops@sandbox.iam.gserviceaccount.com with "Make changes to events"')
    google.fail('not-found')
    expect((await refusal(connect()))!.message).toContain('was not found, or is not shared with us')
    google.fail('down')
    expect(await refusal(connect())).toMatchObject({ kind: 'upstream' })
  })

  it('is for organization managers, one calendar at a time, and needs a key', async () => {
    expect(await refusal(connectCalendar(w.as(priya), { calendarId: 'x' }))).toMatchObject({ kind: 'forbidden' })
    expect(await refusal(connectCalendar(w.as(), { calendarId: 'other@group.calendar.google.com' }))).toMatchObject({
      kind: 'conflict',
    })
    const keyless = { ...w.as(), outside: { ...w.deps.outside, calendar: null } }
    expect((await refusal(connectCalendar(keyless, { calendarId: 'x' })))!.detail.next).toContain('GOOGLE_CREDENTIALS')
  })

  it('again puts back what was changed by hand', async () => {
    const booking = await book()
    await settle()
    await w.deps.outside.calendar!.remove(google.calendarId, eventIdOf(booking.id))
    await connect()
    await settle()
    expect(eventsOf(booking.id)).toHaveLength(1)
  })
})

describe('disconnecting', () => {
  const clearing = () => w.runJobs([clear, mirrorOne, mirrorAll])
  const told = async () =>
    (await w.database.sql`delete from notifications where kind = 'calendar-cleared' returning person_ids, facts`).map(
      ({ person_ids: personIds, facts }) => ({ personIds, ...facts }),
    )
  const writes = () => google.calls().filter((call) => call.startsWith('DELETE')).length

  it('forgets the calendar at once; a job takes the events of live bookings out and says so', async () => {
    const booking = await book()
    await settle()
    const shown = ours().length
    await told()
    const before = writes()
    expect(await disconnectCalendar(w.as())).toEqual({ events: shown })
    expect(await findCalendar(w.deps.db, w.org.id)).toBeNull()
    expect(writes()).toBe(before)
    expect(eventsOf(booking.id)).toHaveLength(1)
    expect(await refusal(disconnectCalendar(w.as()))).toMatchObject({ kind: 'not_found' })

    await clearing()
    expect(ours()).toEqual([])
    expect(writes() - before).toBe(shown)
    expect(await told()).toEqual([
      { personIds: [w.lea.id], calendarId: google.calendarId, removed: shown, left: 0, reason: null },
    ])
    const [last] = await listEvents(w.deps.db, { orgId: w.org.id, limit: 1 })
    expect(last).toMatchObject({ name: 'calendar.cleared', after: { removed: shown, left: 0 } })
  })

  it('takes out again what was being written while it was disconnected', async () => {
    const booking = await book()
    const port = w.deps.outside.calendar!
    const put: typeof port.put = async (...args) => {
      await disconnectCalendar(w.as())
      await w.runJobs([clear])
      await port.put(...args)
    }
    const job = { ...w.job(), outside: { ...w.deps.outside, calendar: { ...port, put } } }
    await mirrorBooking(job, { bookingId: booking.id })
    expect(eventsOf(booking.id)).toEqual([])
    await connect()
    await settle()
    expect(eventsOf(booking.id)).toHaveLength(1)
  })

  it('leaves events of other people and of other organizations where they are', async () => {
    const booking = await book()
    await settle()
    const entry = {
      ...{ id: eventIdOf('00000000-0000-4000-8000-000000000001'), summary: 'theirs is booked by Ann', description: '' },
      ...{
        startsAt: new Date('2026-11-25T09:00Z'),
        endsAt: new Date('2026-11-25T10:00Z'),
        zone: 'UTC',
        properties: {},
      },
    }
    await w.deps.outside.calendar!.put(google.calendarId, entry)
    await disconnectCalendar(w.as())
    await clearing()
    expect(eventsOf(booking.id)).toEqual([])
    expect(ours().map(({ id }) => id)).toEqual([entry.id])
    await w.deps.outside.calendar!.remove(google.calendarId, entry.id)
    await told()
  })

  it('waits out an outage and goes on where it was; nobody is told meanwhile', async () => {
    await book()
    await book('2026-11-24T12:00Z', '2026-11-24T13:00Z')
    await settle()
    const { events } = await disconnectCalendar(w.as())
    google.fail('down')
    await expect(clearing()).rejects.toMatchObject({ retry: true })
    expect(await told()).toEqual([])
    google.fail(null)
    // The real queue sends the failed job again.
    await w.database.sql`delete from pgboss.job where name = 'clear-calendar'`
    const since = w.clock.now().toISOString()
    const { id: orgId } = w.org
    await enqueue(w.deps, 'clear-calendar', { orgId, calendarId: google.calendarId, personId: priya.id, events, since })
    await clearing()
    expect(ours()).toEqual([])
    expect(await told()).toMatchObject([{ personIds: [priya.id], removed: events, left: 0 }])
  })

  it.each([
    [
      'at once when waiting cannot help',
      'no-permission',
      0,
      'There are not enough permissions to change this calendar.',
    ],
    ['after a day when the calendar does not answer', 'down', 25 * hourMs, 'Google Calendar does not answer.'],
  ] as const)('says %s what stays and why', async (_, fault, later, reason) => {
    await book()
    await settle()
    await disconnectCalendar(w.as())
    w.clock.advance(later)
    google.fail(fault)
    await clearing()
    expect(await told()).toMatchObject([{ removed: 0, left: null, reason }])
    google.fail(null)
    for (const { id } of ours()) await w.deps.outside.calendar!.remove(google.calendarId, id)
  })

  it('counts what is left when the right is taken away in the middle', async () => {
    for (const hour of [10, 12, 14]) await book(`2026-11-24T${hour}:00Z`, `2026-11-24T${hour + 1}:00Z`)
    await settle()
    const { events } = await disconnectCalendar(w.as())
    const calendar = w.deps.outside.calendar!
    let writesLeft = 2
    const limited = {
      ...calendar,
      remove: (...args: Parameters<typeof calendar.remove>) => {
        if ((writesLeft -= 1) < 0) google.fail('no-permission')
        return calendar.remove(...args)
      },
    }
    w.deps.outside.calendar = limited
    await clearing()
    w.deps.outside.calendar = calendar
    google.fail(null)
    expect(await told()).toMatchObject([{ removed: 2, left: events - 2 }])
    for (const { id } of ours()) await calendar.remove(google.calendarId, id)
  })

  it('stops when the same calendar is connected again, and its events come back', async () => {
    const booking = await book()
    await settle()
    await disconnectCalendar(w.as())
    await connect()
    await clearing()
    expect(eventsOf(booking.id)).toHaveLength(1)
    expect(await told()).toEqual([])
  })
})
