import type { Context } from '../../engine/context.ts'
import { formatMoney } from '../../engine/money.ts'
import { breakdown, type SpendScope } from '../../engine/spend/breakdown.ts'
import { addDays, dayOf } from '../../engine/time.ts'
import { chart } from '../chart-parts.ts'
import type { View } from '../env.ts'
import { emptyState, type Content } from '../parts.ts'

/** The last 30 days of something as a stacked chart, with the total in words; one thing alone is one area. */
export async function spendFigure(
  ctx: Context,
  { scope, view, by = 'service' }: { scope: SpendScope; view: View; by?: 'service' | 'none' },
): Promise<Content> {
  const today = dayOf(view.now)
  const range = { from: addDays(today, -29), to: today }
  const answer = await breakdown(ctx, { scope, groupBy: by, range, grain: 'day', top: 5 })
  if (answer.groups.length === 0) return emptyState('It has cost nothing in the last 30 days.')
  const { days, lines } = answer.series
  const title = 'Cost per day, last 30 days'
  const said = `${formatMoney(answer.total, answer.currency)} in 30 days, ${formatMoney(answer.billed, answer.currency)} billed.`
  const series = lines.map(({ label, values }) => ({ name: label, values: values.map(Number) }))
  return chart(
    { kind: 'area', title, description: said, categories: days, series, unit: answer.currency, height: 280 },
    said,
  )
}
