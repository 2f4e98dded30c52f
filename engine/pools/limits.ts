import { z } from 'zod'
import { findPool, lockPoolTree, sumChildLimits, updatePoolRow } from '../../db/queries/pools.ts'
import type { Pool } from '../../db/schema/pools.ts'
import { assertCan } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { invalid, notFound } from '../errors.ts'
import { record } from '../events.ts'
import { decimal } from '../money.ts'

/** Whole currency units per month, 0 = no limit. */
export const MonthlyLimit = z.coerce
  .number()
  .int('A limit is a whole number')
  .min(0, 'A limit cannot be negative')
  .max(2_147_483_647, 'A limit of more than 2,147,483,647 is none; say 0 for no limit')

export const SetPoolLimit = z.object({
  poolId: z.uuid(),
  monthlyLimit: MonthlyLimit.meta({ label: 'Monthly limit' }),
  extendParents: z.boolean().optional().meta({ label: 'Raise the limits above if needed' }),
})
export type SetPoolLimit = z.input<typeof SetPoolLimit>

/** A change of one pool's limit. */
export type LimitChange = { poolId: string; before: number; after: number }

/**
 * Sets the monthly limit of a pool. The limits below a pool must fit into it; `extendParents` raises what is above just
 * enough. Returns the limit before and after, and what was raised, the nearest first. Invalid when it does not fit,
 * Forbidden when an ancestor may not be raised.
 */
export async function setPoolLimit(
  ctx: Context,
  input: SetPoolLimit,
): Promise<{ before: number; after: number; raised: LimitChange[] }> {
  const { poolId, monthlyLimit, extendParents = false } = SetPoolLimit.parse(input)
  await assertCan(ctx, 'manage_pools', { poolId })
  return inTransaction(ctx, async (ctx) => {
    await lockPoolTree(ctx.db, ctx.orgId)
    const pool = await findPool(ctx.db, { orgId: ctx.orgId, id: poolId })
    if (!pool) throw notFound('There is no such pool. Nothing was changed.')
    const below = await sumChildLimits(ctx.db, { orgId: ctx.orgId, parentId: poolId })
    if (monthlyLimit > 0 && decimal(below.total).gt(monthlyLimit))
      throw invalid(
        `The limits of the pools in ${pool.name} add up to ${below.total}, more than ${monthlyLimit}. Nothing was changed.`,
        { field: 'monthlyLimit', next: 'Lower the limits below first, or choose a higher one.' },
      )
    const place = { parentId: pool.parentId, childId: poolId }
    const raised = await fitIntoParent(ctx, { ...place, limit: monthlyLimit, extendParents })
    const change = { before: Number(pool.monthlyLimit), after: monthlyLimit, raised }
    if (change.before === monthlyLimit) return change
    await setLimit(ctx, pool, monthlyLimit)
    await record(ctx, 'pool.limit-set', limitChange(pool, monthlyLimit))
    return change
  })
}

/**
 * Makes sure a limit fits into what the parent has left, or raises the parent, and so on up to the root. A parent without a
 * limit (0) takes any. Returns what was raised, the nearest first. Needs the lock of the pool tree.
 */
export async function fitIntoParent(
  ctx: Context,
  {
    parentId,
    childId,
    limit,
    extendParents,
  }: { parentId: string | null; childId?: string; limit: number; extendParents: boolean },
): Promise<LimitChange[]> {
  const parent = parentId ? await findPool(ctx.db, { orgId: ctx.orgId, id: parentId }) : null
  if (!parent || Number(parent.monthlyLimit) === 0) return []
  const others = await sumChildLimits(ctx.db, {
    orgId: ctx.orgId,
    parentId: parent.id,
    ...(childId ? { exceptId: childId } : {}),
  })
  const needed = decimal(others.total).plus(limit)
  if (needed.lte(parent.monthlyLimit)) return []
  if (!extendParents)
    throw invalid(
      `${parent.name} has ${decimal(parent.monthlyLimit).minus(others.total).toFixed()} of its ${parent.monthlyLimit} left, less than ${limit}. Nothing was changed.`,
      {
        field: 'monthlyLimit',
        next: 'Choose a lower limit, or raise the limits above too.',
        facts: { parentId: parent.id },
      },
    )
  await assertCan(ctx, 'manage_pools', { poolId: parent.id })
  const raised = needed.toNumber()
  const place = { parentId: parent.parentId, childId: parent.id }
  const above = await fitIntoParent(ctx, { ...place, limit: raised, extendParents })
  await setLimit(ctx, parent, raised)
  await record(ctx, 'pool.limit-set', limitChange(parent, raised))
  return [{ poolId: parent.id, before: Number(parent.monthlyLimit), after: raised }, ...above]
}

async function setLimit(ctx: Context, pool: Pool, limit: number): Promise<void> {
  await updatePoolRow(ctx.db, { orgId: ctx.orgId, id: pool.id, set: { monthlyLimit: String(limit) } })
}

const limitChange = (pool: Pool, limit: number) => ({
  subject: { kind: 'pool' as const, id: pool.id },
  before: { monthlyLimit: Number(pool.monthlyLimit) },
  after: { monthlyLimit: limit },
})
