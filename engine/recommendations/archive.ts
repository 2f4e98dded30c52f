/** What ended and why, in words: findings that checks no longer found (spec recommendations 8). */
import { countArchivedFindings, listArchivedFindings, type ArchivedRow } from '../../db/queries/archived-findings.ts'
import { archiveReasons, type ArchiveReason } from '../../db/vocabulary.ts'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'
import { decimal, type Amount } from '../money.ts'
import { addDays, dayOf, type DayRange } from '../time.ts'
import { recommendations } from './catalog.ts'

/** `short` counts ("9 done"), `long` explains one. */
export const reasonWords: Record<ArchiveReason, { short: string; long: string }> = {
  recommendation_applied: { short: 'done', long: 'It was done as recommended.' },
  recommendation_irrelevant: {
    short: 'no longer needed',
    long: 'The resource changed otherwise, e.g. it is used again.',
  },
  resource_deleted: { short: 'gone', long: 'The resource does not exist any more.' },
  options_changed: {
    short: 'by changed settings',
    long: 'Settings of the recommendation changed, and by them it is none.',
  },
  failed_dependency: { short: 'no longer judged', long: 'What is needed to judge it cannot be read any more.' },
  cloud_account_deleted: {
    short: 'of a disconnected account',
    long: 'Its account was disconnected or is not checked any more.',
  },
}

/** Which part of the archive: days (both included, UTC), a recommendation, a reason; all of it without. */
export type ArchiveQuery = { range?: DayRange; recommendation?: string; reason?: ArchiveReason }

/** Findings that ended for one reason; `saving` is what they would have saved per 30 days, each by itself; null when they save no money. */
export type Ended = { reason: ArchiveReason; count: number; saving: Amount | null }

export type EndedKind = { id: string; title: string; count: number; saving: Amount | null; reasons: Ended[] }

export type Archive = { count: number; saving: Amount | null; reasons: Ended[]; kinds: EndedKind[] }

/** How many findings ended, why, and what they would have saved; the recommendations with the most first. */
export async function readArchive(ctx: Context, query: ArchiveQuery = {}): Promise<Archive> {
  await assertCan(ctx, 'see_costs')
  const counts = await countArchivedFindings(ctx.db, filterOf(ctx, query))
  const kinds = [...Map.groupBy(counts, ({ recommendation }) => recommendation)].map(([id, own]) => ({
    id,
    title: titleOf(id),
    ...added(own),
  }))
  return { ...added(counts), kinds: kinds.toSorted((a, b) => b.count - a.count || a.title.localeCompare(b.title)) }
}

/** A page of the archive, the latest first, at most `limit`; it begins after the finding `after`. */
export async function listArchive(
  ctx: Context,
  { after, limit, ...query }: ArchiveQuery & { after?: string; limit: number },
): Promise<ArchivedRow[]> {
  await assertCan(ctx, 'see_costs')
  return listArchivedFindings(ctx.db, { ...filterOf(ctx, query), limit, ...(after ? { after } : {}) })
}

/** The title of a recommendation; the archive may be older than the catalog. */
export const titleOf = (id: string): string => recommendations.find((one) => one.id === id)?.title ?? id

const filterOf = (ctx: Context, { range, ...rest }: ArchiveQuery) => ({
  orgId: ctx.orgId,
  ...rest,
  ...(range ? { from: midnight(range.from), to: midnight(addDays(range.to, 1)) } : {}),
})

const midnight = (day: string): Date => new Date(`${day}T00:00:00Z`)

function added(counts: Ended[]): Omit<Archive, 'kinds'> {
  const reasons = archiveReasons.flatMap((reason) => {
    const own = counts.filter((each) => each.reason === reason)
    return own.length ? [{ reason, count: sum(own), saving: total(own) }] : []
  })
  return { count: sum(counts), saving: total(counts), reasons: reasons.toSorted((a, b) => b.count - a.count) }
}

const sum = (counts: Ended[]): number => counts.reduce((all, { count }) => all + count, 0)

function total(counts: Ended[]): Amount | null {
  const known = counts.flatMap(({ saving }) => (saving === null ? [] : [saving]))
  return known.length ? known.reduce((all, one) => all.plus(one), decimal(0)).toFixed() : null
}

/** So many days are told beside what is found now. */
export const recentDays = 30

/** The last `recentDays` days, today included. */
export const recently = (now: Date): DayRange => ({ from: addDays(dayOf(now), 1 - recentDays), to: dayOf(now) })

/** "9 done, 2 no longer needed, 1 gone"; the most frequent reason first. */
export const sayReasons = (reasons: Ended[]): string =>
  reasons.map(({ reason, count }) => `${count} ${reasonWords[reason].short}`).join(', ')

/** "12 ended in the last 30 days: 9 done, 2 no longer needed, 1 gone"; null when none did. */
export const sayEnded = ({ count, reasons }: Omit<Archive, 'kinds'>): string | null =>
  count ? `${count} ended in the last ${recentDays} days: ${sayReasons(reasons)}` : null
