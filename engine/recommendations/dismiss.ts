/** A person's word on a finding: not this one, or this one after all. It holds for the resource until it is reopened. */
import { z } from 'zod'
import {
  deleteDismissal,
  findFinding,
  lockFindingRevision,
  setFindingSnooze,
  upsertDismissal,
  type FindingRow,
} from '../../db/queries/recommendations.ts'
import { assertCan } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { invalid, notFound } from '../errors.ts'
import { record, type Change, type Subject } from '../events.ts'
import { assertStill } from '../still.ts'
import { getRecommendation } from './options.ts'
import { redrawSavings } from './savings.ts'

/** The finding, or a NotFound that says what may have happened. */
export async function getFinding(ctx: Context, findingId: string): Promise<FindingRow> {
  const found = await findFinding(ctx.db, { orgId: ctx.orgId, id: findingId, now: ctx.now() })
  if (found) return found
  throw notFound('This recommendation is no longer there. Nothing was changed.', {
    next: 'The last check closed it; the archive says why.',
  })
}

/** May this finding be dismissed at all? What has no resource comes back with every check. */
export const isDismissable = ({ recommendation, resourceId }: FindingRow): boolean =>
  getRecommendation(recommendation).dismissable && resourceId !== null

export const DismissFinding = z.object({ findingId: z.uuid(), reason: z.string().max(500).default('') })
export type DismissFinding = z.input<typeof DismissFinding>

/** Takes a finding off the list for good; of its resource this recommendation is not shown again until it is reopened. */
export async function dismissFinding(ctx: Context, input: DismissFinding): Promise<FindingRow> {
  const { findingId, reason } = DismissFinding.parse(input)
  const finding = await getFinding(ctx, findingId)
  await assertCan(ctx, 'dismiss_findings', finding)
  const { title } = getRecommendation(finding.recommendation)
  const { resourceId, recommendation } = finding
  if (!isDismissable(finding) || resourceId === null)
    throw invalid(`${title} cannot be dismissed. Nothing was changed.`, { next: 'Put it off for some days instead.' })
  if (finding.status === 'dismissed' && finding.dismissReason === reason) return finding
  const { orgId } = ctx
  return inTransaction(ctx, async (ctx) => {
    await upsertDismissal(ctx.db, {
      orgId,
      recommendation,
      resourceId,
      personId: ctx.actor.personId,
      reason,
      at: ctx.now(),
    })
    await setFindingSnooze(ctx.db, { orgId, id: findingId, snoozedUntil: null })
    await record(ctx, 'finding.dismissed', decision(finding, { status: 'dismissed', reason }))
    await redrawSavings(ctx)
    return getFinding(ctx, findingId)
  })
}

/**
 * Puts a dismissed or snoozed finding back on the list; with `rev` only while the decision that made it is the last one. An undo
 * says until when it was put off before (`snoozedUntil`); it is put off until then again.
 */
export async function reopenFinding(
  ctx: Context,
  { findingId, rev, snoozedUntil = null }: { findingId: string; rev?: number; snoozedUntil?: Date | null },
): Promise<FindingRow> {
  const finding = await getFinding(ctx, findingId)
  await assertCan(ctx, 'dismiss_findings', finding)
  const { resourceId, recommendation } = finding
  if (finding.status === 'active') return finding
  return inTransaction(ctx, async (ctx) => {
    const now = await lockFindingRevision(ctx.db, { orgId: ctx.orgId, id: findingId })
    if (rev !== undefined) assertStill(now, rev)
    if (resourceId) await deleteDismissal(ctx.db, { recommendation, resourceId })
    await setFindingSnooze(ctx.db, { orgId: ctx.orgId, id: findingId, snoozedUntil })
    const after = await getFinding(ctx, findingId)
    await record(ctx, 'finding.reopened', decision(finding, { status: after.status }))
    await redrawSavings(ctx)
    return after
  })
}

/** What the audit row of a decision says: what the finding was, and what it is after it. */
export function decision(finding: FindingRow, after: Record<string, unknown>): { subject: Subject } & Change {
  const { id, recommendation, resourceId, resourceName, status } = finding
  return { subject: { kind: 'finding', id }, before: { recommendation, resourceId, resourceName, status }, after }
}
