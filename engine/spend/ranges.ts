import type { SpendGrain } from '../../db/queries/spend.ts'
import { invalid } from '../errors.ts'
import { addDays, addMonths, daysBetween, daysInMonth, monthOf, type Day, type DayRange } from '../time.ts'

const maxDays = 1100

/** The equally long stretch right before; for whole months the same number of months before. */
export function previousRange(range: DayRange): DayRange {
  if (isWholeMonths(range)) {
    const months = monthsIn(range)
    return { from: addMonths(range.from, -months), to: addDays(range.from, -1) }
  }
  const days = daysBetween(range.from, range.to) + 1
  return { from: addDays(range.from, -days), to: addDays(range.from, -1) }
}

/** Refuses a range that is upside down, longer than three years, or not of this century: counting to 31 Dec 9999 never ends. */
export function checkRange({ from, to }: DayRange): void {
  if (from > to)
    throw invalid(`The range ends (${to}) before it begins (${from}). Nothing was read.`, { next: 'Swap both days.' })
  if (from < '2000-01-01' || to > '2100-12-31')
    throw invalid('There are no bills of such days. Nothing was read.', { next: 'Ask for days from 2000 to 2100.' })
  if (daysBetween(from, to) > maxDays)
    throw invalid('A range can have three years at most. Nothing was read.', { next: 'Ask for a shorter range.' })
}

/** Does the range begin on a first and end on a last day of a month? */
export const isWholeMonths = ({ from, to }: DayRange): boolean =>
  from === monthOf(from) && to === addDays(monthOf(to), daysInMonth(to) - 1)

function monthsIn({ from, to }: DayRange): number {
  const months = (day: Day) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7))
  return months(to) - months(from) + 1
}

/** First days of all buckets that touch the range; weeks begin on Monday. */
export function bucketsOf({ from, to }: DayRange, grain: SpendGrain): Day[] {
  const monday = addDays(from, -((new Date(`${from}T00:00:00Z`).getUTCDay() + 6) % 7))
  const step = {
    day: (day: Day) => addDays(day, 1),
    week: (day: Day) => addDays(day, 7),
    month: (day: Day) => addMonths(day, 1),
  }
  const days: Day[] = []
  for (let day = { day: from, week: monday, month: monthOf(from) }[grain]; day <= to; day = step[grain](day))
    days.push(day)
  return days
}
