import { getRootPool } from '../../db/queries/pools.ts'
import type { Context } from '../context.ts'
import { readPool, type PoolFacts } from '../pools/tree.ts'

/** Limit, cost, forecast and the day the limit is passed, sub-pools included. Read-only. */
export async function forecastPool(ctx: Context, poolId: string): Promise<PoolFacts> {
  return readPool(ctx, poolId)
}

/** The same for the whole organization: its root pool. */
export async function forecastOrganization(ctx: Context): Promise<PoolFacts> {
  const root = await getRootPool(ctx.db, ctx.orgId)
  return readPool(ctx, root.id)
}
