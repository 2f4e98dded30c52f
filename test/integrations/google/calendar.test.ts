import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { calendar as calendarClient } from 'googleapis/build/src/apis/calendar/index.js'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CalendarError, type CalendarEntry, type CalendarPort } from '../../../integrations/calendar.ts'
import { serviceAccount } from '../../../integrations/google/auth.ts'
import { googleCalendar, toEvent } from '../../../integrations/google/calendar.ts'
import {
  startGoogleCalendarSandbox,
  type GoogleCalendarSandbox,
} from '../../../integrations/sandbox/google-calendar.ts'

let google: GoogleCalendarSandbox
let calendar: CalendarPort

beforeAll(async () => {
  google = await startGoogleCalendarSandbox()
  calendar = googleCalendar({ credentialsJson: google.credentialsJson, rootUrl: google.url })
})
afterEach(() => google.fail(null))
afterAll(() => google.stop())

const entry = (more: Partial<CalendarEntry> = {}): CalendarEntry => ({
  id: `fb${randomUUID().replaceAll('-', '')}`,
  summary: 'stage-2 is booked by Priya',
  description: 'UAT',
  startsAt: new Date('2026-11-24T09:00:00Z'),
  endsAt: new Date('2026-11-24T11:00:00Z'),
  zone: 'Europe/Berlin',
  properties: { bookingId: 'b', rev: '1' },
  ...more,
})
const found = (id: string) => google.history().find((event) => event.id === id)
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof CalendarError ? error : Promise.reject(error)),
  )

describe('put', () => {
  it('writes busy time without guests, mails or reminders, found again by its properties', async () => {
    const made = entry()
    await calendar.put(google.calendarId, made)
    expect(found(made.id)).toMatchObject({
      status: 'confirmed',
      summary: 'stage-2 is booked by Priya',
      start: { dateTime: '2026-11-24T10:00:00+01:00', timeZone: 'Europe/Berlin' },
      end: { dateTime: '2026-11-24T12:00:00+01:00', timeZone: 'Europe/Berlin' },
      transparency: 'opaque',
      guestsCanModify: false,
      reminders: { useDefault: false, overrides: [] },
      extendedProperties: { private: { bookingId: 'b', rev: '1', origin: 'megaops-finops' } },
    })
  })

  it('twice is one event with the newer times', async () => {
    const made = entry()
    await calendar.put(google.calendarId, made)
    await calendar.put(google.calendarId, {
      ...made,
      endsAt: new Date('2026-11-24T12:00:00Z'),
      properties: { rev: '2' },
    })
    const same = google.events().filter((event) => event.id === made.id)
    expect(same.map((event) => event.end.dateTime)).toEqual(['2026-11-24T13:00:00+01:00'])
  })

  it('revives an event that was deleted, and a late retry of an older state changes nothing', async () => {
    const made = entry({ properties: { rev: '3' } })
    await calendar.put(google.calendarId, made)
    await calendar.remove(google.calendarId, made.id)
    expect(found(made.id)!.status).toBe('cancelled')
    await calendar.put(google.calendarId, { ...made, properties: { rev: '4' } })
    expect(found(made.id)!.status).toBe('confirmed')
    await calendar.put(google.calendarId, { ...made, summary: 'old', properties: { rev: '2' } })
    expect(found(made.id)!.summary).toBe('stage-2 is booked by Priya')
  })

  it('whose answer was lost is one event after the retry', async () => {
    const made = entry()
    await calendar.put(google.calendarId, entry())
    google.fail('lost-answer', 1)
    expect(await failure(calendar.put(google.calendarId, made))).toMatchObject({ retry: true, status: 0 })
    await calendar.put(google.calendarId, made)
    expect(google.history().filter((event) => event.id === made.id)).toHaveLength(1)
  })

  it('says on both sides of a clock change which hour is meant', () => {
    const times = (from: string, to: string) => {
      const { start, end } = toEvent(entry({ startsAt: new Date(from), endsAt: new Date(to) }))
      return [start!.dateTime, end!.dateTime]
    }
    expect(times('2026-03-29T00:00Z', '2026-03-29T01:00Z')).toEqual([
      '2026-03-29T01:00:00+01:00',
      '2026-03-29T03:00:00+02:00',
    ])
    expect(times('2026-10-25T00:30Z', '2026-10-25T01:30Z')).toEqual([
      '2026-10-25T02:30:00+02:00',
      '2026-10-25T02:30:00+01:00',
    ])
  })
})

describe('remove', () => {
  it('of an event that is gone or never was is fine', async () => {
    const made = entry()
    await calendar.put(google.calendarId, made)
    await calendar.remove(google.calendarId, made.id)
    await calendar.remove(google.calendarId, made.id)
    await calendar.remove(google.calendarId, entry().id)
    expect(google.events().some((event) => event.id === made.id)).toBe(false)
  })
})

describe('list', () => {
  it('has ours that are not over, as they are now, page after page, and nobody else’s', async () => {
    const [one, over] = [entry({ summary: 'one' }), entry({ endsAt: new Date('2026-11-24T09:30:00Z') })]
    for (const each of [one, over]) await calendar.put(google.calendarId, each)
    const seen = []
    for await (const each of calendar.list(google.calendarId, new Date('2026-11-24T10:00:00Z'))) seen.push(each)
    const properties = { ...one.properties, origin: 'megaops-finops' }
    expect(seen).toContainEqual({ id: one.id, properties, summary: 'one', startsAt: one.startsAt, endsAt: one.endsAt })
    expect(seen.map(({ id }) => id)).not.toContain(over.id)
  })
})

describe('probe', () => {
  it('whose answer was lost, or whose removal failed once, leaves nothing behind either', async () => {
    const before = google.events().length
    google.fail('lost-answer', 1)
    expect(await failure(calendar.probe(google.calendarId, new Date('2026-11-23T10:00:00Z')))).toMatchObject({
      retry: true,
    })
    expect(google.events().length).toBe(before)
  })

  it('leaves nothing behind', async () => {
    const before = google.events().length
    await calendar.probe(google.calendarId, new Date('2026-11-23T10:00:00Z'))
    expect(google.events()).toHaveLength(before)
    expect(google.calls().slice(-2)).toEqual(['POST events', 'DELETE :id'])
  })
})

describe('failures', () => {
  it.each([
    ['down', { retry: true, message: 'Google Calendar does not answer.' }],
    ['broken', { retry: true, status: 503 }],
    ['too-many', { retry: true, status: 429 }],
    ['rate-limited', { retry: true, status: 403, message: 'Google Calendar asks us to slow down.' }],
    ['quota-exceeded', { retry: true, status: 403, message: 'Google Calendar asks us to slow down.' }],
    [
      'switched-off',
      { retry: false, message: 'The Google Calendar API is switched off in the project of the service account.' },
    ],
    ['no-permission', { retry: false, message: 'There are not enough permissions to change this calendar.' }],
    ['not-found', { retry: false, message: 'This calendar was not found.' }],
  ] as const)('%s says whether waiting helps', async (fault, expected) => {
    google.fail(fault)
    expect(await failure(calendar.put(google.calendarId, entry()))).toMatchObject(expected)
  })

  it('are one request each: the queue retries, not the client', async () => {
    const before = google.calls().length
    google.fail('broken')
    await failure(calendar.put(google.calendarId, entry()))
    expect(google.calls().slice(before)).toEqual(['POST events'])
  })

  it('of another calendar or another key are told apart', async () => {
    expect(await failure(calendar.put('nobody@group.calendar.google.com', entry()))).toMatchObject({
      status: 404,
      retry: false,
    })
    const other = await startGoogleCalendarSandbox()
    const stranger = googleCalendar({ credentialsJson: other.credentialsJson, rootUrl: google.url })
    expect(await failure(stranger.put(google.calendarId, entry()))).toMatchObject({
      retry: false,
      message: 'Google does not accept the service account key.',
    })
    await other.stop()
  })

  it('of a text that is no key are explained without repeating it', () => {
    for (const text of ['hello', '{"client_email":"a@b.c","private_key":"hidden"}'])
      expect(() => googleCalendar({ credentialsJson: text })).toThrow(
        /^GOOGLE_CREDENTIALS is not a service account key\. In Google Cloud/,
      )
  })
})

describe('pace', () => {
  it('keeps writes to one calendar apart', async () => {
    const slow = googleCalendar({ credentialsJson: google.credentialsJson, rootUrl: google.url, paceMs: 150 })
    const started = performance.now()
    await Promise.all([1, 2, 3].map(() => slow.remove(google.calendarId, entry().id)))
    expect(performance.now() - started).toBeGreaterThanOrEqual(290)
  })
})

describe('the stand-in', () => {
  const client = () =>
    calendarClient({ version: 'v3', auth: serviceAccount(google.credentialsJson, google.url).client, retry: false })

  it('refuses what Google refuses', async () => {
    const calendarId = google.calendarId
    const time = { start: { dateTime: '2026-11-24T10:00:00Z' }, end: { dateTime: '2026-11-24T11:00:00Z' } }
    const status = (promise: Promise<unknown>) =>
      promise.then(
        () => 200,
        (e: { status: number }) => e.status,
      )
    const { events } = client()
    expect(await status(events.insert({ calendarId, requestBody: { ...time, id: 'FB-1' } }))).toBe(400)
    expect(await status(events.insert({ calendarId, requestBody: { ...time, end: time.start } }))).toBe(400)
    expect(await status(events.get({ calendarId, eventId: 'nothing' }))).toBe(404)
    expect((await fetch(`${google.url}/calendar/v3/calendars/${calendarId}/events`)).status).toBe(401)
  })

  it('lists by property, by page and by what changed since a token', async () => {
    const calendarId = google.calendarId
    const { events } = client()
    const [one, two] = [entry({ properties: { bookingId: 'one' } }), entry({ properties: { bookingId: 'two' } })]
    for (const each of [one, two]) await calendar.put(calendarId, each)
    const byProperty = await events.list({ calendarId, privateExtendedProperty: ['bookingId=two'] })
    expect(byProperty.data.items!.map((event) => event.id)).toEqual([two.id])
    const page = await events.list({ calendarId, maxResults: 1 })
    expect([page.data.items!.length, page.data.nextSyncToken]).toEqual([1, undefined])
    const { nextSyncToken: syncToken } = (await events.list({ calendarId })).data
    await events.patch({ calendarId, eventId: two.id, requestBody: { summary: 'moved by hand' } })
    await calendar.remove(calendarId, one.id)
    const changed = await events.list({ calendarId, syncToken: syncToken! })
    expect(changed.data.items!.map((event) => [event.id, event.status])).toEqual([
      [two.id, 'confirmed'],
      [one.id, 'cancelled'],
    ])
    google.fail('sync-gone', 1)
    await expect(events.list({ calendarId, syncToken: syncToken! })).rejects.toMatchObject({ status: 410 })
  })

  it('shows the week with its bookings and escapes what people wrote', async () => {
    await calendar.put(google.calendarId, entry({ summary: '<b>stage-9</b>', description: 'QA' }))
    const page = await (await fetch(`${google.url}/?week=2026-11-24&zone=Europe/Berlin`)).text()
    expect(page).toContain('&lt;b&gt;stage-9&lt;/b&gt;')
    expect(page).toContain('10:00–12:00')
    expect(page).toContain('November 2026')
    expect(await (await fetch(`${google.url}/?week=2026-12-24&zone=nowhere`)).text()).not.toContain('stage-9')
  })

  it('remembers events and key over a restart', async () => {
    const stateFile = join(tmpdir(), `calendar-${randomUUID()}.json`)
    const first = await startGoogleCalendarSandbox({ stateFile })
    const made = entry()
    await googleCalendar({ credentialsJson: first.credentialsJson, rootUrl: first.url }).put(first.calendarId, made)
    await first.stop()
    const second = await startGoogleCalendarSandbox({ stateFile })
    expect(second.events().map((event) => event.id)).toEqual([made.id])
    await googleCalendar({ credentialsJson: first.credentialsJson, rootUrl: second.url }).remove(
      first.calendarId,
      made.id,
    )
    expect(second.events()).toEqual([])
    await second.stop()
    await rm(stateFile)
  })
})
