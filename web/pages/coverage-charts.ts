import type { CoverageReport } from '../../engine/commitments/coverage.ts'
import { costSeries, percentSeries } from '../../engine/commitments/drawing.ts'
import { formatMoney } from '../../engine/money.ts'
import { chart } from '../chart-parts.ts'
import { columns, emptyState, section, type Content } from '../parts.ts'

/** Who paid for the hours of every day, and what they cost; `saved` puts what was saved on top. */
export function coverageCharts(report: CoverageReport, saved: boolean): Content {
  const { total, days, currency } = report
  if (Number(total.hours) === 0)
    return emptyState('No machine hours were billed in this time. Coverage is known of AWS cost and usage reports.')
  const categories = days.map(({ day }) => day)
  const size = { width: 680, height: 290 }
  const hoursSaid = `Commitments cover ${total.hoursPercent ?? 0}% of ${Math.round(Number(total.hours)).toLocaleString('en-US')} hours.`
  const costSaid = `${formatMoney(total.cost, currency)} with commitments, ${formatMoney(total.list, currency)} at on-demand prices.`
  return columns([
    section(
      'Hours',
      chart(
        {
          kind: 'bar',
          title: 'Machine hours per day, per cent',
          description: hoursSaid,
          categories,
          series: percentSeries(report),
          unit: '%',
          ...size,
        },
        hoursSaid,
      ),
    ),
    section(
      'Costs',
      chart(
        {
          kind: 'bar',
          title: 'Machine cost per day',
          description: costSaid,
          categories,
          series: costSeries(report, saved),
          unit: currency,
          ...size,
        },
        costSaid,
      ),
    ),
  ])
}
