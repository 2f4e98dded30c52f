import { findPool } from '../../db/queries/pools.ts'
import { setPoolLimit, type LimitChange } from '../../engine/pools/limits.ts'
import { formatMoney } from '../../engine/money.ts'
import type { BotContext } from '../context.ts'
import poolLimit from '../modals/pool-limit.ts'
import { assertStill } from '../../engine/still.ts'
import { action } from './action.ts'

/** Opens the dialog in which the limit of a pool is set, and takes that back. */
export default action({
  verb: 'pool-limit',
  on: 'pool',
  effect: 'none',
  opens: { modal: poolLimit, facts: ({ id }) => ({ poolId: id }) },
  async undo(ctx, { id, kept }) {
    const pool = await findPool(ctx.db, { orgId: ctx.orgId, id })
    assertStill(pool && Number(pool.monthlyLimit), kept['after'])
    const { after } = await setPoolLimit(ctx, { poolId: id, monthlyLimit: Number(kept['before']) })
    for (const above of kept['raised'] as LimitChange[]) await lowerAgain(ctx, above)
    return after > 0 ? `The limit is ${formatMoney(after, ctx.currency)} a month again.` : 'There is no limit again.'
  },
})

/** A pool above that was raised for it, unless somebody has set it since. */
async function lowerAgain(ctx: BotContext, { poolId, before, after }: LimitChange): Promise<void> {
  const pool = await findPool(ctx.db, { orgId: ctx.orgId, id: poolId })
  if (pool && Number(pool.monthlyLimit) === after) await setPoolLimit(ctx, { poolId, monthlyLimit: before })
}
