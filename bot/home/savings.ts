/** What the open recommendations could save. */
import { sumFindings } from '../../db/queries/recommendations.ts'
import type { Amount } from '../../engine/money.ts'
import { totalSaving } from '../../engine/recommendations/summary.ts'
import type { BotContext } from '../context.ts'

/** `saving` per month; on one resource only the best compatible advice counts. */
export type Savings = { count: number; saving: Amount }

/** Of an owner, of a pool with everything below, or of the organization. */
export async function readSavings(ctx: BotContext, where: { ownerId?: string; poolId?: string }): Promise<Savings> {
  const [sums, saving] = await Promise.all([
    sumFindings(ctx.db, { orgId: ctx.orgId, now: ctx.now(), ...where }),
    totalSaving(ctx, where),
  ])
  return { count: sums.reduce((sum, { status, count }) => sum + (status === 'active' ? count : 0), 0), saving }
}
