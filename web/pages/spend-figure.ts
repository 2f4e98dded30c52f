import type { Context } from '../../engine/context.ts'
import { formatMoney } from '../../engine/money.ts'
import { breakdown, type SpendAnswer, type SpendScope } from '../../engine/spend/breakdown.ts'
import type { ChartSpec } from '../../engine/spend/chart.ts'
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
  const title = 'Effective cost per day, last 30 days'
  const said = `Effective cost ${formatMoney(answer.total, answer.currency)} in 30 days, billed ${formatMoney(answer.billed, answer.currency)}.`
  const size = { width: 680, height: 290 }
  return chart({ kind: 'area', title, description: said, ...drawable(answer), ...size }, said)
}

/** The series of an answer for a chart; days no bill has reached yet are gaps, not zeros. */
export function drawable({
  series,
  currency,
  through,
}: SpendAnswer): Pick<ChartSpec, 'categories' | 'series' | 'unit'> {
  const last = through ? dayOf(through) : ''
  const { days, lines } = series
  const values = (of: string[]) => of.map((value, index) => (days[index]! > last ? null : Number(value)))
  return {
    categories: days,
    series: lines.map((line) => ({ name: line.label, values: values(line.values) })),
    unit: currency,
  }
}
