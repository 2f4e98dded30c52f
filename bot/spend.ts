/** A spend answer in other shapes: Slack's own chart while it fits, a picture, a file, a page. */
import { getRootPool } from '../db/queries/pools.ts'
import { csvLine } from '../engine/csv.ts'
import { otherKey, type SpendAnswer, type SpendScope } from '../engine/spend/breakdown.ts'
import type { ChartSpec } from '../engine/spend/chart.ts'
import { ceilings } from './blocks.ts'
import type { OrgContext } from './context.ts'
import type { NamedRange } from './moments.ts'
import { inRange } from './ranges.ts'
import { files, type Reply } from './reply.ts'
import { dayInWords } from './words.ts'

type Asked = { by: string; range: NamedRange }

const titleOf = ({ by, range }: Asked) => `Spend by ${by} ${inRange(range)}`

/** At most four series: the three biggest, and the rest added up for the eye. The exact sums are in the table. */
function eyeLines({ series: { lines } }: SpendAnswer, most: number): { name: string; values: number[] }[] {
  const all = lines.map(({ label, values }) => ({
    name: label || 'Not set',
    values: values.map((value) => Math.round(Number(value) * 100) / 100),
  }))
  if (all.length <= most) return all
  const [shown, rest] = [all.slice(0, most - 1), all.slice(most - 1)]
  const sums = rest[0]!.values.map(
    (_, at) => Math.round(rest.reduce((sum, { values }) => sum + values[at]!, 0) * 100) / 100,
  )
  return [...shown, { name: 'Other', values: sums }]
}

/** The series of a native chart, or null when there are too many points or nothing to draw. */
export function seriesOf(
  answer: SpendAnswer,
  asked: Asked,
): { title: string; days: string[]; lines: { name: string; values: number[] }[] } | null {
  const { days } = answer.series
  if (days.length < 2 || days.length > ceilings.points || answer.groups.length === 0) return null
  return { title: titleOf(asked), days: days.map((day) => dayInWords(day)), lines: eyeLines(answer, ceilings.series) }
}

/** The picture for more points than Slack draws, or null. */
export function chartOf(answer: SpendAnswer, asked: Asked): ChartSpec | null {
  const { days } = answer.series
  if (days.length <= ceilings.points || answer.groups.length === 0) return null
  const { currency: unit } = answer
  return {
    kind: days.length > 40 ? 'area' : 'bar',
    title: titleOf(asked),
    categories: days,
    series: eyeLines(answer, 5),
    unit,
    // A phone shows a picture about 360 pixels wide; drawn wider, its words would be too small to read.
    ...{ width: 420, height: 320 },
  }
}

/** The pool of everything. */
export const rootId = async ({ db, orgId }: OrgContext): Promise<string> => (await getRootPool(db, orgId)).id

/** The groups as a file of exact numbers. */
export function csvOf({ groups, total, before, currency }: SpendAnswer, { by, range: { from, to } }: Asked): Reply {
  const rows = groups.map((one) =>
    csvLine([one.key === otherKey ? one.label : one.label || 'not set', one.total, one.before, one.share, currency]),
  )
  const content = [
    csvLine([by, 'cost', 'before', 'share_percent', 'currency']),
    ...rows,
    csvLine(['Total', total, before, 100, currency]),
  ].join('')
  return files(`Cost by ${by}, ${from} to ${to}: effective cost, ${currency}.`, {
    name: `cost-by-${by.replace(':', '-')}-${from}-${to}.csv`,
    content,
  })
}

/** `/spend?…` with the same grouping, days and scope. */
export function spendLink({ by, range, scope }: { by: string; range: NamedRange; scope: SpendScope }): string {
  const { poolId, ownerId, accountId, tag, ...rest } = scope
  const given = {
    ...{ by, from: range.from, to: range.to, pool: poolId, owner: ownerId, account: accountId },
    ...{ tag: tag && `${tag.key}=${tag.value}`, ...rest },
  }
  const query = new URLSearchParams(Object.entries(given).filter((pair): pair is [string, string] => Boolean(pair[1])))
  return `/spend?${query.toString()}`
}
