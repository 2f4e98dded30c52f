/** What is known about a finding, in words: labels and units come from the recommendation itself. */
import type { z } from 'zod'
import type { Recommendation } from '../engine/recommendations/recommendation.ts'
import { moment, type Rich } from './rich.ts'

type Money = (amount: string) => string
type Period = Record<'start' | 'end', { day_of_week: number; hour: number }>

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const hour = ({ day_of_week: day, hour: at }: Period['start'], minutes: string) =>
  `${days[day]} ${String(at).padStart(2, '0')}:${minutes}`

/** Label and value pairs for `fields`, in the order the recommendation declares them. */
export function evidenceFields(
  one: Recommendation,
  evidence: Record<string, unknown>,
  money: Money,
): Record<string, Rich | string> {
  const pairs = Object.entries(one.evidence.shape).map(([name, field]) => {
    const { label = name, unit } = ((field as z.ZodType).meta() ?? {}) as { label?: string; unit?: string }
    return [label, inWords(evidence[name], unit, money)] as const
  })
  return Object.fromEntries(pairs)
}

function inWords(value: unknown, unit: string | undefined, money: Money): Rich | string {
  if (value === null || value === undefined) return '–'
  if (unit === 'time') return Number(value) ? moment(new Date(Number(value) * 1000)) : 'never'
  if (unit === 'money') return money(value as string)
  if (unit === 'periods') return periods(value as Period[])
  const text = typeof value === 'number' ? value.toLocaleString('en-US') : (value as string)
  return unit === '%' ? `${text}%` : unit ? `${text} ${unit}` : text
}

/** "Sat 00:00 to Sun 23:59, and 2 more": the hours are whole, the last one included. */
function periods(list: Period[]): string {
  const shown = list.slice(0, 3).map(({ start, end }) => `${hour(start, '00')} to ${hour(end, '59')}`)
  return [...shown, ...(list.length > 3 ? [`${list.length - 3} more`] : [])].join(', ')
}
