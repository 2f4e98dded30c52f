/** What can be said about a booking, made or only wished: its price, who is next, how far it can go. Reads only. */
import { findCalendar, findMirror } from '../../db/queries/calendars.ts'
import {
  findBooking,
  findEnvironment,
  listBookings,
  type BookingRow,
  type EnvironmentRow,
} from '../../db/queries/environments.ts'
import { can } from '../access.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { decimal, type Amount } from '../money.ts'
import { hourMs, minuteMs } from '../time.ts'
import type { Slot } from './free-slots.ts'
import { allowedSlot, maxHoursFor } from './limits.ts'
import { holderFor, findTaken, type TakenFacts } from './taken.ts'

/** What a stretch of time on an environment costs at its price per hour. */
export const priceOf = ({ hourlyCost }: { hourlyCost: Amount }, { startsAt, endsAt }: Slot): Amount =>
  decimal(hourlyCost)
    .times(Math.max(0, endsAt.getTime() - startsAt.getTime()))
    .div(hourMs)
    .toFixed()

export type BookingOutlook = {
  booking: BookingRow
  environment: EnvironmentRow
  price: Amount
  /** What an early release saved. */
  saved: Amount
  /** The booking after it. */
  next: BookingRow | null
  /** How many minutes its holder can add: up to the next booking and the longest booking. */
  roomMinutes: number
  /** `behind`: the last try to write it into the calendar failed, and it will be caught up. */
  calendar: 'none' | 'shown' | 'behind'
}

/** Everything the cards of a booking show, or null when it is gone. */
export async function bookingOutlook(ctx: Context, bookingId: string): Promise<BookingOutlook | null> {
  const { db, orgId } = ctx
  const booking = await findBooking(db, { orgId, id: bookingId })
  const environment = booking && (await findEnvironment(db, { orgId, id: booking.environmentId, now: ctx.now() }))
  if (!booking || !environment) return null
  const [later, calendar, mirror, isManager] = await Promise.all([
    listBookings(db, { orgId, environmentId: environment.id, from: booking.endsAt, limit: 2 }),
    findCalendar(db, orgId),
    findMirror(db, booking.id),
    can({ ...ctx, actor: { personId: booking.personId, door: 'slack' } }, 'manage_environments', {
      poolId: environment.poolId,
    }),
  ])
  const next = later.find((other) => other.id !== booking.id) ?? null
  const longest = booking.startsAt.getTime() + maxHoursFor(environment, isManager) * hourMs
  const latest = Math.min(longest, next?.startsAt.getTime() ?? Number.POSITIVE_INFINITY)
  return {
    booking,
    environment,
    price: priceOf(environment, booking),
    saved: priceOf(environment, { startsAt: booking.endsAt, endsAt: booking.plannedEndsAt }),
    next,
    roomMinutes: Math.max(0, Math.floor((latest - booking.endsAt.getTime()) / minuteMs)),
    calendar: calendar ? (mirror?.lastError ? 'behind' : 'shown') : 'none',
  }
}

export type WishOutlook = {
  environment: EnvironmentRow
  price: Amount
  maxHours: number
  /** Why it would be refused, before anybody submits it; null when it can be booked. */
  problem: string | null
  taken: TakenFacts | null
}

/** What would happen if the actor booked this now; nothing is held. Null when the environment is gone. */
export async function wishOutlook(
  ctx: Context,
  { environmentId, ...wish }: Slot & { environmentId: string },
): Promise<WishOutlook | null> {
  const environment = await findEnvironment(ctx.db, { orgId: ctx.orgId, id: environmentId, now: ctx.now() })
  if (!environment) return null
  const isManager = await can(ctx, 'manage_environments', { poolId: environment.poolId })
  const shared = { environment, price: priceOf(environment, wish), maxHours: maxHoursFor(environment, isManager) }
  const problem = problemOf(() => allowedSlot(environment, wish, { now: ctx.now(), isManager }))
  if (problem) return { ...shared, problem, taken: null }
  if (!environment.available) return { ...shared, problem: `${environment.name} is not available now.`, taken: null }
  const { holding, facts } = await findTaken(ctx, { environment, ...wish })
  if (!holding) return { ...shared, problem: null, taken: null }
  return { ...shared, problem: `${environment.name} is held by ${holderFor(ctx, holding)} then.`, taken: facts }
}

function problemOf(check: () => unknown): string | null {
  try {
    check()
    return null
  } catch (error) {
    if (error instanceof AppError) return error.message
    throw error
  }
}
