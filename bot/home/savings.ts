/** What the open recommendations could save. */
import { sumFindings } from '../../db/queries/recommendations.ts'
import type { Amount } from '../../engine/money.ts'
import { totalSaving } from '../../engine/recommendations/summary.ts'
import type { BotContext } from '../context.ts'

/** `saving` per month; on one resource only the best compatible advice counts. */
export type Savings = { of: Whose; count: number; saving: Amount }

/** Of an owner, or of a pool with everything below; of the organization without. */
export type Whose = { ownerId?: string; poolId?: string }

/** What is open now. */
export async function readSavings(ctx: BotContext, where: Whose): Promise<Savings> {
  const [sums, saving] = await Promise.all([
    sumFindings(ctx.db, { orgId: ctx.orgId, now: ctx.now(), ...where }),
    totalSaving(ctx, where),
  ])
  return {
    of: where,
    count: sums.reduce((sum, { status, count }) => sum + (status === 'active' ? count : 0), 0),
    saving,
  }
}
