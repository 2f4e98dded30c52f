/** How power schedules look: their form, their state in a word, what comes next. */
import { z } from 'zod'
import type { PowerSchedule } from '../db/schema/power.ts'
import type { Transition } from '../engine/power/decide.ts'
import { CreateSchedule } from '../engine/power/schedules.ts'
import { readTriggers } from '../engine/power/trigger-lines.ts'
import { isZone, localOf } from '../engine/time.ts'
import type { View } from './env.ts'
import { form, textInput } from './form-parts.ts'
import { badge, moment, row, type Content, type Html } from './parts.ts'
import { typedMoment } from './times.ts'

const Fields = z.object({
  name: CreateSchedule.shape.name,
  triggers: z
    .array(z.string())
    .meta({ label: 'Times', hint: 'One a line: on 08:00 mon-fri, off 20:00 daily, off 13:00 sat,sun' }),
  zone: CreateSchedule.shape.zone,
})

/** The form of a schedule; its times are lines, its start and end are on the clock of its zone. */
export const scheduleForm = (
  view: View,
  {
    startsAt = null,
    endsAt = null,
    ...options
  }: {
    name: string
    action: string
    submit: string
    values: { name?: string; triggers: string; zone: string }
    hidden?: Record<string, string>
    startsAt?: Date | null
    endsAt?: Date | null
  },
): Html =>
  form(view, {
    ...options,
    schema: Fields,
    more: (typed) => {
      const when = (name: string, label: string, at: Date | null) =>
        textInput(name, label, {
          type: 'datetime-local',
          value: typed ? typed[name] : local(at, options.values.zone),
        })
      return [
        when('starts', 'Starts (in its zone; empty means now)', startsAt),
        when('ends', 'Ends (in its zone; empty means never)', endsAt),
      ]
    },
  })

/** A moment on the clock of the schedule's zone, for an input. */
function local(at: Date | null, zone: string): string {
  if (!at) return ''
  const { day, time } = localOf(at, zone)
  return `${day}T${time}`
}

/** What the form sent, as the verbs take it; Invalid where the times cannot be read. */
export function readSchedule({ name = '', triggers = '', zone = '', starts = '', ends = '' }: Record<string, string>) {
  // A zone that is none is refused by the verb.
  const read = (text: string, field: string) =>
    isZone(zone.trim()) ? typedMoment(text, { zone: zone.trim(), field }) : null
  const startsAt = read(starts, 'starts')
  return {
    ...{ name, zone, triggers: readTriggers(triggers), endsAt: read(ends, 'ends') },
    ...(startsAt ? { startsAt } : {}),
  }
}

/** Whether a schedule works, as a word. */
export function scheduleState({ enabled, startsAt, endsAt, lastError }: PowerSchedule, view: View): Content {
  if (!enabled) return badge('switched off')
  if (startsAt > view.now) return badge('not begun')
  if (endsAt && endsAt <= view.now) return badge('over')
  return lastError ? badge('trouble', 'bad') : badge('works', 'good')
}

/** Transitions in the reader's zone, in a row. */
export const nextTimes = (next: Transition[], view: View): Content =>
  next.length
    ? row(next.map(({ action, at }) => [badge(action, action === 'on' ? 'good' : 'plain'), ' ', moment(at, view)]))
    : '–'
