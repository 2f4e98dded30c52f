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

export type Wish = Slot & { environment: { id: string; name: string }; unchanged: string; ownBookingId?: string }

/** The Conflict to throw, written in the actor's zone. Reads; call it outside a failed transaction. */
export async function takenConflict(ctx: Context, wish: Wish): Promise<AppError> {
  const { environment, startsAt, endsAt } = wish
  const now = ctx.now()
  const live = await listBookings(ctx.db, { orgId: ctx.orgId, environmentId: environment.id, from: now })
  const others = live.filter((booking) => booking.id !== wish.ownBookingId)
  const holding = firstOverlap(others, wish)
  const facts: TakenFacts = {
    environmentId: environment.id,
    holder: holding && { personId: holding.personId, name: holding.holder },
    until: holding?.endsAt ?? null,
    freeSlots: freeSlots({
      bookings: others,
      from: startsAt > now ? startsAt : now,
      length: endsAt.getTime() - startsAt.getTime(),
      count: 3,
    }),
  }
  const zone = await zoneOf(ctx)
  const free = facts.freeSlots.map((slot) => sayMoment(slot.startsAt, zone))
  return conflict(`${sayTaken(environment.name, holding, zone)} ${wish.unchanged}`, {
    field: 'start',
    next: `Free for that long from ${free.slice(0, -1).join(', ')} or ${free.at(-1)}.`,
    facts,
  })
}

function sayTaken(name: string, holding: BookingRow | null, zone: string): string {
  if (!holding) return `${name} was taken a moment ago and is free again.`
  return `${name} is held by ${holding.holder} from ${sayMoment(holding.startsAt, zone)} to ${sayMoment(holding.endsAt, zone)}.`
}

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
