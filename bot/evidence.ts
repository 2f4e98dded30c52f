/** What is known about a finding, in words: labels and units come from the recommendation itself. */
import type { z } from 'zod'
import { sayPeriods, type InactivePeriod } from '../engine/recommendations/inactive-periods.ts'
import type { Recommendation } from '../engine/recommendations/recommendation.ts'
import { moment, type Rich } from './rich.ts'

type Money = (amount: string) => string

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
  if (unit === 'periods') return sayPeriods(value as InactivePeriod[])
  const text = typeof value === 'number' ? value.toLocaleString('en-US') : (value as string)
  return unit === '%' ? `${text}%` : unit ? `${text} ${unit}` : text
}
