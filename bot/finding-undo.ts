/** What a decision about a finding keeps, and how it is taken back. */
import type { FindingRow } from '../db/queries/recommendations.ts'
import { reopenFinding } from '../engine/recommendations/dismiss.ts'
import type { BotContext } from './context.ts'
import { findingName } from './findings.ts'
import { md, moment, type Rich } from './rich.ts'

/** What the receipt of a decision keeps for taking it back. */
export const decisionKept = (before: FindingRow, after: FindingRow): Record<string, unknown> => ({
  rev: after.rev,
  until: before.snoozedUntil?.toISOString() ?? null,
})

/** Makes of a finding what it was, open or put off, unless somebody decided about it after the decision that is taken back. */
export async function takeDecisionBack(
  ctx: BotContext,
  { id, kept }: { id: string; kept: Record<string, unknown> },
): Promise<Rich> {
  const { rev, until } = kept as { rev: number; until?: string | null }
  const finding = await reopenFinding(ctx, { findingId: id, rev, snoozedUntil: until ? new Date(until) : null })
  return finding.status === 'snoozed'
    ? md`Put off until ${moment(finding.snoozedUntil!, 'day')}, as before: ${findingName(finding)}.`
    : md`Open again: ${findingName(finding)}.`
}
