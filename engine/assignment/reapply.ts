import { sql, type SQL } from 'drizzle-orm'
import { countResourcesIn, poolAndBelow } from '../../db/queries/pools.ts'
import { allowBulk } from '../../db/queries/staging.ts'
import { assertCan } from '../access.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { record, type Subject } from '../events.ts'
import { getPool } from '../pools/pool.ts'
import { assignBySql } from './match.ts'

/** Everything, or one pool, and what is below it only when asked for. */
export type Scope = { poolId?: string | undefined; subPools?: boolean | undefined }

/** Asks for the rules to be applied again to a pool, with its sub-pools or without, or to everything. The work is a job; equal requests join. */
export async function requestReapply(ctx: Context, { poolId, subPools = false }: Scope): Promise<void> {
  if (poolId) await getPool(ctx, poolId)
  await assertCan(ctx, 'manage_pools', { poolId: poolId ?? null })
  await inTransaction(ctx, async (ctx) => {
    await record(ctx, 'rules.reapply-requested', { subject: subjectOf(ctx, { poolId }) })
    await enqueue(ctx, 'reapply-rules', {
      orgId: ctx.orgId,
      ...(poolId ? { poolId, subPools } : {}),
      key: `${ctx.orgId} ${poolId ?? ''}${subPools ? ' and below' : ''}`,
    })
  })
}

/**
 * Decides anew for every resource in scope, in one statement, whatever assigned it before: decisions of people are overridden.
 * Returns how many were looked at and how many changed.
 */
export async function reapplyRules(ctx: Context, scope: Scope): Promise<{ processed: number; updated: number }> {
  const { poolId } = scope
  await assertCan(ctx, 'manage_pools', { poolId: poolId ?? null })
  return inTransaction(ctx, async (ctx) => {
    // A bill that is being stored holds its account for minutes; whoever asked is not waiting for this.
    await allowBulk(ctx.db)
    const within = inScope(ctx, scope)
    const processed = await countResourcesIn(ctx.db, { orgId: ctx.orgId, within })
    const changed = await assignBySql(ctx, within)
    const updated = changed.reduce((sum, { count }) => sum + count, 0)
    await record(ctx, 'rules.reapplied', { subject: subjectOf(ctx, { poolId }), after: { processed, updated } })
    return { processed, updated }
  })
}

/** What applying the rules again would look at: how many resources, and how many of them a person assigned, which it would override. */
export async function previewReapply(ctx: Context, scope: Scope): Promise<{ resources: number; byPeople: number }> {
  await assertCan(ctx, 'manage_pools', { poolId: scope.poolId ?? null })
  const { orgId } = ctx
  const within = inScope(ctx, scope)
  const byPeople = sql`${within} and r.assigned_by = 'person'`
  return {
    resources: await countResourcesIn(ctx.db, { orgId, within }),
    byPeople: await countResourcesIn(ctx.db, { orgId, within: byPeople }),
  }
}

/** The scope as a condition on `resources r`. */
function inScope({ orgId }: Context, { poolId, subPools = false }: Scope): SQL {
  if (!poolId) return sql`true`
  return subPools ? sql`r.pool_id in ${poolAndBelow({ orgId, poolId })}` : sql`r.pool_id = ${poolId}`
}

const subjectOf = (ctx: Context, { poolId }: Scope): Subject =>
  poolId ? { kind: 'pool', id: poolId } : { kind: 'organization', id: ctx.orgId }
