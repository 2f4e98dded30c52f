/**
 * The one forecast formula: this month's cost so far plus the daily average since the previous month's first day (or the
 * first day that cost anything, if later) for every day that is left, today included. Source: spec governance 2.2.
 */
import type { Decimal } from 'decimal.js'
import { decimal, type Amount } from '../money.ts'
import { addMonths, dayOf, daysBetween, daysInMonth, monthOf, type Day } from '../time.ts'

/** `sincePrevious` is the cost since the previous month's first day, `month` since this month's; `firstDay` the first day that cost anything. */
export type SpendSoFar = { cost: { sincePrevious: Amount; month: Amount }; firstDay: Day | null; now: Date }

/** Cost per day by which the rest of the month is estimated; on the very first day it is all the cost there is. */
export function dailyRate({ cost, firstDay, now }: SpendSoFar): Decimal {
  const today = dayOf(now)
  const previous = addMonths(today, -1)
  const start = firstDay !== null && firstDay > previous ? firstDay : previous
  const days = daysBetween(start, today)
  return days > 0 ? decimal(cost.sincePrevious).div(days) : decimal(cost.sincePrevious)
}

/** Days of this month that are not over, today included. */
export function daysLeft(now: Date): number {
  const today = dayOf(now)
  return daysInMonth(today) - daysBetween(monthOf(today), today)
}

/** What the whole month is expected to cost, in the organization's currency, two digits. */
export function forecast(so: SpendSoFar): Amount {
  return dailyRate(so).times(daysLeft(so.now)).plus(so.cost.month).toFixed(2)
}
