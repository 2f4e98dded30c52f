/**
 * The calendar follows the bookings, one way: the database decides, and nothing about a calendar may block or lose a
 * booking. Every change of a booking queues `mirror-booking`; what fails waits in its row and is caught up.
 */
import { z } from 'zod'
import {
  findCalendar,
  findMirror,
  insertCalendar,
  listUnmirroredBookings,
  setCalendarState,
  setMirrorsBehind,
  upsertMirror,
} from '../../db/queries/calendars.ts'
import { findBooking, type BookingRow } from '../../db/queries/environments.ts'
import { findPerson } from '../../db/queries/organizations.ts'
import type { Calendar } from '../../db/schema/environments.ts'
import { CalendarError, type CalendarEntry, type CalendarPort } from '../../integrations/calendar.ts'
import { assertCan } from '../access.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { conflict, invalid, upstream, type AppError } from '../errors.ts'
import { record } from '../events.ts'
import { minuteMs } from '../time.ts'

/** After an outage the calendar is tried again so soon, so that events appear at most 5 minutes after it is back. */
const catchUpMs = 4 * minuteMs

export const ConnectCalendar = z.object({
  calendarId: z
    .string()
    .trim()
    .min(1, 'Paste the calendar id from Google Calendar.')
    .max(200)
    .meta({ label: 'Calendar id' }),
})
export type ConnectCalendar = z.input<typeof ConnectCalendar>

/**
 * Connects the organization's calendar after proving write access with an event that is deleted again, then mirrors every
 * live booking in the background. Connecting the same calendar again checks it and undoes what was changed
 * there by hand.
 */
export async function connectCalendar(ctx: Context, input: ConnectCalendar): Promise<Calendar> {
  await assertCan(ctx, 'manage_organization')
  const { calendarId } = ConnectCalendar.parse(input)
  const port = portOf(ctx)
  const known = await findCalendar(ctx.db, ctx.orgId)
  if (known && known.calendarId !== calendarId) throw anotherCalendar()
  await port.probe(calendarId, ctx.now()).catch((error: unknown) => {
    throw sayProbe(error, { calendarId, address: port.serviceAddress })
  })
  return inTransaction(ctx, async (ctx) => {
    const connectedAt = ctx.now()
    await insertCalendar(ctx.db, { orgId: ctx.orgId, calendarId, connectedBy: ctx.actor.personId, connectedAt })
    const calendar = await findCalendar(ctx.db, ctx.orgId)
    if (calendar?.calendarId !== calendarId) throw anotherCalendar()
    await setCalendarState(ctx.db, { orgId: ctx.orgId }, { lastError: null })
    await setMirrorsBehind(ctx.db, { orgId: ctx.orgId })
    await record(ctx, 'calendar.connected', { subject: { kind: 'calendar', id: calendarId }, after: { calendarId } })
    await enqueue(ctx, 'mirror-all-bookings', { orgId: ctx.orgId, key: `${ctx.orgId} now` })
    return { ...calendar, lastError: null }
  })
}

/**
 * Makes the calendar show one booking as it is now: its event is written, or taken out when the booking was cancelled or
 * is gone. May run any number of times. Throws `CalendarError` after noting it; the queue decides about another try.
 */
export async function mirrorBooking(ctx: Context, input: { bookingId: string }): Promise<void> {
  const calendar = await findCalendar(ctx.db, ctx.orgId)
  const port = ctx.outside.calendar
  if (!calendar || !port) return
  const booking = await findBooking(ctx.db, { orgId: ctx.orgId, id: input.bookingId })
  const eventId = eventIdOf(input.bookingId)
  try {
    if (booking && booking.state !== 'cancelled') await port.put(calendar.calendarId, await entryOf(ctx, booking))
    else await port.remove(calendar.calendarId, eventId)
    // Disconnected while it was written: whoever empties the calendar may have looked before this event was there.
    if ((await findCalendar(ctx.db, ctx.orgId))?.calendarId !== calendar.calendarId)
      return await port.remove(calendar.calendarId, eventId)
  } catch (error) {
    if (!(error instanceof CalendarError)) throw error
    await noteFailure(ctx, { calendar, booking, error })
    throw error
  }
  await noteSuccess(ctx, { calendar, booking })
}

/**
 * Mirrors every booking the calendar is behind with, one after the other; stops at the first failure and goes on there next
 * time. Told to stop it throws: a job that ends without an error counts as done, and the rest would wait for nobody.
 */
export async function mirrorAllBookings(ctx: Context, signal?: AbortSignal): Promise<void> {
  for (let after: string | undefined; ;) {
    const page = await listUnmirroredBookings(ctx.db, { orgId: ctx.orgId, after, limit: 100 })
    for (const bookingId of page) {
      signal?.throwIfAborted()
      await mirrorBooking(ctx, { bookingId })
    }
    after = page.at(-1)
    if (after === undefined) return
  }
}

/** Google takes base32hex ids, and hexadecimal is part of that: one booking is one event, whoever writes it how often. */
export const eventIdOf = (bookingId: string): string => `fb${bookingId.replaceAll('-', '')}`

/** The booking an event of ours would be about, or null for anything else. */
export function bookingIdOf(eventId: string): string | null {
  const parts = /^fb([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(eventId)
  return parts && parts.slice(1).join('-')
}

/** The title of the event of a booking. */
export const summaryOf = ({ environment, holder }: BookingRow): string => `${environment} is booked by ${holder}`

async function entryOf(ctx: Context, booking: BookingRow): Promise<CalendarEntry> {
  const holder = await findPerson(ctx.db, { orgId: ctx.orgId, id: booking.personId })
  const page = `${ctx.publicUrl}/environments/${booking.environmentId}`
  return {
    id: eventIdOf(booking.id),
    summary: summaryOf(booking),
    description: booking.reason ? `${booking.reason}\n${page}` : page,
    startsAt: booking.startsAt,
    endsAt: booking.endsAt,
    zone: holder?.zone ?? 'UTC',
    properties: {
      orgId: ctx.orgId,
      bookingId: booking.id,
      environmentId: booking.environmentId,
      rev: String(booking.rev),
    },
  }
}

type Mirrored = { calendar: Calendar; booking: BookingRow | null }

/** Jobs may. No event: the audit trail has the booking's change; the mirror's state lies in its own row. */
async function noteSuccess(ctx: Context, { calendar, booking }: Mirrored): Promise<void> {
  const now = ctx.now()
  await inTransaction(ctx, async (ctx) => {
    const before = booking && (await findMirror(ctx.db, booking.id))
    if (booking)
      await upsertMirror(ctx.db, { ...mirrorOf(calendar, booking), mirroredRev: booking.rev, mirroredAt: now })
    await setCalendarState(ctx.db, { orgId: ctx.orgId }, { lastSyncAt: now, lastError: null })
    if (booking && before?.lastError) await redraw(ctx, booking)
    // It answers again: everything else that waits goes out now.
    if (calendar.lastError) await enqueue(ctx, 'mirror-all-bookings', { orgId: ctx.orgId, key: `${ctx.orgId} now` })
  })
}

async function noteFailure(
  ctx: Context,
  { calendar, booking, error }: Mirrored & { error: CalendarError },
): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const before = booking && (await findMirror(ctx.db, booking.id))
    if (booking) await upsertMirror(ctx.db, { ...mirrorOf(calendar, booking), lastError: error.message })
    await noteTrouble(ctx, { calendar, error })
    if (booking && !before?.lastError) await redraw(ctx, booking)
    if (!error.retry) return
    const startAfter = new Date(ctx.now().getTime() + catchUpMs)
    await enqueue(ctx, 'mirror-all-bookings', { orgId: ctx.orgId, key: `${ctx.orgId} later`, startAfter })
  })
}

/** The state of the calendar says what is wrong; the audit trail says when it began. */
export async function noteTrouble(
  ctx: Context,
  { calendar, error }: { calendar: Calendar; error: CalendarError },
): Promise<void> {
  await setCalendarState(ctx.db, { orgId: ctx.orgId }, { lastError: error.message })
  if (calendar.lastError) return
  const subject = { kind: 'calendar', id: calendar.calendarId } as const
  await record(ctx, 'calendar.failed', { subject, after: { error: error.message } })
}

const mirrorOf = (calendar: Calendar, booking: BookingRow) => ({
  bookingId: booking.id,
  orgId: booking.orgId,
  calendarId: calendar.calendarId,
  eventId: eventIdOf(booking.id),
})

/** The card says "calendar catching up", or no longer. */
const redraw = (ctx: Context, booking: BookingRow) =>
  enqueue(ctx, 'redraw-copies', {
    orgId: ctx.orgId,
    kind: 'booking',
    id: booking.id,
    key: `${ctx.orgId} booking ${booking.id}`,
  })

function portOf(ctx: Context): CalendarPort {
  if (ctx.outside.calendar) return ctx.outside.calendar
  throw invalid('This installation has no Google service account key, so no calendar can be connected.', {
    field: 'calendarId',
    next: 'Ask whoever runs it to set GOOGLE_CREDENTIALS.',
  })
}

const anotherCalendar = () =>
  conflict('Another calendar is connected already, and an organization has one. Nothing was changed.', {
    field: 'calendarId',
    next: 'Disconnect that one first.',
  })

function sayProbe(error: unknown, { calendarId, address }: { calendarId: string; address: string }): unknown {
  if (!(error instanceof CalendarError)) return error
  const share = `In Google Calendar open the settings of the calendar, Share with specific people, add ${address} with "Make changes to events", then connect again.`
  const refused = (message: string): AppError =>
    invalid(`${message} Nothing was connected.`, { field: 'calendarId', next: share })
  if (error.status === 403 && !error.retry)
    return refused(`There are not enough permissions to write to ${calendarId}.`)
  if (error.status === 404) return refused(`The calendar ${calendarId} was not found, or is not shared with us.`)
  if (error.retry) return upstream(`${error.message} Nothing was connected.`, { next: 'Try again in a minute.' })
  return invalid(`${error.message} Nothing was connected.`, { field: 'calendarId' })
}
