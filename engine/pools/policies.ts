import { z } from 'zod'
import { findPolicy, setPolicy } from '../../db/queries/pools.ts'
import type { PoolPolicy } from '../../db/schema/pools.ts'
import { constraintTypes } from '../../db/vocabulary.ts'
import { assertCan } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { invalid } from '../errors.ts'
import { record } from '../events.ts'
import { getPool } from './pool.ts'

/** The longest TTL a pool can give, in hours: thirty days (product documentation). */
export const maxTtlHours = 720

export const SetPoolPolicy = z.object({
  poolId: z.uuid(),
  type: z.enum(constraintTypes),
  limit: z.coerce.number().int().min(0).max(2_147_483_647),
  active: z.boolean().default(true),
})
export type SetPoolPolicy = z.input<typeof SetPoolPolicy>

/**
 * Gives every resource directly in a pool a constraint, unless it has its own: a TTL in hours (1 to 720) or a daily limit in
 * whole currency units (0 = unlimited). `active: false` switches it off and keeps the number.
 */
export async function setPoolPolicy(ctx: Context, input: SetPoolPolicy): Promise<PoolPolicy> {
  const policy = SetPoolPolicy.parse(input)
  const { poolId, type, limit, active } = policy
  await assertCan(ctx, 'manage_pools', { poolId })
  if (type === 'ttl' && (limit < 1 || limit > maxTtlHours))
    throw invalid(`The TTL of a pool is 1 to ${maxTtlHours} hours. Nothing was changed.`, {
      field: 'limit',
      next: 'Switch the policy off if resources may live without end.',
    })
  return inTransaction(ctx, async (ctx) => {
    await getPool(ctx, poolId)
    const before = await findPolicy(ctx.db, { orgId: ctx.orgId, poolId, type })
    const row = await setPolicy(ctx.db, { orgId: ctx.orgId, poolId, type, limit: String(limit), active })
    await record(ctx, 'pool.policy-set', {
      subject: { kind: 'pool', id: poolId },
      before: { type, limit: before ? Number(before.limit) : null, active: before?.active ?? false },
      after: { type, limit, active },
    })
    return row
  })
}
