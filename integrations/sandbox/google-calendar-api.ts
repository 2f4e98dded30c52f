/** The routes of Google Calendar v3 that a booking mirror needs, with Google's rules about ids, deleted events and tokens. */
import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import {
  CalendarRefusal,
  faultAnswers,
  refusalBody,
  refusals,
  type CalendarFault,
  type Refusal,
} from './google-calendar-answers.ts'
import type { CalendarEvent, CalendarStore } from './google-calendar-store.ts'
import type { TokenDesk } from './google-calendar-token.ts'

export type ApiDeps = {
  store: CalendarStore
  desk: TokenDesk
  /** The failure owed to the next request, used up by asking. */
  nextFault: () => CalendarFault | null
  record: (call: string) => void
}

type Env = { Bindings: HttpBindings }
type Body = Partial<CalendarEvent>

const refuse = (refusal: Refusal) => {
  throw new CalendarRefusal(refusal)
}

/** The HTTP face of the stand-in below `/token` and `/calendar/v3`. */
export function createCalendarApi({ store, desk, nextFault, record }: ApiDeps): Hono<Env> {
  const events = '/calendar/v3/calendars/:calendar/events'
  const app = new Hono<Env>()
  app.onError((error, c) => {
    if (!(error instanceof CalendarRefusal)) throw error
    return c.json(refusalBody(error.refusal), error.refusal.status)
  })
  app.use('*', async (c, next) => {
    const fault = nextFault()
    if (fault === 'down') return hangUp(c)
    const answer = fault && c.req.path !== '/token' ? faultAnswers[fault] : undefined
    record(
      `${c.req.method} ${c.req.path
        .split('/')
        .at(-1)!
        .replace(/^fb\w+/, ':id')}`,
    )
    if (answer) refuse(answer)
    if (fault === 'sync-gone' && c.req.query('syncToken')) refuse(refusals.syncGone)
    await next()
    if (fault === 'lost-answer' && c.req.path !== '/token') c.env.outgoing.destroy()
  })
  app.post('/token', async (c) => {
    const { status, body } = desk.grant(await c.req.parseBody())
    return c.json(body, status)
  })
  app.use('/calendar/*', async (c, next) => {
    if (!desk.accepts(c.req.header('authorization'))) refuse(refusals.unauthorized)
    await next()
  })
  app.use('/calendar/v3/calendars/:calendar/*', async (c, next) => {
    if (c.req.param('calendar') !== store.calendarId) refuse(refusals.calendarNotFound)
    await next()
  })
  app.get('/calendar/v3/users/me/calendarList', (c) =>
    c.json({
      kind: 'calendar#calendarList',
      items: [{ id: store.calendarId, summary: calendarName, accessRole: 'writer' }],
    }),
  )
  app.get(events, (c) => c.json(listAnswer(store, c.req.query())))
  app.post(events, async (c) => c.json(insert(store, await c.req.json<Body>())))
  app.get(`${events}/:id`, (c) => c.json(find(store, c.req.param('id'))))
  app.put(`${events}/:id`, async (c) => c.json(replace(store, c.req.param('id'), await c.req.json<Body>())))
  app.patch(`${events}/:id`, async (c) => c.json(patch(store, c.req.param('id'), await c.req.json<Body>())))
  app.delete(`${events}/:id`, (c) => {
    const event = find(store, c.req.param('id'))
    if (event.status === 'cancelled') refuse(refusals.deleted)
    store.put({ ...event, status: 'cancelled' })
    return c.body(null, 204)
  })
  return app
}

export const calendarName = 'Shared environments'

function hangUp(c: Context<Env>): Response {
  c.env.outgoing.destroy()
  return c.body(null)
}

function find(store: CalendarStore, id: string): CalendarEvent {
  return store.find(id) ?? refuse(refusals.eventNotFound)
}

/** A used id stays used, even when its event was deleted. */
function insert(store: CalendarStore, body: Body): CalendarEvent {
  const id = body.id ?? crypto.randomUUID().replaceAll('-', '')
  if (!/^[0-9a-v]{5,1024}$/.test(id)) refuse(refusals.badId)
  if (store.find(id)) refuse(refusals.duplicate)
  return store.put({ ...base(store, body), id, created: new Date().toISOString(), sequence: 0 })
}

/** PUT: everything is replaced; a deleted event lives again when its status says so. */
function replace(store: CalendarStore, id: string, body: Body): CalendarEvent {
  const { created, sequence } = find(store, id)
  return store.put({ ...base(store, body), id, created, sequence: sequence + 1 })
}

/** PATCH: what is named changes, null deletes, extended properties merge. */
function patch(store: CalendarStore, id: string, body: Body): CalendarEvent {
  const before = find(store, id)
  const merged = withoutNulls({ ...before, ...body })
  if (body.extendedProperties)
    merged['extendedProperties'] = {
      private: withoutNulls({ ...before.extendedProperties?.private, ...body.extendedProperties.private }),
    }
  const { created, sequence } = before
  return store.put({ ...base(store, merged), id, created, sequence: sequence + 1 })
}

/** The fields of an event with Google's defaults; its time is checked. */
function base(
  store: CalendarStore,
  body: Body,
): Omit<CalendarEvent, 'id' | 'created' | 'sequence' | 'updated' | 'etag'> {
  const { start, end } = body
  if (!start?.dateTime || !end?.dateTime) return refuse(refusals.badTime)
  const length = Date.parse(end.dateTime) - Date.parse(start.dateTime)
  if (Number.isNaN(length)) refuse(refusals.badTime)
  if (length <= 0) refuse(refusals.emptyTime)
  const who = { creator: { email: store.clientEmail }, organizer: { email: store.calendarId } }
  return { kind: 'calendar#event', status: 'confirmed', ...who, ...body, start, end }
}

const withoutNulls = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))

function listAnswer(store: CalendarStore, query: Record<string, string>): object {
  const filters = ['timeMin', 'timeMax', 'privateExtendedProperty', 'updatedMin', 'q', 'orderBy']
  if (query['syncToken'] && filters.some((name) => query[name])) refuse(refusals.syncMixed)
  const [property, value] = query['privateExtendedProperty']?.split('=') ?? []
  const showDeleted = query['showDeleted'] === 'true' || Boolean(query['syncToken'])
  const found = store
    .list(Number(query['syncToken'] ?? 0))
    .filter((event) => showDeleted || event.status !== 'cancelled')
    .filter((event) => !property || event.extendedProperties?.private?.[property] === value)
    .filter((event) => !query['timeMin'] || Date.parse(event.end.dateTime) > Date.parse(query['timeMin']))
    .filter((event) => !query['timeMax'] || Date.parse(event.start.dateTime) < Date.parse(query['timeMax']))
  const size = Number(query['maxResults'] ?? 250)
  const from = Number(query['pageToken'] ?? 0)
  const rest = from + size < found.length
  const token = rest ? { nextPageToken: String(from + size) } : { nextSyncToken: String(store.changes()) }
  return {
    kind: 'calendar#events',
    summary: calendarName,
    timeZone: 'UTC',
    items: found.slice(from, from + size),
    ...token,
  }
}
