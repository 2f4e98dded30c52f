/** What the address of the coverage page asks for. The downloads read the same, so a table and its file never differ. */
import { z } from 'zod'
import type { CoverageQuery } from '../engine/commitments/coverage.ts'
import { addDays, addMonths, dayOf, monthOf, type DayRange } from '../engine/time.ts'
import { askedDay } from './times.ts'

/** Stretches people ask for, by the word in the address. */
export const coverageRanges = {
  month: 'Month to date',
  last: 'Last month',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
} as const

const asked = z.object({
  range: z.enum(Object.keys(coverageRanges) as (keyof typeof coverageRanges)[]).catch('month'),
  from: askedDay,
  to: askedDay,
  account: z.uuid().optional().catch(undefined),
  /** Whether the chart of costs shows what was saved, too. */
  saved: z.enum(['yes']).optional().catch(undefined),
})
export type CoverageAsked = z.infer<typeof asked>

/** Reads the address; what cannot be read falls back to the default. */
export const readCoverageAsked = (query: Record<string, string>): CoverageAsked =>
  asked.parse(Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '')))

/** The question to the engine. */
export const coverageQuery = (ask: CoverageAsked, now: Date): CoverageQuery => ({
  range: rangeOf(ask, now),
  ...(ask.account ? { accountId: ask.account } : {}),
})

function rangeOf({ range, from, to }: CoverageAsked, now: Date): DayRange {
  const today = dayOf(now)
  if (from) return { from, to: to ?? today }
  if (range === 'month') return { from: monthOf(today), to: today }
  if (range === 'last') return { from: addMonths(today, -1), to: addDays(monthOf(today), -1) }
  return { from: addDays(today, 1 - Number.parseInt(range, 10)), to: today }
}

/** The same as parameters of an address. */
export const asCoverageQuery = ({ range, ...ask }: CoverageAsked): Record<string, string | undefined> => ({
  ...ask,
  ...(ask.from ? {} : { range }),
})
