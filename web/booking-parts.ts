/** The form that books: days and clock times in the person's zone, and the way from there to instants and back. */
import { z } from 'zod'
import { invalid } from '../engine/errors.ts'
import type { Slot } from '../engine/environments/free-slots.ts'
import { addDays, hourMs, instantAt, localOf } from '../engine/time.ts'
import type { View } from './env.ts'
import { form, select, textInput } from './form-parts.ts'
import type { Html } from './parts.ts'
import { someDay } from './times.ts'

/** What stands in the inputs: all texts, as they are typed and as the address carries them. */
export type TypedSlot = { day: string; start: string; end: string; lastDay?: string; reason?: string }

/** Asks for an environment (unless there is only one), a start, an end and a reason. */
export function bookingForm(
  view: View,
  { environments, typed: asked = soon(view) }: { environments: { id: string; name: string }[]; typed?: TypedSlot },
): Html {
  const only = environments.length === 1 ? environments[0] : undefined
  const choices = environments.map(({ id, name }) => ({ value: id, label: name }))
  return form(view, {
    name: 'book',
    action: '/bookings',
    submit: 'Book',
    other: { action: '/bookings/check', submit: 'Check first' },
    inline: true,
    hidden: only ? { environment: only.id } : {},
    more: (typed) => {
      const { day, start, end, lastDay, reason } = { ...asked, ...typed }
      return [
        only ? '' : select('environment', 'Environment', { choices, value: typed?.['environment'] }),
        textInput('day', 'Day', { type: 'date', value: day, required: true }),
        textInput('start', 'From', { type: 'time', value: start, required: true }),
        textInput('end', 'To', { type: 'time', value: end, required: true }),
        textInput('lastDay', 'Until another day', { type: 'date', value: lastDay }),
        textInput('reason', 'What for', { value: reason, placeholder: 'optional' }),
      ]
    },
  })
}

/** The next half hour and the two hours after it. */
export function soon({ now, person }: View): TypedSlot {
  const startsAt = new Date(Math.ceil(now.getTime() / (hourMs / 2)) * (hourMs / 2))
  return typedOf({ startsAt, endsAt: new Date(startsAt.getTime() + 2 * hourMs) }, person.zone)
}

/** A slot as somebody would type it; the last day only when it is not clear from the times. */
export function typedOf({ startsAt, endsAt }: Slot, zone: string): TypedSlot {
  const [first, last] = [localOf(startsAt, zone), localOf(endsAt, zone)]
  const clear = last.day === first.day || (last.day === addDays(first.day, 1) && last.time <= first.time)
  return { day: first.day, start: first.time, end: last.time, ...(clear ? {} : { lastDay: last.day }) }
}

/** In autumn an hour comes twice and the clock names the first one, so the second cannot be typed. */
export function canBeTyped(slot: Slot, zone: string): boolean {
  const { startsAt, endsAt } = slotOf(typedOf(slot, zone), zone)
  return startsAt.getTime() === slot.startsAt.getTime() && endsAt.getTime() === slot.endsAt.getTime()
}

const Typed = z.object({
  day: someDay,
  start: z.iso.time(),
  end: z.iso.time(),
  lastDay: someDay.or(z.literal('')).optional(),
})

/** The instants the inputs mean; without a last day an end before the start is on the next day. */
export function slotOf(values: Record<string, string | undefined>, zone: string): Slot {
  const parsed = Typed.safeParse(values)
  if (!parsed.success)
    throw invalid('A day and two times are needed. Nothing was booked.', {
      field: 'start',
      next: 'Write times like 14:00.',
    })
  const { day, start, end, lastDay } = parsed.data
  const last = lastDay || (end <= start ? addDays(day, 1) : day)
  return { startsAt: instantAt(day, start, zone), endsAt: instantAt(last, end, zone) }
}

/** The inputs an address or a form carries, when they are complete. */
export function typedIn(query: Record<string, string>): TypedSlot | null {
  const { data } = Typed.extend({ reason: z.string().max(200).optional() }).safeParse(query)
  return data ? (Object.fromEntries(Object.entries(data).filter(([, text]) => text)) as TypedSlot) : null
}
