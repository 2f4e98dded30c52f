import { and, asc, count, eq, gt, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { bookings, calendarEvents, calendars, type Calendar, type CalendarEvent } from '../schema/environments.ts'
import { liveBookingStates } from '../vocabulary.ts'

/** The calendar the organization mirrors its bookings into, or null. */
export async function findCalendar(db: Db, orgId: string): Promise<Calendar | null> {
  const [row] = await db.select().from(calendars).where(eq(calendars.orgId, orgId))
  return row ?? null
}

/** False when the organization has a calendar already. */
export async function insertCalendar(db: Db, row: typeof calendars.$inferInsert): Promise<boolean> {
  const made = await db.insert(calendars).values(row).onConflictDoNothing().returning({ orgId: calendars.orgId })
  return made.length === 1
}

/** How the last exchange with the calendar went; `lastSyncAt` only when it went well. */
export async function setCalendarState(
  db: Db,
  where: { orgId: string },
  change: { lastSyncAt?: Date; lastError: string | null },
): Promise<void> {
  await db.update(calendars).set(change).where(eq(calendars.orgId, where.orgId))
}

/** Forgets the calendar and every mirror; returns false when there was none. */
export async function deleteCalendar(db: Db, orgId: string): Promise<boolean> {
  await db.delete(calendarEvents).where(eq(calendarEvents.orgId, orgId))
  const gone = await db.delete(calendars).where(eq(calendars.orgId, orgId)).returning({ orgId: calendars.orgId })
  return gone.length === 1
}

/** How one booking is mirrored, or null when it never was. `lastError` set means the calendar is catching up. */
export async function findMirror(db: Db, bookingId: string): Promise<CalendarEvent | null> {
  const [row] = await db.select().from(calendarEvents).where(eq(calendarEvents.bookingId, bookingId))
  return row ?? null
}

/** Writes how mirroring went; a late success of an older revision never takes `mirroredRev` back. */
export async function upsertMirror(db: Db, row: typeof calendarEvents.$inferInsert): Promise<void> {
  await db
    .insert(calendarEvents)
    .values(row)
    .onConflictDoUpdate({
      target: calendarEvents.bookingId,
      set: {
        calendarId: row.calendarId,
        eventId: row.eventId,
        lastError: row.lastError ?? null,
        mirroredAt: row.mirroredAt ?? calendarEvents.mirroredAt,
        mirroredRev: sql`greatest(case when ${calendarEvents.calendarId} = excluded.calendar_id then ${calendarEvents.mirroredRev} else 0 end, excluded.mirrored_rev)`,
      },
    })
}

/** Organizations that mirror their bookings into a calendar. */
export async function listOrganizationsWithCalendar(db: Db): Promise<string[]> {
  const rows = await db.select({ orgId: calendars.orgId }).from(calendars).orderBy(asc(calendars.orgId))
  return rows.map((row) => row.orgId)
}

/** Forgets that live bookings were mirrored, all or the given ones, so that they are written again. */
export async function setMirrorsBehind(db: Db, where: { orgId: string; bookingIds?: string[] }): Promise<void> {
  const these = where.bookingIds ? inArray(bookings.id, where.bookingIds) : undefined
  const live = db
    .select({ id: bookings.id })
    .from(bookings)
    .where(and(eq(bookings.orgId, where.orgId), inArray(bookings.state, [...liveBookingStates]), these))
  await db.update(calendarEvents).set({ mirroredRev: 0 }).where(inArray(calendarEvents.bookingId, live))
}

const behind = or(isNull(calendarEvents.mirroredRev), lt(calendarEvents.mirroredRev, bookings.rev))

/** Bookings the calendar does not show as they are: live ones, and ended ones it was told about. */
const unmirrored = and(behind, or(inArray(bookings.state, [...liveBookingStates]), isNotNull(calendarEvents.bookingId)))

const withMirror = and(eq(calendarEvents.bookingId, bookings.id), eq(calendarEvents.calendarId, calendars.calendarId))

/** Ids of bookings the calendar does not show as they are, after `after`; none without a calendar. */
export async function listUnmirroredBookings(
  db: Db,
  where: { orgId: string; after?: string | undefined; limit: number },
): Promise<string[]> {
  const rows = await db
    .select({ id: bookings.id })
    .from(bookings)
    .innerJoin(calendars, eq(calendars.orgId, bookings.orgId))
    .leftJoin(calendarEvents, withMirror)
    .where(and(eq(bookings.orgId, where.orgId), unmirrored, where.after ? gt(bookings.id, where.after) : undefined))
    .orderBy(asc(bookings.id))
    .limit(where.limit)
  return rows.map((row) => row.id)
}

/** How many bookings the calendar is behind with. */
export async function countUnmirroredBookings(db: Db, orgId: string): Promise<number> {
  const [row] = await db
    .select({ found: count() })
    .from(bookings)
    .innerJoin(calendars, eq(calendars.orgId, bookings.orgId))
    .leftJoin(calendarEvents, withMirror)
    .where(and(eq(bookings.orgId, orgId), unmirrored))
  return row?.found ?? 0
}

/** Events of live bookings that the calendar shows, and up to which revision of the booking since when. */
export async function listMirroredEvents(
  db: Db,
  where: { orgId: string; calendarId: string },
): Promise<Pick<CalendarEvent, 'bookingId' | 'eventId' | 'mirroredRev' | 'mirroredAt'>[]> {
  const { bookingId, eventId, mirroredRev, mirroredAt } = calendarEvents
  return db
    .select({ bookingId, eventId, mirroredRev, mirroredAt })
    .from(calendarEvents)
    .innerJoin(bookings, eq(bookings.id, calendarEvents.bookingId))
    .where(
      and(
        eq(calendarEvents.orgId, where.orgId),
        eq(calendarEvents.calendarId, where.calendarId),
        inArray(bookings.state, [...liveBookingStates]),
      ),
    )
    .orderBy(asc(bookings.startsAt))
}
