/** The receipt of a change of a pool's limit. */
import { forecastPool } from '../engine/forecast/pool-forecast.ts'
import { formatMoney } from '../engine/money.ts'
import type { LimitChange } from '../engine/pools/limits.ts'
import type { OrgContext } from './context.ts'
import { done, type Done } from './reply.ts'
import { md } from './rich.ts'

/** The limit that holds now and what is expected against it; undone by `pool-limit`. */
export async function poolLimitReceipt(
  ctx: OrgContext,
  poolId: string,
  { before, after, raised }: { before: number; after: number; raised: LimitChange[] },
): Promise<Done> {
  const { path, forecast } = await forecastPool(ctx, poolId)
  const money = (amount: string | number) => formatMoney(amount, ctx.currency)
  const limit = after > 0 ? `may cost ${money(after)} a month` : 'has no limit'
  return done(md`${path} ${limit} now; ${money(forecast)} are expected this month.`, {
    subject: { kind: 'pool', id: poolId },
    undo: { verb: 'pool-limit', kept: { before, after, raised } },
  })
}
