import type { EnvironmentRow } from '../../db/queries/environments.ts'
import type { Context } from '../../engine/context.ts'
import type { Slot } from '../../engine/environments/free-slots.ts'
import { wishOutlook, type WishOutlook } from '../../engine/environments/outlook.ts'
import { formatMoney } from '../../engine/money.ts'
import { bookingForm, canBeTyped, slotOf, soon, typedIn, typedOf, type TypedSlot } from '../booking-parts.ts'
import type { View } from '../env.ts'
import { address, link, notice, sayMoment, type Content } from '../parts.ts'

/** The address of an environment's page with a stretch of time in its form. */
export const bookingAddress = (environmentId: string, typed: TypedSlot): string =>
  address(`/environments/${environmentId}`, { ...typed })

/** The form of an environment and, before anything is sent, whether its time is free, what it costs and what is free instead. */
export async function booking(
  ctx: Context,
  { found, view, query }: { found: EnvironmentRow; view: View; query: Record<string, string> },
): Promise<Content> {
  const typed = typedIn(query) ?? soon(view)
  const wish = slotOf(typed, view.person.zone)
  const outlook = await wishOutlook(ctx, { environmentId: found.id, ...wish })
  return [outlook ? said(outlook, { found, view, typed }) : null, bookingForm(view, { environments: [found], typed })]
}

function said(
  { problem, taken, price }: WishOutlook,
  { found, view, typed }: { found: EnvironmentRow; view: View; typed: TypedSlot },
): Content {
  const { zone } = view.person
  const { startsAt, endsAt } = slotOf(typed, zone)
  const when = `${sayMoment(startsAt, zone)} to ${sayMoment(endsAt, zone)}`
  if (!problem) return notice('good', `${when} is free, for about ${formatMoney(price, view.organization.currency)}.`)
  const offer = (slot: Slot) => {
    const words = sayMoment(slot.startsAt, zone)
    const address = bookingAddress(found.id, { ...typedOf(slot, zone), reason: typed.reason ?? '' })
    return canBeTyped(slot, zone) ? link(address, words) : words
  }
  const free = (taken?.freeSlots ?? []).map((slot, at) => [at ? ' · ' : 'Free for that long: ', offer(slot)])
  return notice('warn', `${when}: ${problem}`, free.length ? free : 'Choose another time.')
}
