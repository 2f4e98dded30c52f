/** Findings and recommendations in words, for commands and buttons. */
import type { FindingRow } from '../db/queries/recommendations.ts'
import { readArchive, recently, sayEnded } from '../engine/recommendations/archive.ts'
import { recommendations } from '../engine/recommendations/catalog.ts'
import { isDismissable } from '../engine/recommendations/dismiss.ts'
import { getRecommendation } from '../engine/recommendations/options.ts'
import type { Recommendation } from '../engine/recommendations/recommendation.ts'
import { splitLack } from '../engine/recommendations/inputs.ts'
import { hasScript } from '../engine/recommendations/scripts.ts'
import type { Kind } from '../engine/recommendations/summary.ts'
import type { BotContext } from './context.ts'
import { evidenceLine } from './evidence.ts'
import { quote } from './grammar.ts'
import type { RecommendationsFacts } from './messages/recommendations.ts'
import { UnclearError } from './reply.ts'
import { closest } from './words.ts'

/** "Not attached volumes: data-2": which advice, for what. */
export const findingName = ({ recommendation, resourceName, key }: FindingRow): string =>
  `${getRecommendation(recommendation).title}: ${resourceName ?? key}`

/** The recommendation whose title has these words, or a question whose answers run `command` with a title. */
export function kindCalled(text: string, command = 'recs'): Recommendation {
  const words = text.toLowerCase().split(/\s+/)
  const called = recommendations.filter(({ id, title }) => {
    const full = `${title} ${id.replaceAll('_', ' ')}`.toLowerCase()
    return id === text || words.every((word) => full.includes(word.replace(/s$/, '')))
  })
  if (called.length === 1) return called[0]!
  const titles = (called.length ? called : recommendations).map(({ title }) => title)
  const options = (called.length ? titles : closest(text, titles)).map((title) => ({
    ...{ label: title, command: `${command} ${quote(title)}` },
  }))
  throw new UnclearError(
    called.length ? `Which of these is “${text}”?` : `There is no recommendation “${text}”.`,
    options,
  )
}

/** A kind as the answer lists it. */
export function kindFacts({ id, title, count, saving, clouds }: Kind): RecommendationsFacts['kinds'][number] {
  const one = getRecommendation(id)
  return { id, title, count, saving, advice: one.advice, hasScript: hasScript(one, clouds) }
}

/** The same thing is often missing for several kinds: said once, with whom it concerns. */
export function problemsOf(kinds: Kind[]): RecommendationsFacts['problems'] {
  const all = kinds.flatMap(({ title, lacks }) =>
    lacks.map(({ account, text }) => ({ title, account, ...splitLack(text) })),
  )
  return [...Map.groupBy(all, ({ account, why }) => `${account}: ${why}`)]
    .map(([text, same]) => {
      const missing = [...new Set(same.flatMap((each) => each.missing))]
      const what = missing.length ? ` Missing: ${missing.join(', ')}.` : ''
      return { text: `${text}${what}`, titles: same.map(({ title }) => title) }
    })
    .toSorted((a, b) => b.titles.length - a.titles.length)
}

/** Do its hours without use suggest a power schedule? */
export const isSchedulable = ({ recommendation }: FindingRow): boolean => recommendation === 'instances_for_shutdown'

/** One finding as the answer lists it. */
export const rowFacts = (ctx: BotContext, row: FindingRow): RecommendationsFacts['rows'][number] => ({
  ...{ id: row.id, rev: row.rev, dismissable: isDismissable(row) },
  schedulable: isSchedulable(row),
  why: evidenceLine(getRecommendation(row.recommendation), row.evidence, ctx.currency),
  resource: row.resourceName ?? row.key,
  where: [row.accountName, row.region].filter(Boolean).join(' · '),
  owner: row.ownerName ?? 'nobody',
  saving: row.saving,
})

/** "12 ended in the last 30 days: 9 done, …", of one recommendation or of all; null when none did. */
export async function endedLately(ctx: BotContext, one: Recommendation | null): Promise<string | null> {
  return sayEnded(await readArchive(ctx, { range: recently(ctx.now()), ...(one ? { recommendation: one.id } : {}) }))
}
