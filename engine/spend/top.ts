import { listResourceSpend, type ResourceSpend } from '../../db/queries/spend.ts'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'
import { percentChange } from '../money.ts'
import type { DayRange } from '../time.ts'
import type { SpendScope } from './breakdown.ts'
import { checkRange, previousRange } from './ranges.ts'

/** A resource with its cost in the range and in the equally long one before; `change` in per cent, null when it cost nothing before. */
export type TopResource = ResourceSpend & { change: number | null }

/** The resources that cost most, and those whose cost changed most (up or down) since the stretch before; each list at most `limit` (10). */
export async function topResources(
  ctx: Context,
  { range, scope = {}, limit = 10 }: { range: DayRange; scope?: SpendScope; limit?: number },
): Promise<{ biggest: TopResource[]; movers: TopResource[] }> {
  await assertCan(ctx, 'see_costs', { poolId: scope.poolId ?? null, ownerId: scope.ownerId ?? null })
  checkRange(range)
  const where = { orgId: ctx.orgId, scope, range, before: previousRange(range), limit }
  const [biggest, movers] = await Promise.all([
    listResourceSpend(ctx.db, { ...where, order: 'cost' }),
    listResourceSpend(ctx.db, { ...where, order: 'change' }),
  ])
  const withChange = (row: ResourceSpend): TopResource => ({ ...row, change: percentChange(row.before, row.total) })
  return { biggest: biggest.map(withChange), movers: movers.map(withChange) }
}
