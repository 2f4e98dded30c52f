/** What the address of the archive asks for. The downloads read the same, so the page and its files never differ. */
import { z } from 'zod'
import { archiveReasons } from '../db/vocabulary.ts'
import type { ArchiveQuery } from '../engine/recommendations/archive.ts'
import { recommendations } from '../engine/recommendations/catalog.ts'
import { addDays, dayOf } from '../engine/time.ts'
import { askedDay } from './times.ts'

/** Stretches people ask for, by the word in the address. */
export const archiveRanges = {
  today: 'Today',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  '365d': 'Last 365 days',
  all: 'All time',
} as const

const asked = z.object({
  range: z.enum(Object.keys(archiveRanges) as (keyof typeof archiveRanges)[]).catch('30d'),
  from: askedDay,
  to: askedDay,
  recommendation: z
    .enum(recommendations.map(({ id }) => id))
    .optional()
    .catch(undefined),
  reason: z.enum(archiveReasons).optional().catch(undefined),
  after: z.uuid().optional().catch(undefined),
})
export type ArchiveAsked = z.infer<typeof asked>

/** Reads the address; what cannot be read falls back to the default. */
export const readArchiveAsked = (query: Record<string, string>): ArchiveAsked =>
  asked.parse(Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '')))

/** The question to the engine, without the page. */
export function archiveQuery({ range, from, to, recommendation, reason }: ArchiveAsked, now: Date): ArchiveQuery {
  const today = dayOf(now)
  const days = range === 'today' ? 1 : Number.parseInt(range, 10)
  const stretch = from
    ? { from, to: to ?? today }
    : range === 'all'
      ? null
      : { from: addDays(today, 1 - days), to: today }
  return {
    ...(stretch ? { range: stretch } : {}),
    ...(recommendation ? { recommendation } : {}),
    ...(reason ? { reason } : {}),
  }
}

/** The same as parameters of an address, from its first page. */
export const asArchiveQuery = (ask: ArchiveAsked): Record<string, string | undefined> => ({
  ...(ask.from ? { from: ask.from, to: ask.to } : { range: ask.range }),
  recommendation: ask.recommendation,
  reason: ask.reason,
})
