/** How long, how early and how often an environment may be held. Pure; defaults from spec chat 2.10. */
import type { Environment } from '../../db/schema/environments.ts'
import { invalid, overLimit } from '../errors.ts'
import { dayMs, fullMinute, hourMs, minuteMs } from '../time.ts'
import type { Slot } from './free-slots.ts'

/** Managers of an environment may hold it so long; everybody else `environment.maxHours`. */
export const managerMaxHours = 14 * 24
/** Future bookings of one person on one environment. */
export const maxFutureBookings = 3
/** How far ahead a booking may start. */
export const leadDays = 60
/** A start so little in the past counts as now: dialogs stay open for a while. */
export const lateStartMs = 30 * minuteMs
/** The holder is told so long before the end. */
export const warningMs = 30 * minuteMs
/** A decision can be taken back for so long. */
export const undoMs = 30 * minuteMs

/** The hours a person may hold it at a time. */
export const maxHoursFor = (environment: Pick<Environment, 'maxHours'>, isManager: boolean): number =>
  isManager ? Math.max(managerMaxHours, environment.maxHours) : environment.maxHours

/** "8 hours", "14 days", "90 minutes". */
export function sayLength(ms: number): string {
  const [size, unit] = ms % dayMs === 0 ? [dayMs, 'day'] : ms % hourMs === 0 ? [hourMs, 'hour'] : [minuteMs, 'minute']
  const amount = Math.round(ms / size)
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`
}

/**
 * Checks a wished slot and returns it as it will be stored: a start now or a little in the past becomes the minute it is.
 * Throws Invalid or Limit with the field (`start` or `end`) it is about.
 */
export function allowedSlot(
  environment: Pick<Environment, 'name' | 'maxHours'>,
  wish: Slot,
  { now, isManager }: { now: Date; isManager: boolean },
): Slot {
  const late = now.getTime() - wish.startsAt.getTime()
  if (late > lateStartMs)
    throw invalid('A booking cannot start in the past. Nothing was booked.', {
      field: 'start',
      next: 'Choose a start from now on.',
    })
  const startsAt = late >= 0 ? fullMinute(now) : wish.startsAt
  if (-late > leadDays * dayMs)
    throw overLimit(`A booking can start at most ${leadDays} days ahead. Nothing was booked.`, {
      field: 'start',
      next: 'Choose an earlier day.',
    })
  if (wish.endsAt <= startsAt)
    throw invalid('The end must be after the start and after now. Nothing was booked.', {
      field: 'end',
      next: 'Choose a later end.',
    })
  const slot = { startsAt, endsAt: wish.endsAt }
  assertLength(environment, slot, { isManager, unchanged: 'Nothing was booked.' })
  return slot
}

/** Throws a Limit when the slot is longer than the person may hold the environment. */
export function assertLength(
  environment: Pick<Environment, 'name' | 'maxHours'>,
  slot: Slot,
  { isManager, unchanged }: { isManager: boolean; unchanged: string },
): void {
  const most = maxHoursFor(environment, isManager) * hourMs
  const length = slot.endsAt.getTime() - slot.startsAt.getTime()
  if (length <= most) return
  throw overLimit(
    `You can hold ${environment.name} for ${sayLength(most)} at a time, and this would be ${sayLength(length)}. ${unchanged}`,
    {
      field: 'end',
      next: isManager ? 'Choose an earlier end.' : 'Choose an earlier end, or ask a manager to book it for you.',
    },
  )
}
