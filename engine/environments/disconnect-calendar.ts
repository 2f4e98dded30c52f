/**
 * Disconnecting forgets the calendar at once; a job takes our events out of it afterwards, one a second, because Google
 * lets nobody write faster. What is left to do is read from the calendar itself, so a killed job goes on where it was.
 */
import { deleteCalendar, findCalendar, listMirroredEvents, setMirrorsBehind } from '../../db/queries/calendars.ts'
import { listBookingsAmong } from '../../db/queries/environments.ts'
import { listManagers } from '../../db/queries/organizations.ts'
import { CalendarError, type CalendarPort } from '../../integrations/calendar.ts'
import { assertCan } from '../access.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { record } from '../events.ts'
import { notify } from '../notifications/notify.ts'
import type { Payload } from '../queues.ts'
import { hourMs } from '../time.ts'
import { bookingIdOf } from './calendar.ts'

/** A calendar that does not answer is asked again for so long; then somebody is told what stays there. */
const patienceMs = 24 * hourMs

/**
 * Forgets the calendar and queues taking the events of bookings that are not over out of it; past ones stay as history.
 * Returns how many events that are; whoever disconnected hears when they are out. They un-share the calendar themselves.
 */
export async function disconnectCalendar(ctx: Context): Promise<{ events: number }> {
  await assertCan(ctx, 'manage_organization')
  return inTransaction(ctx, async (ctx) => {
    const { orgId } = ctx
    const calendar = await findCalendar(ctx.db, orgId)
    if (!calendar) throw notFound('No calendar is connected. Nothing was changed.')
    const { calendarId } = calendar
    const events = (await listMirroredEvents(ctx.db, { orgId, calendarId })).length
    await deleteCalendar(ctx.db, orgId)
    const subject = { kind: 'calendar', id: calendarId } as const
    await record(ctx, 'calendar.disconnected', { subject, before: { calendarId }, after: { events } })
    const since = ctx.now().toISOString()
    const { personId } = ctx.actor
    await enqueue(ctx, 'clear-calendar', { orgId, calendarId, personId, events, since, key: `${orgId} ${calendarId}` })
    return { events }
  })
}

type Clearing = Payload<'clear-calendar'> & { signal?: AbortSignal }
/** `left` null: not even seen. `error`: why it stopped before the end. */
type End = { found: number; left: number | null; error: CalendarError | null }

/**
 * Takes this organization's events out of a calendar it disconnected and says how that ended. May run any number of
 * times. Throws `CalendarError` while waiting helps; a calendar that is connected again keeps its events.
 */
export async function clearCalendar(ctx: Context, input: Clearing): Promise<void> {
  const { found, left, error } = await takeOut(ctx, input)
  const waits = ctx.now().getTime() - Date.parse(input.since) < patienceMs
  if (error?.retry && waits) throw error
  // jobs may
  await inTransaction(ctx, async (ctx) => {
    const { orgId } = ctx
    if (await isConnected(ctx, input)) {
      // What was taken out before somebody connected it again is written again.
      await setMirrorsBehind(ctx.db, { orgId })
      return enqueue(ctx, 'mirror-all-bookings', { orgId, key: `${orgId} now` })
    }
    const removed = left === null ? 0 : Math.max(input.events, found) - left
    const subject = { kind: 'calendar', id: input.calendarId } as const
    await record(ctx, 'calendar.cleared', { subject, after: { removed, left, ...(error && { error: error.message }) } })
    await notify(ctx, {
      kind: 'calendar-cleared',
      key: `calendar-cleared ${input.calendarId} ${input.since}`,
      personIds: await whoHears(ctx, input.personId),
      facts: { calendarId: input.calendarId, removed, left, reason: error?.message ?? null },
    })
  })
}

/** One after the other; the calendar's own pace is one write a second. Stops at the first failure. */
async function takeOut(ctx: Context, { calendarId, signal }: Clearing): Promise<End> {
  const port = ctx.outside.calendar
  if (!port) return { found: 0, left: null, error: keyless() }
  let [found, left]: [number, number | null] = [0, null]
  try {
    const ours = await listOurs(ctx, { port, calendarId })
    found = left = ours.length
    for (const eventId of ours) {
      signal?.throwIfAborted()
      if (await isConnected(ctx, { calendarId })) break
      await port.remove(calendarId, eventId)
      left -= 1
    }
    return { found, left, error: null }
  } catch (error) {
    if (!(error instanceof CalendarError)) throw error
    return { found, left, error }
  }
}

/** A calendar may show bookings of several organizations: only events about bookings of this one are ours. */
async function listOurs(
  ctx: Context,
  { port, calendarId }: { port: CalendarPort; calendarId: string },
): Promise<string[]> {
  const shown = new Map<string, string>()
  for await (const { id } of port.list(calendarId, ctx.now())) {
    const bookingId = bookingIdOf(id)
    if (bookingId) shown.set(bookingId, id)
  }
  const own = await listBookingsAmong(ctx.db, { orgId: ctx.orgId, ids: [...shown.keys()] })
  return own.map((bookingId) => shown.get(bookingId)!)
}

const isConnected = async (ctx: Context, { calendarId }: { calendarId: string }): Promise<boolean> =>
  (await findCalendar(ctx.db, ctx.orgId))?.calendarId === calendarId

async function whoHears(ctx: Context, personId: string | null): Promise<string[]> {
  if (personId) return [personId]
  return (await listManagers(ctx.db, { orgId: ctx.orgId, poolId: null })).map(({ id }) => id)
}

const keyless = () => new CalendarError('This installation has no Google service account key any more.', 0, false)
