import { decimal, type Amount } from '../money.ts'
import { addDays, dayOf, type Day } from '../time.ts'
import { daysLeft } from './forecast.ts'

/**
 * The day of this month on which a limit is expected to be passed, or null: there is no limit (0), it is passed already,
 * or the month ends first. `month` is the cost so far, `daily` the rate of the forecast; the days left begin with today.
 */
export function crossing({
  limit,
  month,
  daily,
  now,
}: {
  limit: Amount
  month: Amount
  daily: Amount
  now: Date
}): Day | null {
  const room = decimal(limit).minus(month)
  if (decimal(limit).lte(0) || room.lt(0) || decimal(daily).lte(0)) return null
  const days = room.div(daily).floor().toNumber() + 1
  return days <= daysLeft(now) ? addDays(dayOf(now), days - 1) : null
}
