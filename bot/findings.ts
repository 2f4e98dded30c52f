/** Findings and recommendations in words, for commands and buttons. */
import type { FindingRow } from '../db/queries/recommendations.ts'
import { recommendations } from '../engine/recommendations/catalog.ts'
import { getRecommendation } from '../engine/recommendations/options.ts'
import type { Recommendation } from '../engine/recommendations/recommendation.ts'
import { quote } from './grammar.ts'
import { UnclearError } from './reply.ts'
import { closest } from './words.ts'

/** "Not attached volumes: data-2": which advice, for what. */
export const findingName = ({ recommendation, resourceName, key }: FindingRow): string =>
  `${getRecommendation(recommendation).title}: ${resourceName ?? key}`

/** The recommendation whose title has these words, or a question. */
export function kindCalled(text: string): Recommendation {
  const words = text.toLowerCase().split(/\s+/)
  const called = recommendations.filter(({ id, title }) => {
    const full = `${title} ${id.replaceAll('_', ' ')}`.toLowerCase()
    return id === text || words.every((word) => full.includes(word.replace(/s$/, '')))
  })
  if (called.length === 1) return called[0]!
  const titles = (called.length ? called : recommendations).map(({ title }) => title)
  const options = (called.length ? titles : closest(text, titles)).map((title) => ({
    ...{ label: title, command: `recs ${quote(title)}` },
  }))
  throw new UnclearError(
    called.length ? `Which of these is “${text}”?` : `There is no recommendation “${text}”.`,
    options,
  )
}
