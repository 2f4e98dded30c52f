import { z } from 'zod'
import { forecastPool } from '../../engine/forecast/pool-forecast.ts'
import { formatMoney } from '../../engine/money.ts'
import { setPoolLimit } from '../../engine/pools/limits.ts'
import { section } from '../blocks.ts'
import { poolLimitReceipt } from '../pool-limits.ts'
import { md } from '../rich.ts'
import { modal } from './modal.ts'

/** What a pool may cost a month. */
export default modal({
  name: 'pool-limit',
  title: 'Set Pool Limit',
  submit: 'Set Limit',
  fields: z.object({
    monthlyLimit: z
      .number()
      .int()
      .min(0)
      .max(2_147_483_647)
      .meta({ label: 'Limit per month', hint: 'Whole units of the currency; 0 = no limit' }),
    extendParents: z.boolean().default(false).meta({ label: 'Raise the pools above if needed' }),
  }),
  async load(ctx, { poolId = '' }) {
    const { path, cost, forecast, limit } = await forecastPool(ctx, poolId)
    const money = (amount: string) => formatMoney(amount, ctx.currency)
    return {
      blocks: [section(md`*${path}* cost ${money(cost)} this month, ${money(forecast)} are expected.`)],
      values: { monthlyLimit: Number(limit) },
    }
  },
  async run(ctx, { facts, values }) {
    const poolId = facts['poolId'] ?? ''
    const change = await setPoolLimit(ctx, { poolId, ...values })
    return poolLimitReceipt(ctx, poolId, change)
  },
})
