/** Bookings are the truth: what people moved, renamed or deleted in the calendar is put back. */
import { findCalendar, listMirroredEvents, setCalendarState, setMirrorsBehind } from '../../db/queries/calendars.ts'
import { listBookings, listBookingsAmong, type BookingRow } from '../../db/queries/environments.ts'
import type { Calendar } from '../../db/schema/environments.ts'
import { CalendarError, type CalendarPort, type SeenEntry } from '../../integrations/calendar.ts'
import { enqueue, enqueueAll, inTransaction, type Context } from '../context.ts'
import { record } from '../events.ts'
import { notify } from '../notifications/notify.ts'
import { minuteMs } from '../time.ts'
import { bookingIdOf, eventIdOf, noteTrouble, summaryOf } from './calendar.ts'

/** So many bookings from now on are compared; starts lie at most 60 days ahead, so an organization has fewer. */
const most = 20_000

/**
 * Looks at the calendar once and queues every live booking whose event is gone or shows another time or title. Events of
 * other people are left alone. Holders hear once what somebody did to the time of their booking's event. Returns how many
 * are put back; throws `CalendarError` after noting it.
 */
export async function checkCalendar(ctx: Context): Promise<number> {
  const calendar = await findCalendar(ctx.db, ctx.orgId)
  const port = ctx.outside.calendar
  if (!calendar || !port) return 0
  const now = ctx.now()
  const seen = await look(ctx, { calendar, port })
  const [live, mirrored] = await Promise.all([
    listBookings(ctx.db, { orgId: ctx.orgId, from: now, limit: most }),
    listMirroredEvents(ctx.db, { orgId: ctx.orgId, calendarId: calendar.calendarId }),
  ])
  const known = new Map(mirrored.map((mirror) => [mirror.bookingId, mirror]))
  const changed = live.flatMap((booking): Changed[] => {
    const mirror = known.get(booking.id)
    const entry = seen.get(eventIdOf(booking.id)) ?? null
    if (!mirror || !differs(booking, entry)) return []
    // Shown as it is before we looked, so somebody else did it; a mirror that is behind only lags.
    const byHand = mirror.mirroredRev >= booking.rev && mirror.mirroredAt !== null && mirror.mirroredAt <= now
    return [{ booking, entry, shownAt: byHand ? mirror.mirroredAt : null }]
  })
  if (changed.length) await putBack(ctx, { calendar, changed })
  await takeOutOrphans(ctx, seen)
  return changed.length
}

/** `entry` null: the event is gone. `shownAt`: since when the calendar showed the booking as it is, null when it did not. */
type Changed = { booking: BookingRow; entry: SeenEntry | null; shownAt: Date | null }

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

/** Events of ours whose booking went with its environment while the calendar could not be written. Jobs may. */
async function takeOutOrphans(ctx: Context, seen: Map<string, SeenEntry>): Promise<void> {
  const { orgId } = ctx
  const ours = [...seen.values()].flatMap(({ id, properties }) =>
    properties['orgId'] === orgId ? (bookingIdOf(id) ?? []) : [],
  )
  const there = new Set(await listBookingsAmong(ctx.db, { orgId, ids: ours }))
  const orphans = ours.filter((bookingId) => !there.has(bookingId))
  if (orphans.length === 0) return
  // no event: deleting the environment was one.
  await inTransaction(ctx, async (ctx) => {
    const jobs = orphans.map((bookingId) => ({ orgId, bookingId, key: bookingId }))
    await enqueueAll(ctx, 'mirror-booking', jobs)
  })
}

const differs = (booking: BookingRow, entry: SeenEntry | null): boolean =>
  !entry || entry.summary !== summaryOf(booking) || isMoved(booking, entry)

/** To the second: a calendar keeps no more. */
function isMoved(booking: BookingRow, entry: SeenEntry): boolean {
  const apart = (a: Date, b: Date) => Math.floor(a.getTime() / 1000) !== Math.floor(b.getTime() / 1000)
  return apart(entry.startsAt, booking.startsAt) || apart(entry.endsAt, booking.endsAt)
}

/** Jobs may. */
async function putBack(ctx: Context, { calendar, changed }: { calendar: Calendar; changed: Changed[] }): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const bookingIds = changed.map(({ booking }) => booking.id)
    await setMirrorsBehind(ctx.db, { orgId: ctx.orgId, bookingIds })
    for (const bookingId of bookingIds)
      await enqueue(ctx, 'mirror-booking', { orgId: ctx.orgId, bookingId, key: bookingId })
    for (const one of changed) await tellHolder(ctx, one)
    const subject = { kind: 'calendar', id: calendar.calendarId } as const
    await record(ctx, 'calendar.repaired', { subject, after: { events: bookingIds.length } })
  })
}

/**
 * A new title moves nobody, so it is put back without a word; an event about to end may be gone because it is over. The key
 * has the writing that was undone in it: once per change.
 */
async function tellHolder(ctx: Context, { booking, entry, shownAt }: Changed): Promise<void> {
  const ending = booking.endsAt.getTime() - ctx.now().getTime() < minuteMs
  if (!shownAt || ending || (entry && !isMoved(booking, entry))) return
  await notify(ctx, {
    kind: 'booking-put-back',
    key: `booking-put-back ${booking.id} ${shownAt.toISOString()}`,
    personIds: [booking.personId],
    facts: {
      ...{ bookingId: booking.id, rev: booking.rev, environmentId: booking.environmentId },
      ...{ environment: booking.environment, startsAt: booking.startsAt, endsAt: booking.endsAt },
      active: booking.state === 'active',
      movedTo: entry && { startsAt: entry.startsAt, endsAt: entry.endsAt },
    },
  })
}
