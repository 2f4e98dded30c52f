/** Ranges in words. */
import { daysBetween } from '../engine/time.ts'
import { isWholeMonths } from '../engine/spend/ranges.ts'
import type { NamedRange } from './moments.ts'
import { count, dayInWords } from './words.ts'

const phrases: Record<string, string> = {
  today: 'today',
  yesterday: 'yesterday',
  mtd: 'this month so far',
  'last-month': 'last month',
  qtd: 'this quarter so far',
  ytd: 'this year so far',
}

/** "in the last 14 days", "this month so far", "in October 2026", "from Oct 1 to Oct 15". */
export function inRange({ token, from, to }: NamedRange): string {
  if (phrases[token]) return phrases[token]
  const back = token.match(/^(\d+)([dw])$/)
  if (back) return `in the last ${count(Number(back[1]), back[2] === 'd' ? 'day' : 'week')}`
  if (/^\d{4}-\d{2}$/.test(token))
    return `in ${new Date(`${from}T00:00:00Z`).toLocaleDateString('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' })}`
  return `from ${dayInWords(from)} to ${dayInWords(to)}`
}

/** "the 14 days before", "the month before": what a range is compared with. */
export function beforeRange(range: Pick<NamedRange, 'from' | 'to'>): string {
  const days = daysBetween(range.from, range.to) + 1
  if (days === 1) return 'the day before'
  return isWholeMonths(range) && days <= 31 ? 'the month before' : `the ${days} days before`
}
