/** Bookings are the truth: what people moved, renamed or deleted in the calendar is put back. */
import { findCalendar, listMirroredEvents, setCalendarState, setMirrorsBehind } from '../../db/queries/calendars.ts'
import { listBookings, type BookingRow } from '../../db/queries/environments.ts'
import type { Calendar } from '../../db/schema/environments.ts'
import { CalendarError, type CalendarPort, type SeenEntry } from '../../integrations/calendar.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { record } from '../events.ts'
import { eventIdOf, noteTrouble, summaryOf } from './calendar.ts'

/** So many bookings from now on are compared; starts lie at most 60 days ahead, so an organization has fewer. */
const most = 20_000

/**
 * Looks at the calendar once and queues every live booking whose event is gone or shows another time or title. Events of
 * other people are left alone. Returns how many are put back; throws `CalendarError` after noting it.
 */
export async function checkCalendar(ctx: Context): Promise<number> {
  const calendar = await findCalendar(ctx.db, ctx.orgId)
  const port = ctx.outside.calendar
  if (!calendar || !port) return 0
  const now = ctx.now()
  const seen = await look(ctx, { calendar, port })
  const [live, mirrored] = await Promise.all([
    listBookings(ctx.db, { orgId: ctx.orgId, from: now, limit: most }),
    listMirroredEvents(ctx.db, ctx.orgId),
  ])
  const known = new Set(mirrored.map(({ bookingId }) => bookingId))
  const changed = live.filter((booking) => known.has(booking.id) && differs(booking, seen.get(eventIdOf(booking.id))))
  if (changed.length) await putBack(ctx, { calendar, changed })
  return changed.length
}

async function look(
  ctx: Context,
  { calendar, port }: { calendar: Calendar; port: CalendarPort },
): Promise<Map<string, SeenEntry>> {
  const seen = new Map<string, SeenEntry>()
  try {
    for await (const entry of port.list(calendar.calendarId, ctx.now())) seen.set(entry.id, entry)
  } catch (error) {
    if (error instanceof CalendarError) await noteTrouble(ctx, { calendar, error })
    throw error
  }
  await setCalendarState(ctx.db, { orgId: ctx.orgId }, { lastSyncAt: ctx.now(), lastError: null })
  // It answers again: what waited for that goes out now.
  if (calendar.lastError) await enqueue(ctx, 'mirror-all-bookings', { orgId: ctx.orgId, key: `${ctx.orgId} now` })
  return seen
}

/** To the second: a calendar keeps no more. */
function differs(booking: BookingRow, seen: SeenEntry | undefined): boolean {
  if (!seen) return true
  const apart = (a: Date, b: Date) => Math.floor(a.getTime() / 1000) !== Math.floor(b.getTime() / 1000)
  return (
    seen.summary !== summaryOf(booking) || apart(seen.startsAt, booking.startsAt) || apart(seen.endsAt, booking.endsAt)
  )
}

/** Jobs may. */
async function putBack(
  ctx: Context,
  { calendar, changed }: { calendar: Calendar; changed: BookingRow[] },
): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const bookingIds = changed.map(({ id }) => id)
    await setMirrorsBehind(ctx.db, { orgId: ctx.orgId, bookingIds })
    for (const bookingId of bookingIds)
      await enqueue(ctx, 'mirror-booking', { orgId: ctx.orgId, bookingId, key: bookingId })
    const subject = { kind: 'calendar', id: calendar.calendarId } as const
    await record(ctx, 'calendar.repaired', { subject, after: { events: bookingIds.length } })
  })
}
