/** The form that books: a day and two clock times in the person's zone. */
import { z } from 'zod'
import { invalid } from '../engine/errors.ts'
import { addDays, hourMs, instantAt, localOf } from '../engine/time.ts'
import type { View } from './env.ts'
import { form, select, textInput } from './form-parts.ts'
import type { Html } from './parts.ts'

/** Asks for an environment (unless there is only one), a start, a length and a reason. */
export function bookingForm(view: View, { environments }: { environments: { id: string; name: string }[] }): Html {
  const kept = view.flash?.form === 'book' ? view.flash.values : undefined
  const soon = localOf(new Date(Math.ceil(view.now.getTime() / (hourMs / 2)) * (hourMs / 2)), view.person.zone)
  const only = environments.length === 1 ? environments[0] : undefined
  const choices = environments.map(({ id, name }) => ({ value: id, label: name }))
  return form(view, {
    name: 'book',
    action: '/bookings',
    submit: 'Book',
    inline: true,
    hidden: only ? { environment: only.id } : {},
    more: [
      only ? '' : select('environment', 'Environment', { choices, value: kept?.['environment'] }),
      textInput('day', 'Day', { type: 'date', value: kept?.['day'] ?? soon.day, required: true }),
      textInput('start', 'From', { type: 'time', value: kept?.['start'] ?? soon.time, required: true }),
      textInput('end', 'To', { type: 'time', value: kept?.['end'] ?? later(soon.time), required: true }),
      textInput('reason', 'What for', { value: kept?.['reason'], placeholder: 'optional' }),
    ],
  })
}

const later = (time: string): string =>
  `${String((Number(time.slice(0, 2)) + 2) % 24).padStart(2, '0')}${time.slice(2)}`

const Slot = z.object({ day: z.iso.date(), start: z.iso.time(), end: z.iso.time() })

/** The instants a form means; an end before the start is on the next day. */
export function slotOf(values: Record<string, string>, zone: string): { startsAt: Date; endsAt: Date } {
  const parsed = Slot.safeParse(values)
  if (!parsed.success)
    throw invalid('A day and two times are needed. Nothing was booked.', {
      field: 'start',
      next: 'Write times like 14:00.',
    })
  const { day, start, end } = parsed.data
  const last = end <= start ? addDays(day, 1) : day
  return { startsAt: instantAt(day, start, zone), endsAt: instantAt(last, end, zone) }
}
