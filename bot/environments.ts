/** What typed words and clicks mean for environments: which one, which booking, which slot, and what to ask when it is taken. */
import {
  findEnvironmentsByName,
  listBookings,
  listEnvironments,
  type BookingRow,
  type EnvironmentRow,
} from '../db/queries/environments.ts'
import type { Booking } from '../db/schema/environments.ts'
import { bookEnvironment } from '../engine/environments/bookings.ts'
import { priceOf } from '../engine/environments/outlook.ts'
import type { Slot } from '../engine/environments/free-slots.ts'
import type { TakenFacts } from '../engine/environments/taken.ts'
import { AppError, notFound } from '../engine/errors.ts'
import { formatMoney, isPositive } from '../engine/money.ts'
import { fullMinute, hourMs, localOf, minuteMs } from '../engine/time.ts'
import type { BotContext } from './context.ts'
import { quote } from './grammar.ts'
import { writeMoment, type Span } from './moments.ts'
import { done, UnclearError, type Done } from './reply.ts'
import { join, md, moment, span, type Rich } from './rich.ts'
import { closest, lasting } from './words.ts'

/** How long a booking is when nobody says. */
export const usualMs = 2 * hourMs

/** The environment a name means. Several or none: asks back with the whole command. */
export async function environmentCalled(
  ctx: BotContext,
  text: string,
  command: (name: string) => string,
): Promise<EnvironmentRow> {
  const found = await findEnvironmentsByName(ctx.db, { orgId: ctx.orgId, text, now: ctx.now() })
  if (found.length === 1) return found[0]!
  if (found.length > 1)
    throw new UnclearError(
      `Several environments are called like “${text}”.`,
      found.map((row) => ({
        label: row.name,
        command: command(row.name),
        hint: row.current ? `held by ${row.current.personId === ctx.person.id ? 'you' : row.current.holder}` : 'free',
      })),
    )
  const all = await listEnvironments(ctx.db, ctx.orgId, ctx.now())
  const near = closest(
    text,
    all.map((row) => row.name),
  )
  throw new UnclearError(
    `There is no environment called “${text}”.`,
    near.map((name) => ({ label: name, command: command(name) })),
  )
}

/** The booking somebody means: their own current or next one (on that environment), else the one that holds it now. */
export async function bookingMeant(ctx: BotContext, environment: EnvironmentRow | null): Promise<BookingRow> {
  const [mine] = await listBookings(ctx.db, {
    orgId: ctx.orgId,
    personId: ctx.person.id,
    from: ctx.now(),
    limit: 1,
    ...(environment ? { environmentId: environment.id } : {}),
  })
  const found = mine ?? environment?.current
  if (!found)
    throw notFound(
      `${environment ? `Nobody holds ${environment.name} now` : 'You hold no environment now'}. Nothing was changed.`,
    )
  return found
}

/** The slot that was typed: from when (now), to when or for how long (two hours, or the longest allowed when that is less). */
export function slotMeant(
  ctx: BotContext,
  {
    when,
    until,
    length,
    environment,
  }: { when?: Span | undefined; until?: Date | undefined; length?: number | undefined; environment: EnvironmentRow },
): Slot {
  const startsAt = fullMinute(when?.startsAt ?? ctx.now())
  const usual = Math.min(usualMs, environment.maxHours * hourMs)
  return { startsAt, endsAt: until ?? when?.endsAt ?? endAfter(startsAt, length ?? usual) }
}

/** Ends on a whole minute, so that the end can be read and typed. */
export const endAfter = (startsAt: Date, lengthMs: number): Date => fullMinute(new Date(startsAt.getTime() + lengthMs))

/** Books and says so with an undo; when the slot is taken, asks back with three free ones, each a button that books it. */
export async function bookAndTell(
  ctx: BotContext,
  environment: EnvironmentRow,
  wish: Slot & { reason?: string | undefined; personId?: string | undefined },
): Promise<Done> {
  const { personId, reason = '', ...slot } = wish
  const input = { environmentId: environment.id, ...slot, reason, ...(personId ? { personId } : {}) }
  const holder = personId && ctx.slackUsers.has(personId) ? `<@${ctx.slackUsers.get(personId)}> ` : ''
  const booking = await bookEnvironment(ctx, input).catch((error: unknown) => {
    const why = reason && `because ${reason}`
    throw withFreeSlots(ctx, error, (free) => `env book ${quote(environment.name)} ${free} ${holder}${why}`.trim())
  })
  return tellBooked(ctx, environment, booking)
}

/** What is said after booking, with an undo. */
export const tellBooked = (ctx: BotContext, environment: EnvironmentRow, booking: Booking): Done =>
  done(bookedWords(ctx, environment, booking), {
    subject: { kind: 'booking', id: booking.id },
    undo: { verb: 'book', kept: { bookingId: booking.id } },
  })

/** A Conflict about a slot as a question whose answers are commands; any other error as it was. */
function withFreeSlots(ctx: BotContext, error: unknown, command: (slot: string) => string): unknown {
  const slots = error instanceof AppError ? (error.detail.facts as TakenFacts | undefined)?.freeSlots : undefined
  if (!(error instanceof AppError) || !slots) return error
  const { zone } = ctx.person
  const options = slots.map((slot) => ({
    label: `${writeMoment(slot.startsAt, zone).replace('T', ' ')} to ${localOf(slot.endsAt, zone).time}`,
    hint: `free for ${lasting(slot.endsAt.getTime() - slot.startsAt.getTime())}`,
    command: command(slotWords(slot, zone)),
  }))
  return new UnclearError(error.message, [
    ...options,
    { label: 'Another environment', hint: 'what is free now', command: 'env free' },
  ])
}

/** `2026-11-24T14:00-17:00`, or with a length when it ends on another day or between two minutes of the clock. */
function slotWords({ startsAt, endsAt }: Slot, zone: string): string {
  const [from, to] = [writeMoment(startsAt, zone), writeMoment(endsAt, zone)]
  if (from.slice(0, 10) === to.slice(0, 10)) return `${from}-${to.slice(11)}`
  return `${from} ${Math.round((endsAt.getTime() - startsAt.getTime()) / minuteMs)}m`
}

function bookedWords(ctx: BotContext, environment: EnvironmentRow, booking: Booking): Rich {
  const { state, personId } = booking
  const isMine = personId === ctx.person.id
  const when = state === 'active' ? md`until ${moment(booking.endsAt)}` : md`from ${span(booking)}`
  const price = priceOf(environment, booking)
  const whose = isMine ? (state === 'active' ? md`is yours` : md`is booked for you`) : md`is booked`
  return md`${join([md`*${environment.name}* ${whose} ${when}`, isPositive(price) && `about ${formatMoney(price, ctx.currency)}`], ', ')}.`
}

/** What a "book now" button offers: two hours, less when the longest booking or the next one says so; null when it is held. */
export function bookNowOffer(environment: EnvironmentRow, now: Date): { label: string; arg: string } | null {
  if (!environment.available || environment.current) return null
  const minutes = Math.min(usualMs / minuteMs, environment.maxHours * 60)
  const room = environment.next
    ? (environment.next.startsAt.getTime() - now.getTime()) / minuteMs
    : Number.POSITIVE_INFINITY
  if (room < 15) return null
  return room < minutes
    ? { label: 'Book Until Next', arg: 'next' }
    : { label: `Book ${minutes / 60} Hour${minutes === 60 ? '' : 's'}`, arg: String(minutes) }
}
