/**
 * Which transition of a power schedule is due, and which come next. Pure: triggers are wall-clock times in the schedule's
 * zone, answers are instants. A time that does not exist (clocks go forward) moves forward by the gap and happens once; one
 * that exists twice (clocks go back) happens the first time only. A trigger never overtakes an earlier one of the same day.
 */
import type { PowerTrigger } from '../../db/schema/power.ts'
import type { PowerAction } from '../../db/vocabulary.ts'
import { addDays, instantAt, localOf, type Day } from '../time.ts'

export type Transition = { action: PowerAction; at: Date }

export type Plan = { triggers: PowerTrigger[]; zone: string; startsAt: Date; endsAt: Date | null }

/** What was asked for one machine: nothing happens before `skipUntil`, nothing stops it before `keepOnUntil`. */
export type Exceptions = { skipUntil: Date | null; keepOnUntil: Date | null }

export const noExceptions: Exceptions = { skipUntil: null, keepOnUntil: null }

/** The transition to make now: the latest in (`since`, `now`], however long ago and across midnight; null when there is none. */
export function decide(plan: Plan, of: { since: Date; now: Date; exceptions?: Exceptions }): Transition | null {
  const { since, now, exceptions = noExceptions } = of
  const from = addDays(localOf(now, plan.zone).day, -8)
  const due = happening(plan, { from, days: 10, exceptions }).filter(({ at }) => at > since && at <= now)
  return due.at(-1) ?? null
}

/** The next `count` (three) transitions after `now`, in order; fewer when the schedule ends before. */
export function ahead(plan: Plan, of: { now: Date; exceptions?: Exceptions; count?: number }): Transition[] {
  const { now, exceptions = noExceptions, count = 3 } = of
  const late = [now, plan.startsAt, exceptions.skipUntil ?? now].reduce((a, b) => (a > b ? a : b))
  const from = addDays(localOf(now, plan.zone).day, -8)
  const days = Math.ceil((late.getTime() - now.getTime()) / 86_400_000) + 8 + 7 * (count + 1)
  return happening(plan, { from, days, exceptions })
    .filter(({ at }) => at > now)
    .slice(0, count)
}

/** What the weekly pattern says at an instant, whether the schedule had begun or not; null when it never says anything. */
export function wanted({ triggers, zone }: Pick<Plan, 'triggers' | 'zone'>, at: Date): PowerAction | null {
  const from = addDays(localOf(at, zone).day, -8)
  const before = pattern({ triggers, zone }, { from, days: 10 }).filter((each) => each.at <= at)
  return before.at(-1)?.action ?? null
}

type Stretch = { from: Day; days: number }

/** The transitions that happen to one machine: the pattern within the schedule's life, with what was asked for. */
function happening(plan: Plan, { exceptions, ...stretch }: Stretch & { exceptions: Exceptions }): Transition[] {
  const { skipUntil, keepOnUntil } = exceptions
  const isOver = (at: Date) => at < plan.startsAt || (plan.endsAt !== null && at >= plan.endsAt)
  const kept = pattern(plan, stretch).filter(
    ({ action, at }) => !(action === 'off' && keepOnUntil !== null && at < keepOnUntil),
  )
  // A stop that was held back is made when the hold ends, unless the pattern wants it on by then.
  const held = keepOnUntil !== null && wanted(plan, keepOnUntil) === 'off'
  const all = held ? [...kept, { action: 'off' as const, at: keepOnUntil }] : kept
  return all
    .filter(({ at }) => !isOver(at) && !(skipUntil !== null && at < skipUntil))
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
}

/** Every transition of some days in the order of the wall clock. */
function pattern({ triggers, zone }: Pick<Plan, 'triggers' | 'zone'>, { from, days }: Stretch): Transition[] {
  const found: Transition[] = []
  for (let n = 0; n < days; n += 1) {
    const day = addDays(from, n)
    const weekday = ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1
    const today = triggers
      .filter((trigger) => trigger.days.includes(weekday))
      .toSorted((a, b) => a.at.localeCompare(b.at))
    for (const { action, at: time } of today) {
      const own = instantAt(day, time, zone)
      const last = found.at(-1)?.at
      found.push({ action, at: last && last > own ? last : own })
    }
  }
  return found
}
