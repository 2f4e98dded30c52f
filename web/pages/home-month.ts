import type { Context } from '../../engine/context.ts'
import { formatMoney } from '../../engine/money.ts'
import type { PoolFacts } from '../../engine/pools/tree.ts'
import type { Summary } from '../../engine/recommendations/summary.ts'
import { breakdown } from '../../engine/spend/breakdown.ts'
import { addDays, addMonths, dayOf, monthOf } from '../../engine/time.ts'
import { chart } from '../chart-parts.ts'
import type { View } from '../env.ts'
import { money, stats, type Content } from '../parts.ts'
import { hasLimit, poolBadge } from '../pool-parts.ts'

/** What the whole month before this one cost. */
export async function lastMonth(ctx: Context): Promise<string> {
  const today = dayOf(ctx.now())
  const range = { from: addMonths(today, -1), to: addDays(monthOf(today), -1) }
  return (await breakdown(ctx, { scope: {}, groupBy: 'none', range, grain: 'month' })).total
}

/** The organization's month in four figures. */
export function figures(
  { root, saving, last }: { root: PoolFacts; saving: Summary; last: string },
  { organization }: View,
): Content {
  const { currency } = organization
  return stats([
    {
      name: 'Effective cost this month',
      value: money(root.cost, currency),
      note: `so far, ${formatMoney(root.daily, currency)} a day`,
    },
    {
      name: 'Forecast',
      value: money(root.forecast, currency),
      note: poolBadge(root),
      tone: root.state === 'exceeded' || root.state === 'overspend' ? 'bad' : 'plain',
    },
    { name: 'Last month', value: money(last, currency), note: 'effective cost, the whole month' },
    {
      name: 'Possible savings',
      value: money(saving.totalSaving, currency),
      note: 'per month',
      tone: 'good',
      href: '/savings',
    },
  ])
}

/** Last month, this one and what it is expected to end with, against the limit. */
export function monthChart(
  { root, last, month }: { root: PoolFacts; last: string; month: string },
  { organization }: View,
): Content {
  const { currency } = organization
  const limit = hasLimit(root) ? { limit: { label: 'Limit', value: Number(root.limit) } } : {}
  return chart({
    kind: 'bar',
    title: 'The organization by month',
    description: `Last month ${formatMoney(last, currency)}, this month ${formatMoney(root.cost, currency)} so far, forecast ${formatMoney(root.forecast, currency)}.`,
    categories: [addMonths(month, -1).slice(0, 7), 'So far', 'Forecast'],
    series: [{ name: 'Effective cost', values: [Number(last), Number(root.cost), Number(root.forecast)] }],
    unit: currency,
    width: 320,
    height: 220,
    ...limit,
  })
}
