import { sql } from 'drizzle-orm'
import { lockRules, setResourcesPool, setRulesPool } from '../../db/queries/assignments.ts'
import { lockSpend } from '../../db/queries/expenses.ts'
import { deletePoolRow, getRootPool, lockPoolTree, sumChildLimits } from '../../db/queries/pools.ts'
import { allowLong } from '../../db/queries/staging.ts'
import { assertCan } from '../access.ts'
import { billIsStored } from '../assignment/busy.ts'
import { inTransaction, type Context } from '../context.ts'
import { conflict, invalid } from '../errors.ts'
import { record } from '../events.ts'
import { getPool } from './pool.ts'

/**
 * Deletes a pool without sub-pools: its resources (and their spend), accounts and environments go to the parent, rules
 * that pointed at it to the root. Owners without a role in the parent are replaced by its default owner.
 */
export async function deletePool(
  ctx: Context,
  { poolId }: { poolId: string },
): Promise<{ parentId: string; resources: number; rules: number }> {
  await assertCan(ctx, 'manage_pools', { poolId })
  return inTransaction(ctx, async (ctx) => {
    await lockPoolTree(ctx.db, ctx.orgId)
    const { orgId } = ctx
    await lockArrivals(ctx)
    await allowLong(ctx.db)
    const { name, parentId, monthlyLimit } = await getPool(ctx, poolId)
    if (!parentId)
      throw invalid('The root pool belongs to the organization and cannot be deleted. Nothing was changed.')
    const below = await sumChildLimits(ctx.db, { orgId, parentId: poolId })
    if (below.count > 0)
      throw conflict(`${name} still has ${below.count} pools in it. Nothing was changed.`, {
        next: 'Delete those first.',
      })
    const root = await getRootPool(ctx.db, orgId)
    const resources = await setResourcesPool(ctx.db, { orgId, from: poolId, to: parentId })
    const rules = await setRulesPool(ctx.db, { orgId, from: poolId, to: root.id })
    await deletePoolRow(ctx.db, { orgId, id: poolId, parentId })
    await record(ctx, 'pool.deleted', {
      subject: { kind: 'pool', id: poolId },
      before: { name, parentId, monthlyLimit },
      after: { resources, rules, parentId },
    })
    return { parentId, resources, rules }
  })
}

/** Bills, discoveries, moves and rules that are about to put something into the pool come before it goes, or find it gone. */
async function lockArrivals({ db, orgId }: Context): Promise<void> {
  await lockSpend(db, sql`select id as account_id from accounts where org_id = ${orgId}`).catch(billIsStored)
  await lockRules(db, orgId)
}
