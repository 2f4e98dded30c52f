/** The life of a booking: made, moved, ended early, taken back. Half-open in time, so one may end when the next begins. */
import { z } from 'zod'
import {
  countFutureBookings,
  findBooking,
  findEnvironment,
  insertBooking,
  lockBookingsOf,
  setBooking,
  setEnvironment,
  type BookingRow,
  type EnvironmentRow,
} from '../../db/queries/environments.ts'
import { findPerson } from '../../db/queries/organizations.ts'
import { liveBookingStates } from '../../db/vocabulary.ts'
import type { Booking } from '../../db/schema/environments.ts'
import { assertCan, can, whoCan } from '../access.ts'
import { persist } from '../attempts.ts'
import { enqueue, type Context } from '../context.ts'
import { conflict, forbidden, invalid, notFound, overLimit, postgresError } from '../errors.ts'
import { record, redrawCopies, type Change } from '../events.ts'
import { notify } from '../notifications/notify.ts'
import { minuteMs } from '../time.ts'
import { allowedSlot, assertLength, maxFutureBookings, undoMs } from './limits.ts'
import { takenConflict } from './taken.ts'

export const BookEnvironment = z.object({
  environmentId: z.uuid(),
  startsAt: z.date(),
  endsAt: z.date(),
  reason: z.string().trim().max(200, 'Use 200 characters at most.').default(''),
  /** For whom; the actor when left out. Only managers of the environment book for others. */
  personId: z.uuid().optional(),
})
export type BookEnvironment = z.input<typeof BookEnvironment>

/**
 * Holds an environment for a person. The database refuses an overlap, so of many clicks at once one wins; the others get
 * a Conflict with `TakenFacts`: the holder, until when, and three free slots. Never waits for a calendar.
 */
export async function bookEnvironment(ctx: Context, input: BookEnvironment): Promise<Booking> {
  const wish = BookEnvironment.parse(input)
  const environment = await getEnvironment(ctx, wish.environmentId)
  await assertCan(ctx, 'book_environments', environment)
  const isManager = await can(ctx, 'manage_environments', { poolId: environment.poolId })
  const personId = await holderOf(ctx, environment, { personId: wish.personId, isManager })
  if (!environment.available)
    throw invalid(`${environment.name} is not available now. Nothing was booked.`, {
      field: 'environment',
      next: 'Choose another environment.',
    })
  const slot = allowedSlot(environment, wish, { now: ctx.now(), isManager })
  const booking = await attempt(ctx, async (ctx) => {
    await assertFewFuture(ctx, environment, { personId, startsAt: slot.startsAt })
    const made = await insertBooking(ctx.db, {
      orgId: ctx.orgId,
      environmentId: environment.id,
      personId,
      ...slot,
      plannedEndsAt: slot.endsAt,
      reason: wish.reason,
      state: slot.startsAt <= ctx.now() ? 'active' : 'booked',
      createdAt: ctx.now(),
    })
    if (!made) return null
    await record(ctx, 'booking.made', { subject: { kind: 'booking', id: made.id }, after: facts(made) })
    await tellOthers(ctx, made, environment)
    return made
  })
  if (booking) return booking
  throw await takenConflict(ctx, { environment, ...slot, unchanged: 'Nothing was booked.' })
}

export const ExtendBooking = z.object({
  bookingId: z.uuid(),
  minutes: z.number().int().optional(),
  endsAt: z.date().optional(),
})
export type ExtendBooking = z.input<typeof ExtendBooking>

/** Moves the end of a live booking by `minutes` (negative shortens) or to `endsAt`, as far as the next booking and the limit allow. */
export async function extendBooking(ctx: Context, input: ExtendBooking): Promise<Booking> {
  const { bookingId, minutes, endsAt: wished } = ExtendBooking.parse(input)
  const { booking, environment } = await getLive(ctx, bookingId)
  await assertCan(ctx, 'release_bookings', { ...environment, ownerId: booking.personId })
  const endsAt = wished ?? new Date(booking.endsAt.getTime() + (minutes ?? 0) * minuteMs)
  if (endsAt <= ctx.now() || endsAt <= booking.startsAt)
    throw invalid('The new end must be in the future and after the start. The booking is unchanged.', { field: 'end' })
  const isManager = await can(ctx, 'manage_environments', { poolId: environment.poolId })
  const slot = { startsAt: booking.startsAt, endsAt }
  if (endsAt > booking.endsAt) assertLength(environment, slot, { isManager, unchanged: 'The booking is unchanged.' })
  return changeBooking(ctx, { booking, environment }, 'booking.extended', {
    endsAt,
    plannedEndsAt: endsAt,
    remindedAt: null,
  })
}

/** Ends a booking now: the environment is free at once. A booking that has not begun is cancelled instead. */
export async function releaseBooking(ctx: Context, input: { bookingId: string }): Promise<Booking> {
  const { booking, environment } = await getLive(ctx, input.bookingId)
  await assertCan(ctx, 'release_bookings', { ...environment, ownerId: booking.personId })
  const now = ctx.now()
  if (booking.startsAt > now)
    return changeBooking(ctx, { booking, environment }, 'booking.cancelled', { state: 'cancelled' })
  // A booking lasts some time, even one released in the instant it began.
  const endsAt = new Date(Math.max(now.getTime(), booking.startsAt.getTime() + 1))
  return changeBooking(ctx, { booking, environment }, 'booking.released', { state: 'released', endsAt })
}

/** Takes a booking back as if it had not been made: one that has not begun, or one made within the last 30 minutes. */
export async function cancelBooking(ctx: Context, input: { bookingId: string }): Promise<Booking> {
  const { booking, environment } = await getLive(ctx, input.bookingId)
  await assertCan(ctx, 'release_bookings', { ...environment, ownerId: booking.personId })
  const now = ctx.now().getTime()
  if (booking.startsAt.getTime() <= now && now - booking.createdAt.getTime() > undoMs)
    throw conflict(`The booking of ${environment.name} has begun, so it can no longer be cancelled. It is unchanged.`, {
      next: 'Release it instead.',
    })
  return changeBooking(ctx, { booking, environment }, 'booking.cancelled', { state: 'cancelled' })
}

/** Undoes a release or a cancellation: the booking holds its slot again, if nobody took it and its time is not over. */
export async function reviveBooking(ctx: Context, input: { bookingId: string }): Promise<Booking> {
  const booking = await getBooking(ctx, input.bookingId)
  const environment = await getEnvironment(ctx, booking.environmentId)
  await assertCan(ctx, 'release_bookings', { ...environment, ownerId: booking.personId })
  if (booking.state !== 'released' && booking.state !== 'cancelled')
    throw conflict(`The booking of ${environment.name} was not ended early, so there is nothing to undo.`)
  if (booking.plannedEndsAt <= ctx.now())
    throw conflict(`The booking of ${environment.name} would be over by now. Nothing was changed.`, {
      next: 'Book it again.',
    })
  if (!(await findPerson(ctx.db, { orgId: ctx.orgId, id: booking.personId })))
    throw conflict(`${booking.holder} is not here any more. Nothing was changed.`, { next: 'Book it for yourself.' })
  return changeBooking(ctx, { booking, environment }, 'booking.revived', {
    state: booking.startsAt <= ctx.now() ? 'active' : 'booked',
    endsAt: booking.plannedEndsAt,
  })
}

/** The one way a booking changes after it was made. Called by the verbs above, which checked the right. */
async function changeBooking(
  ctx: Context,
  { booking, environment }: { booking: BookingRow; environment: EnvironmentRow },
  name: string,
  change: Partial<Pick<Booking, 'state' | 'endsAt' | 'plannedEndsAt' | 'remindedAt'>>,
): Promise<Booking> {
  try {
    return await attempt(ctx, async (ctx) => {
      const changed = await setBooking(ctx.db, { orgId: ctx.orgId, id: booking.id, rev: booking.rev }, change)
      if (!changed)
        throw conflict(`The booking of ${environment.name} was changed by somebody else a moment ago.`, {
          next: 'Look at it again and decide anew.',
        })
      const both: Change = { before: facts(booking), after: facts(changed) }
      await record(ctx, name, { subject: { kind: 'booking', id: changed.id }, ...both })
      await tellOthers(ctx, changed, environment)
      return changed
    })
  } catch (error) {
    if (postgresError(error)?.constraint !== 'bookings_no_overlap') throw error
    const slot = { startsAt: booking.startsAt, endsAt: change.endsAt ?? booking.endsAt }
    throw await takenConflict(ctx, {
      environment,
      ...slot,
      own: booking,
      unchanged: 'Nothing was changed.',
    })
  }
}

/**
 * What follows every change: buttons of the environment's cards become stale and are redrawn, the calendar mirrors the
 * booking, a new one is announced once, and a holder hears what somebody else decided for them.
 */
async function tellOthers(ctx: Context, booking: Booking, environment: EnvironmentRow): Promise<void> {
  await setEnvironment(ctx.db, { orgId: ctx.orgId, id: environment.id }, {})
  await enqueue(ctx, 'mirror-booking', { orgId: ctx.orgId, bookingId: booking.id, key: booking.id })
  await redrawCopies(ctx, { kind: 'environment', id: environment.id })
  const subject = { kind: 'booking' as const, id: booking.id }
  const byOther = ctx.actor.personId !== null && ctx.actor.personId !== booking.personId
  if (byOther)
    await notify(ctx, {
      kind: 'booking-card',
      key: `booking-card ${booking.id} to its holder ${booking.rev}`,
      personIds: [booking.personId],
      subject,
    })
  if (environment.channel)
    await notify(ctx, {
      kind: 'booking-card',
      key: `booking-card ${booking.id}`,
      channel: environment.channel,
      subject,
    })
}

async function holderOf(
  ctx: Context,
  environment: EnvironmentRow,
  { personId = ctx.actor.personId ?? undefined, isManager }: { personId: string | undefined; isManager: boolean },
): Promise<string> {
  if (personId && personId === ctx.actor.personId) return personId
  if (!isManager) {
    const managers = await whoCan(ctx, 'manage_environments', { poolId: environment.poolId })
    throw forbidden(`You can book ${environment.name} for yourself, not for others. Nothing was booked.`, {
      whoCan: managers.map((manager) => manager.id),
    })
  }
  const person = personId && (await findPerson(ctx.db, { orgId: ctx.orgId, id: personId }))
  if (!person) throw notFound('The person to book for is not in this organization. Nothing was booked.')
  return person.id
}

async function assertFewFuture(
  ctx: Context,
  environment: EnvironmentRow,
  { personId, startsAt }: { personId: string; startsAt: Date },
): Promise<void> {
  const now = ctx.now()
  if (startsAt <= now) return
  await lockBookingsOf(ctx.db, { environmentId: environment.id, personId })
  const waiting = await countFutureBookings(ctx.db, { environmentId: environment.id, personId, now })
  if (waiting < maxFutureBookings) return
  throw overLimit(
    `There are ${waiting} future bookings of ${environment.name} for one person already, and that is the most. Nothing was booked.`,
    { field: 'start', next: 'Cancel one of them first.' },
  )
}

async function getEnvironment(ctx: Context, id: string): Promise<EnvironmentRow> {
  const environment = await findEnvironment(ctx.db, { orgId: ctx.orgId, id, now: ctx.now() })
  if (!environment) throw notFound('That environment does not exist any more. Nothing was changed.')
  return environment
}

async function getBooking(ctx: Context, id: string): Promise<BookingRow> {
  const booking = await findBooking(ctx.db, { orgId: ctx.orgId, id })
  if (!booking) throw notFound('That booking does not exist any more. Nothing was changed.')
  return booking
}

async function getLive(ctx: Context, id: string): Promise<{ booking: BookingRow; environment: EnvironmentRow }> {
  const booking = await getBooking(ctx, id)
  const isLive = liveBookingStates.some((state) => state === booking.state) && booking.endsAt > ctx.now()
  if (!isLive)
    throw conflict(`The booking of ${booking.environment} is over (${booking.state}). Nothing was changed.`, {
      next: 'Book it again.',
    })
  return { booking, environment: await getEnvironment(ctx, booking.environmentId) }
}

/**
 * One transaction, or a savepoint inside an open one, so that after a refusal the caller can still read who has the slot.
 * Moves can wait for each other in a circle; Postgres then picks a victim, which tries again up to 3 times.
 */
const attempt = <T>(ctx: Context, change: (ctx: Context) => Promise<T>): Promise<T> =>
  persist(() => ctx.db.transaction((db) => change({ ...ctx, db, open: true })))

const facts = ({ environmentId, personId, startsAt, endsAt, state, reason }: Booking): Record<string, unknown> => ({
  environmentId,
  personId,
  startsAt,
  endsAt,
  state,
  reason,
})
