import { setPoolLimit } from '../../engine/pools/limits.ts'
import { formatMoney } from '../../engine/money.ts'
import poolLimit from '../modals/pool-limit.ts'
import { action } from './action.ts'

/** Opens the dialog in which the limit of a pool is set, and takes that back. */
export default action({
  verb: 'pool-limit',
  on: 'pool',
  effect: 'none',
  opens: { modal: poolLimit, facts: ({ id }) => ({ poolId: id }) },
  async undo(ctx, { id, kept }) {
    const { after } = await setPoolLimit(ctx, { poolId: id, monthlyLimit: Number(kept['before']) })
    return after > 0 ? `The limit is ${formatMoney(after, ctx.currency)} a month again.` : 'There is no limit again.'
  },
})
