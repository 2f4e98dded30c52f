/** A schedule from the hours in which a machine does nothing (recommendation "instances for shutdown"). Pure. */
import type { PowerTrigger } from '../../db/schema/power.ts'
import type { PowerAction } from '../../db/vocabulary.ts'
import type { InactivePeriod } from '../recommendations/evidence.ts'
import { hourMs, localOf } from '../time.ts'

/** Shorter breaks are not worth a stop: starting takes minutes, and the pattern of one hour is chance. */
const leastHours = 3
const week = 168

/**
 * Triggers in `zone` that have the machine off in its inactive hours (UTC, whole hours, both ends belong to them) as the clocks
 * stand at `now`. A break over the end of the week is one. Empty when it is busy all the time or never.
 */
export function suggestTriggers(periods: InactivePeriod[], { zone, now }: { zone: string; now: Date }): PowerTrigger[] {
  const cells = periods
    .map(({ start, end }) => ({ from: start.day_of_week * 24 + start.hour, to: end.day_of_week * 24 + end.hour + 1 }))
    .toSorted((a, b) => a.from - b.from)
  const [first, last] = [cells[0], cells.at(-1)]
  if (first && last && first !== last && first.from === 0 && last.to === week) {
    last.to += first.to
    cells.shift()
  }
  const breaks = cells.filter(({ from, to }) => to - from >= leastHours && to - from < week)
  const monday = mondayOf(now)
  const moments = breaks.flatMap(({ from, to }): { action: PowerAction; cell: number }[] => [
    { action: 'off', cell: from },
    { action: 'on', cell: to },
  ])
  return merge(
    moments.map(({ action, cell }) => {
      const { time, weekday } = localOf(new Date(monday + (cell % week) * hourMs), zone)
      return { action, at: time, days: [weekday] }
    }),
  )
}

/** Equal moments of several days are one trigger. */
function merge(triggers: PowerTrigger[]): PowerTrigger[] {
  const same = Map.groupBy(triggers, ({ action, at }) => `${at} ${action}`)
  return [...same]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([, [first, ...rest]]) => ({
      ...first!,
      days: [...new Set([...first!.days, ...rest.flatMap(({ days }) => days)])].toSorted((a, b) => a - b),
    }))
}

/** The Monday of the week of `now`, 00:00 UTC, in epoch milliseconds. */
function mondayOf(now: Date): number {
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate())
  return midnight - ((now.getUTCDay() + 6) % 7) * 24 * hourMs
}
