/** What is known about a finding, as Slack shows it. */
import { sayEvidence } from '../engine/recommendations/evidence.ts'
import type { Recommendation } from '../engine/recommendations/recommendation.ts'
import { join, md, moment, type Rich } from './rich.ts'

/** Label and value pairs for `fields`, in the order the recommendation declares them. */
export function evidenceFields(
  one: Recommendation,
  evidence: Record<string, unknown>,
  currency: string,
): Record<string, Rich | string> {
  const pairs = sayEvidence(one, evidence, currency).map(({ label, value }) => [label, inSlack(value)] as const)
  return Object.fromEntries(pairs)
}

/** The first three facts in one line. */
export function evidenceLine(one: Recommendation, evidence: Record<string, unknown>, currency: string): Rich {
  const facts = sayEvidence(one, evidence, currency).slice(0, 3)
  return join(facts.map(({ label, value }) => md`${label}: ${inSlack(value)}`))
}

const inSlack = (value: string | Date): Rich | string => (value instanceof Date ? moment(value) : value)
