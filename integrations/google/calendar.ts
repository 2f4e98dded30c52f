/** Google Calendar through a service account: client-made ids, so that a repeated write is never a second event. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { calendar as calendarClient, type calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js'
import { Temporal } from 'temporal-polyfill'
import { CalendarError, type CalendarEntry, type CalendarPort, type SeenEntry } from '../calendar.ts'
import { serviceAccount } from './auth.ts'

export type GoogleCalendarOptions = {
  /** The service account key as text. */
  credentialsJson: string
  /** Another address than Google's, for tests and the sandbox. */
  rootUrl?: string
  /** Pause between two writes to one calendar, milliseconds. Google throttles fast writers; none at another address. */
  paceMs?: number
}

/** The calendar of one service account. Every method throws `CalendarError` with `retry` saying whether waiting helps. */
export function googleCalendar(options: GoogleCalendarOptions): CalendarPort {
  const { credentialsJson, rootUrl } = options
  const { address, client } = serviceAccount(credentialsJson, rootUrl)
  // The queue retries with growing pauses over hours; a second retry inside would only hide that.
  const { events } = calendarClient({ version: 'v3', auth: client, retry: false })
  const pace = pacer(options.paceMs ?? (rootUrl ? 0 : 1000))

  return {
    serviceAddress: address,
    async put(calendarId, entry) {
      const requestBody = toEvent(entry)
      const eventId = entry.id
      await pace(calendarId)
      const known = await answering(() => events.insert({ calendarId, ...quiet, requestBody })).then(
        () => false,
        (error: CalendarError) => {
          if (error.status === 409) return true
          throw error
        },
      )
      if (!known) return
      const { data: seen } = await answering(() => events.get({ calendarId, eventId })).catch(
        (error: CalendarError) => {
          // The calendar is there, it just said so: this event is between two states, and a later try finds out which.
          if (error.status !== 404) throw error
          throw new CalendarError('Google Calendar knows this event and does not find it.', 404, true, { cause: error })
        },
      )
      if (isNewer(seen, entry)) return
      // A full update, not a patch: it also revives an event that was deleted and undoes edits by hand.
      await answering(() =>
        events.update({ calendarId, eventId, ...quiet, requestBody: { ...requestBody, sequence: seen.sequence ?? 0 } }),
      )
    },
    async remove(calendarId, eventId) {
      await pace(calendarId)
      await answering(() => events.delete({ calendarId, eventId, ...quiet })).catch((error: CalendarError) => {
        if (error.status !== 404 && error.status !== 410) throw error
      })
    },
    list: (calendarId, from) => listOurs(events, { calendarId, from }),
    probe: (calendarId, at) => probeWrite(events, { calendarId, at }),
  }
}

type Events = calendar_v3.Calendar['events']
const quiet = { sendUpdates: 'none' } as const

async function* listOurs(
  events: Events,
  { calendarId, from }: { calendarId: string; from: Date },
): AsyncGenerator<SeenEntry> {
  const asked = { calendarId, privateExtendedProperty: [`origin=${origin}`], timeMin: from.toISOString() }
  for (let pageToken: string | undefined; ;) {
    const query = { ...asked, maxResults: 2500, ...(pageToken ? { pageToken } : {}) }
    const { data } = await answering(() => events.list(query))
    yield* (data.items ?? []).flatMap(seenIn)
    pageToken = data.nextPageToken ?? undefined
    if (!pageToken) return
  }
}

async function probeWrite(events: Events, { calendarId, at }: { calendarId: string; at: Date }): Promise<void> {
  const eventId = `fb${randomUUID().replaceAll('-', '')}`
  const [startsAt, endsAt] = [at, new Date(at.getTime() + 3_600_000)]
  const summary = 'FinOps checks that it may write here'
  const entry = { id: eventId, summary, description: '', startsAt, endsAt, zone: 'UTC', properties: {} }
  const takeOut = () => answering(() => events.delete({ calendarId, eventId, ...quiet }))
  try {
    await answering(() => events.insert({ calendarId, ...quiet, requestBody: toEvent(entry) }))
  } catch (error) {
    // The answer may have been lost after the work was done: what may be there is taken out again.
    if (error instanceof CalendarError && error.retry) await takeOut().catch(() => null)
    throw error
  }
  await takeOut().catch(takeOut)
}

/** The event as Google wants it: busy time, no guests, no reminders, wall-clock time with offset and zone. */
export function toEvent(entry: CalendarEntry): calendar_v3.Schema$Event {
  return {
    id: entry.id,
    status: 'confirmed',
    summary: entry.summary,
    description: entry.description,
    start: { dateTime: wallClock(entry.startsAt, entry.zone), timeZone: entry.zone },
    end: { dateTime: wallClock(entry.endsAt, entry.zone), timeZone: entry.zone },
    transparency: 'opaque',
    guestsCanModify: false,
    guestsCanInviteOthers: false,
    reminders: { useDefault: false, overrides: [] },
    extendedProperties: { private: { ...entry.properties, origin } },
  }
}

/** What people did to an event of ours: another time, a whole day, another title. */
function seenIn({ id, summary, start, end, extendedProperties }: calendar_v3.Schema$Event): SeenEntry[] {
  const [startsAt, endsAt] = [start, end].map((one) => new Date(one?.dateTime ?? one?.date ?? 0))
  const properties = extendedProperties?.private ?? {}
  return id ? [{ id, summary: summary ?? '', startsAt: startsAt!, endsAt: endsAt!, properties }] : []
}

/** Marks our events among those people made. */
const origin = 'megaops-finops'

/** "2026-03-29T01:00:00+01:00": the offset settles the hour that comes twice in autumn. */
function wallClock(at: Date, zone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone)
  return local.toString({ timeZoneName: 'never', smallestUnit: 'second' })
}

/** A late retry of an older state must not undo a newer one. */
function isNewer(seen: calendar_v3.Schema$Event, entry: CalendarEntry): boolean {
  const known = Number(seen.extendedProperties?.private?.['rev'])
  return known > Number(entry.properties['rev'])
}

/** Lets one write per `paceMs` and calendar pass; the first one at once. */
function pacer(paceMs: number): (calendarId: string) => Promise<void> {
  const free = new Map<string, number>()
  return async (calendarId) => {
    const now = Date.now()
    const mine = Math.max(now, free.get(calendarId) ?? 0)
    free.set(calendarId, mine + paceMs)
    if (mine > now) await sleep(mine - now)
  }
}

async function answering<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw toCalendarError(error)
  }
}

type Refusal = { status: number; reasons: string[]; said: string }

/** What went wrong, in words for the person who connected the calendar, and whether waiting helps. */
export function toCalendarError(error: unknown): CalendarError {
  const { status, reasons, said } = refusalOf(error)
  // Only the words: the client's error carries the whole request.
  const cause = new Error(said)
  const made = (message: string, retry: boolean) => new CalendarError(message, status, retry, { cause })
  const throttled =
    status === 429 || (status === 403 && reasons.some((reason) => /(limit|limits|quota)exceeded/i.test(reason)))
  if (throttled) return made('Google Calendar asks us to slow down.', true)
  if (status === 0 || status >= 500) return made('Google Calendar does not answer.', true)
  if (reasons.includes('accessNotConfigured'))
    return made('The Google Calendar API is switched off in the project of the service account.', false)
  if (status === 403) return made('There are not enough permissions to change this calendar.', false)
  if (status === 404) return made('This calendar was not found.', false)
  if (status === 401 || reasons.includes('invalid_grant'))
    return made('Google does not accept the service account key.', false)
  return made(`Google Calendar refused: ${said}`, false)
}

function refusalOf(error: unknown): Refusal {
  const { response, message } = error as { response?: { status?: number; data?: unknown }; message?: string }
  const data = (response?.data ?? {}) as { error?: string | { message?: string; errors?: { reason?: string }[] } }
  const detail = typeof data.error === 'string' ? { errors: [{ reason: data.error }] } : data.error
  return {
    status: response?.status ?? 0,
    reasons: (detail?.errors ?? []).flatMap(({ reason }) => reason ?? []),
    said: (typeof data.error === 'object' && data.error.message) || message || 'no reason given',
  }
}
