/** What the calendar stand-in remembers: events by id with a change counter, its key pair, and a file to survive a restart. */
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

export type EventTime = { dateTime: string; timeZone?: string }

/** An event as Google answers it, as far as anybody here reads it. */
export type CalendarEvent = {
  kind?: string
  id: string
  status: 'confirmed' | 'tentative' | 'cancelled'
  summary?: string
  description?: string
  start: EventTime
  end: EventTime
  transparency?: 'opaque' | 'transparent'
  extendedProperties?: { private?: Record<string, string> }
  creator?: { email: string }
  organizer?: { email: string }
  created: string
  updated: string
  etag: string
  sequence: number
}

type Kept = { event: CalendarEvent; change: number }

type State = {
  calendarId: string
  clientEmail: string
  privateKey: string
  publicKey: string
  changes: number
  events: Record<string, Kept>
}

export type CalendarStore = ReturnType<typeof createCalendarStore>

/** Opens the store; with a file it begins where it stopped, key pair included, so that credentials stay valid. */
export function createCalendarStore(stateFile?: string) {
  const state = stateFile && existsSync(stateFile) ? (JSON.parse(readFileSync(stateFile, 'utf8')) as State) : fresh()
  const save = () => {
    if (!stateFile) return
    mkdirSync(dirname(stateFile), { recursive: true, mode: 0o700 })
    writeFileSync(`${stateFile}.new`, JSON.stringify(state), { mode: 0o600 })
    renameSync(`${stateFile}.new`, stateFile)
  }
  save()
  return {
    calendarId: state.calendarId,
    clientEmail: state.clientEmail,
    publicKey: state.publicKey,
    /** The service account key as Google's JSON file. */
    credentialsJson: JSON.stringify({
      type: 'service_account',
      project_id: 'sandbox',
      private_key_id: 'sandbox',
      private_key: state.privateKey,
      client_email: state.clientEmail,
      token_uri: 'https://oauth2.googleapis.com/token',
    }),
    find: (id: string): CalendarEvent | undefined => state.events[id]?.event,
    /** All events, deleted ones included, in the order they were last changed; `since` leaves out older changes. */
    list: (since = 0): CalendarEvent[] =>
      Object.values(state.events)
        .filter((kept) => kept.change > since)
        .toSorted((a, b) => a.change - b.change)
        .map((kept) => kept.event),
    changes: () => state.changes,
    put(event: Omit<CalendarEvent, 'updated' | 'etag'>): CalendarEvent {
      state.changes += 1
      const kept: CalendarEvent = { ...event, updated: new Date().toISOString(), etag: `"${state.changes}"` }
      state.events[event.id] = { event: kept, change: state.changes }
      save()
      return kept
    },
  }
}

function fresh(): State {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return {
    calendarId: `${randomUUID().replaceAll('-', '')}@group.calendar.google.com`,
    clientEmail: 'finops@sandbox.iam.gserviceaccount.com',
    privateKey,
    publicKey,
    changes: 0,
    events: {},
  }
}
