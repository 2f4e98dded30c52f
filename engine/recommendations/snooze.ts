import { z } from 'zod'
import { setFindingSnooze, type FindingRow } from '../../db/queries/recommendations.ts'
import { assertCan } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { conflict } from '../errors.ts'
import { dayMs } from '../time.ts'
import { record } from '../events.ts'
import { decision, getFinding } from './dismiss.ts'
import { redrawSavings } from './savings.ts'

export const SnoozeFinding = z.object({
  findingId: z.uuid(),
  days: z.number().int().min(1).max(365).default(7),
  reason: z.string().max(500).default(''),
})
export type SnoozeFinding = z.input<typeof SnoozeFinding>

/** Puts a finding off for some days; then it is back by itself. */
export async function snoozeFinding(ctx: Context, input: SnoozeFinding): Promise<FindingRow> {
  const { findingId, days, reason } = SnoozeFinding.parse(input)
  const finding = await getFinding(ctx, findingId)
  await assertCan(ctx, 'dismiss_findings', finding)
  if (finding.status === 'dismissed' || finding.status === 'excluded')
    throw conflict(`This recommendation is ${finding.status} already. Nothing was changed.`)
  return inTransaction(ctx, async (ctx) => {
    const snoozedUntil = new Date(ctx.now().getTime() + days * dayMs)
    await setFindingSnooze(ctx.db, { orgId: ctx.orgId, id: findingId, snoozedUntil })
    await record(
      ctx,
      'finding.snoozed',
      decision(finding, { status: 'snoozed', snoozedUntil, ...(reason ? { reason } : {}) }),
    )
    await redrawSavings(ctx)
    return getFinding(ctx, findingId)
  })
}
