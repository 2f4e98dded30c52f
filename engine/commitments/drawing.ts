/** A coverage report as charts and files; the same for every door. */
import { csvLine } from '../csv.ts'
import type { ChartSpec } from '../spend/chart.ts'
import type { Coverage, CoverageReport } from './coverage.ts'
import type { Commitment } from './offers.ts'

/** Numbers of a chart are for the eye; exact ones are in tables and files. */
const drawn = (value: string): number => Math.round(Number(value) * 100) / 100

/** What is stacked: hours per day by who paid for them; days no bill has reached yet are gaps, not zeros. */
export function hourSeries({ days, through }: CoverageReport): { name: string; values: (number | null)[] }[] {
  const of = (value: (one: Coverage) => string) =>
    days.map((one) => (through && one.day <= through ? drawn(value(one)) : null))
  return [
    { name: 'Reservations', values: of(({ ri }) => ri.hours) },
    { name: 'Savings plans', values: of(({ sp }) => sp.hours) },
    { name: 'Uncovered', values: of(({ uncoveredHours }) => uncoveredHours) },
  ]
}

/** The same in per cent of the day's hours. */
export function percentSeries(report: CoverageReport): { name: string; values: (number | null)[] }[] {
  const totals = report.days.map(({ hours }) => Number(hours))
  return hourSeries(report).map(({ name, values }) => ({
    name,
    values: values.map((value, at) => (value && totals[at] ? drawn(String((100 * value) / totals[at])) : value)),
  }))
}

/** What every day cost by who paid for it, and `savings` on top: what it would have cost more on demand. */
export function costSeries({ days, through }: CoverageReport, savings: boolean): ChartSpec['series'] {
  const of = (value: (one: Coverage) => string) =>
    days.map((one) => (through && one.day <= through ? drawn(value(one)) : null))
  return [
    { name: 'Reservations', values: of(({ ri }) => ri.cost) },
    { name: 'Savings plans', values: of(({ sp }) => sp.cost) },
    { name: 'Uncovered', values: of(({ uncovered }) => uncovered) },
    ...(savings
      ? [{ name: 'Saved', values: of(({ saving }) => saving).map((value) => value && Math.max(0, value)) }]
      : []),
  ]
}

const head = [
  ...['hours', 'normalized_hours', 'ri_hours', 'sp_hours', 'uncovered_hours', 'cost_with_offer', 'cost_without_offer'],
  ...['ri_cost_with_offer', 'ri_cost_without_offer', 'ri_overprovision', 'ri_overprovision_hours'],
  ...['sp_cost_with_offer', 'sp_cost_without_offer', 'sp_overprovision', 'sp_overprovision_hours'],
  ...['uncovered_cost', 'saving', 'coverage_percent', 'currency'],
]

const cells = ({ hours, normalized, ri, sp, ...one }: Coverage, currency: string) => [
  ...[hours, normalized, ri.hours, sp.hours, one.uncoveredHours, one.cost, one.list],
  ...[ri.cost, ri.list, ri.waste, ri.wasteHours, sp.cost, sp.list, sp.waste, sp.wasteHours],
  ...[one.uncovered, one.saving, one.percent, currency],
]

/** Parts of a report that have a file. */
export const coverageParts = ['days', 'accounts', 'families', 'regions'] as const
export type CoveragePart = (typeof coverageParts)[number]
const columns: Record<CoveragePart, string> = {
  days: 'day',
  accounts: 'account',
  families: 'family',
  regions: 'region',
}

/** A part of the report as a file of exact numbers, its total last. */
export function coverageCsv(report: CoverageReport, part: CoveragePart): string {
  const { currency, total } = report
  const rows = report[part].map((one) => csvLine([one.label, ...cells(one, currency)]))
  return [csvLine([columns[part], ...head]), ...rows, csvLine(['Total', ...cells(total, currency)])].join('')
}

/** The reservations and plans as a file. */
export function commitmentsCsv(rows: Commitment[], currency: string): string {
  const names = [
    ...[
      'offer_id',
      'kind',
      'type',
      'account',
      'region',
      'flavor',
      'payment_option',
      'term',
      'start',
      'end',
      'days_left',
    ],
    ...['expected_cost', 'used_cost', 'utilization_percent', 'overprovision', 'overprovision_hours', 'used_hours'],
    ...['cost_without_offer', 'currency'],
  ]
  const lines = rows.map((one) =>
    csvLine([
      ...[one.id, one.kind, one.type, one.account, one.region, one.flavor, one.payment, one.term],
      ...[one.startsAt?.toISOString() ?? null, one.endsAt?.toISOString() ?? null, one.daysLeft],
      ...[one.expected, one.used, one.utilization, one.waste, one.wasteHours, one.hours, one.list, currency],
    ]),
  )
  return [csvLine(names), ...lines].join('')
}
