/** A Google Calendar on this machine: the real HTTP protocol for the client, a week page for people. */
import type { Server } from 'node:http'
import { type HttpBindings, serve } from '@hono/node-server'
import { Hono } from 'hono'
import { type CalendarFault } from './google-calendar-answers.ts'
import { createCalendarApi } from './google-calendar-api.ts'
import { weekPage } from './google-calendar-page.ts'
import { createCalendarStore, type CalendarEvent } from './google-calendar-store.ts'
import { createTokenDesk } from './google-calendar-token.ts'

export type GoogleCalendarSandboxOptions = {
  /** A free port of this machine by default. */
  port?: number
  /** A JSON file that keeps events and key over a restart. */
  stateFile?: string
}

export type GoogleCalendarSandbox = {
  /** Address of the week page and, as `rootUrl`, of the API. */
  url: string
  /** A service account key the stand-in accepts. */
  credentialsJson: string
  /** The calendar that is shared with the service account; any other id is not found. */
  calendarId: string
  /** Events that are not deleted, oldest change first. */
  events: () => CalendarEvent[]
  /** Deleted events too. */
  history: () => CalendarEvent[]
  /** Requests so far, e.g. "POST events", "PUT :id"; the token is one too. */
  calls: () => string[]
  /** Fails the next `times` requests (all by default) that way; null heals. */
  fail: (fault: CalendarFault | null, times?: number) => void
  stop: () => Promise<void>
}

/** Starts the stand-in on loopback; resolves when it listens. */
export async function startGoogleCalendarSandbox(
  options: GoogleCalendarSandboxOptions = {},
): Promise<GoogleCalendarSandbox> {
  const store = createCalendarStore(options.stateFile)
  const calls: string[] = []
  let owed: { fault: CalendarFault; left: number } | null = null
  const nextFault = () => {
    if (!owed || owed.left <= 0) return null
    owed.left -= 1
    return owed.fault
  }
  const api = createCalendarApi({ store, desk: createTokenDesk(store), nextFault, record: (call) => calls.push(call) })
  const localZone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  const app = new Hono<{ Bindings: HttpBindings }>()
    .get('/', (c) => {
      const { zone = localZone, week } = c.req.query()
      const known = zone === 'UTC' || Intl.supportedValuesOf('timeZone').includes(zone)
      return c.html(weekPage({ events: store.list(), now: new Date(), zone: known ? zone : localZone, week }))
    })
    .route('/', api)
  const { server, port } = await new Promise<{ server: Server; port: number }>((resolve) => {
    const made = serve({ fetch: app.fetch, port: options.port ?? 0, hostname: '127.0.0.1' }, (info) =>
      resolve({ server: made as Server, port: info.port }),
    )
  })
  return {
    url: `http://127.0.0.1:${port}`,
    credentialsJson: store.credentialsJson,
    calendarId: store.calendarId,
    events: () => store.list().filter((event) => event.status !== 'cancelled'),
    history: () => store.list(),
    calls: () => [...calls],
    fail: (fault, times = Number.POSITIVE_INFINITY) => (owed = fault && { fault, left: times }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
