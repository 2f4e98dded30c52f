/** The refusal when somebody else has the slot: who, until when, and three slots that are free. */
import { findPerson } from '../../db/queries/organizations.ts'
import { listBookings, type BookingRow } from '../../db/queries/environments.ts'
import type { Context } from '../context.ts'
import { conflict, type AppError } from '../errors.ts'
import { firstOverlap, freeSlots, type Slot } from './free-slots.ts'

/** What a `Conflict` about a slot carries in `detail.facts`. */
export type TakenFacts = {
  environmentId: string
  holder: { personId: string; name: string } | null
  until: Date | null
  freeSlots: Slot[]
}

export type Wish = Slot & { environment: { id: string; name: string }; unchanged: string; own?: BookingRow }

/** Who is in the way of a wished slot (null: nobody) and what is free instead. `own` is a booking that is being moved. */
export async function findTaken(
  ctx: Context,
  { environment, own, ...wished }: Omit<Wish, 'unchanged'>,
): Promise<{ holding: BookingRow | null; facts: TakenFacts }> {
  const now = ctx.now()
  const live = await listBookings(ctx.db, { orgId: ctx.orgId, environmentId: environment.id, from: now })
  const bookings = live.filter((booking) => booking.id !== own?.id)
  const holding = firstOverlap(bookings, wished)
  const from = wished.startsAt > now ? wished.startsAt : now
  const length = wished.endsAt.getTime() - wished.startsAt.getTime()
  return {
    holding,
    facts: {
      environmentId: environment.id,
      holder: holding && { personId: holding.personId, name: holding.holder },
      until: holding?.endsAt ?? null,
      freeSlots: freeSlots({ bookings, from, length, count: 3 }),
    },
  }
}

/** The Conflict to throw, written in the actor's zone. Reads; call it outside a failed transaction. */
export async function takenConflict(ctx: Context, wish: Wish): Promise<AppError> {
  const { holding, facts } = await findTaken(ctx, wish)
  const zone = await zoneOf(ctx)
  const free = facts.freeSlots.map((slot) => sayMoment(slot.startsAt, zone))
  const most = wish.own && holding && holding.startsAt > wish.own.endsAt ? sayMoment(holding.startsAt, zone) : null
  return conflict(`${sayTaken(ctx, { name: wish.environment.name, holding, zone })} ${wish.unchanged}`, {
    field: 'start',
    next: most
      ? `${most} is the latest end.`
      : `Free for that long from ${free.slice(0, -1).join(', ')} or ${free.at(-1)}.`,
    facts,
  })
}

function sayTaken(
  ctx: Context,
  { name, holding, zone }: { name: string; holding: BookingRow | null; zone: string },
): string {
  if (!holding) return `${name} was taken a moment ago and is free again.`
  return `${name} is held by ${holderFor(ctx, holding)} from ${sayMoment(holding.startsAt, zone)} to ${sayMoment(holding.endsAt, zone)}.`
}

/** "you", or the name of whoever holds it. */
export const holderFor = ({ actor }: Context, { personId, holder }: BookingRow): string =>
  personId === actor.personId ? 'you' : holder

/** The zone of the person who acts; UTC for jobs. */
export async function zoneOf(ctx: Context): Promise<string> {
  const { personId } = ctx.actor
  const person = personId && (await findPerson(ctx.db, { orgId: ctx.orgId, id: personId }))
  return person ? person.zone : 'UTC'
}

/** "Nov 24, 17:00" on the wall clock of a zone. */
export function sayMoment(at: Date, zone: string): string {
  const day = new Intl.DateTimeFormat('en-US', { timeZone: zone, month: 'short', day: 'numeric' }).format(at)
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(at)
  return `${day}, ${time}`
}
