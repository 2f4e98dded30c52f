import {
  findLastSpendDay,
  listSpend,
  listSpendBefore,
  listSpendLabels,
  type SpendGrain,
  type SpendGroup,
  type SpendScope,
  type SpendSum,
} from '../../db/queries/spend.ts'
import { getOrganization } from '../../db/queries/organizations.ts'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'
import { decimal, percentChange, type Amount } from '../money.ts'
import { dayOf, monthOf, type Day, type DayRange } from '../time.ts'
import { bucketsOf, checkRange, isWholeMonths } from './ranges.ts'

export type { SpendGrain, SpendGroup, SpendScope }

/** `top`: how many groups keep their own line (10 without it); the rest is folded into "Other (n)". */
export type SpendQuery = {
  scope: SpendScope
  groupBy: SpendGroup
  range: DayRange
  grain: SpendGrain
  compare?: DayRange
  top?: number
}

/** `before` and `change` (per cent) are null without a compared range; `share` is per cent of the total. The folded rest has the key `otherKey`. */
export type SpendLine = {
  key: string
  label: string
  total: Amount
  before: Amount | null
  change: number | null
  share: number
}

/**
 * Amounts are amortized (`effective`), exact, in the organization's currency; `billed` is what the invoice says.
 * `days` are the buckets' first days, every one of the range, and each line has one value per bucket.
 * `through` is the last day with billing data; `estimated` says that bills of the range may still change.
 */
export type SpendAnswer = {
  currency: string
  total: Amount
  billed: Amount
  before: Amount | null
  change: number | null
  groups: SpendLine[]
  series: { days: Day[]; lines: { key: string; label: string; values: Amount[] }[] }
  through: Date | null
  estimated: boolean
}

/** The key of the folded rest. */
export const otherKey = '(other)'
const notSet = 'not set'

/**
 * Answers "what did it cost": totals, groups and a series. Whole months at month grain read the monthly rollup, everything
 * else the daily one; resources, types and tags read the facts of the range. Invalid when the range is upside down or too long.
 */
export async function breakdown(ctx: Context, query: SpendQuery): Promise<SpendAnswer> {
  await assertCan(ctx, 'see_costs', { poolId: query.scope.poolId ?? null, ownerId: query.scope.ownerId ?? null })
  checkRange(query.range)
  const { scope, groupBy, range, grain, compare, top = 10 } = query
  const where = { orgId: ctx.orgId, scope, groupBy }
  const whole = (days: DayRange) => grain === 'month' && isWholeMonths(days)
  const [organization, through, sums] = await Promise.all([
    getOrganization(ctx.db, ctx.orgId),
    dataThrough(ctx),
    listSpend(ctx.db, { ...where, range, grain, top, wholeMonths: whole(range) }),
  ])
  const groups = sums.filter((sum) => sum.level === 'group')
  const keys = groups.flatMap(({ key }) => (key === null ? [] : [key]))
  const before = compare
    ? await listSpendBefore(ctx.db, { ...where, range: compare, keys, wholeMonths: isWholeMonths(compare) })
    : null
  const labels = await labelsOf(ctx, groupBy, keys)
  const label = ({ key, keys: count }: SpendSum) => (key === null ? `Other (${count})` : (labels.get(key) ?? notSet))
  const all = sums.find((sum) => sum.level === 'all')
  const total = all?.effective ?? '0'
  const beforeTotal = before ? (before.find((sum) => sum.all)?.effective ?? '0') : null
  return {
    currency: organization.currency,
    total,
    billed: all?.billed ?? '0',
    before: beforeTotal,
    change: beforeTotal === null ? null : percentChange(beforeTotal, total),
    groups: lines({ groups, before, total, label }),
    series: series(query, { sums, groups, label }),
    through,
    estimated: range.to >= monthOf(dayOf(ctx.now())),
  }
}

/** The group whose cost changed most since the compared range, up or down; null without one or when nothing changed. */
export function biggestMover(answer: SpendAnswer): SpendLine | null {
  const moved = (line: SpendLine) =>
    decimal(line.total)
      .minus(line.before ?? line.total)
      .abs()
  const [first] = answer.groups.filter(({ key }) => key !== otherKey).sort((a, b) => moved(b).cmp(moved(a)))
  return first && moved(first).gt(0) ? first : null
}

/** The last day with billing data, as the instant it began (UTC); null before the first import. Every answer shows it. */
export async function dataThrough(ctx: Context): Promise<Date | null> {
  const day = await findLastSpendDay(ctx.db, { orgId: ctx.orgId, today: dayOf(ctx.now()) })
  return day ? new Date(`${day}T00:00:00Z`) : null
}

type Before = { key: string | null; all: boolean; effective: Amount }[] | null
type Label = (sum: SpendSum) => string

function lines({
  groups,
  before,
  total,
  label,
}: {
  groups: SpendSum[]
  before: Before
  total: Amount
  label: Label
}): SpendLine[] {
  const was = new Map(before?.filter(({ all }) => !all).map(({ key, effective }) => [key, effective]))
  const gone = before && was.has(null) && !groups.some(({ key }) => key === null)
  const rest: SpendSum[] = gone
    ? [{ key: null, bucket: null, level: 'group', effective: '0', billed: '0', keys: 0 }]
    : []
  return sorted([...groups, ...rest]).map((sum) => {
    const earlier = before ? (was.get(sum.key) ?? '0') : null
    return {
      key: sum.key ?? otherKey,
      label: sum.keys === 0 ? 'No longer there' : label(sum),
      total: sum.effective,
      before: earlier,
      change: earlier === null ? null : percentChange(earlier, sum.effective),
      share: decimal(total).isZero() ? 0 : decimal(sum.effective).div(total).times(100).round().toNumber(),
    }
  })
}

/** Biggest first, the folded rest last. */
const sorted = (groups: SpendSum[]): SpendSum[] =>
  groups.toSorted(
    (a, b) => Number(a.key === null) - Number(b.key === null) || decimal(b.effective).cmp(decimal(a.effective)),
  )

function series(
  { range, grain }: SpendQuery,
  { sums, groups, label }: { sums: SpendSum[]; groups: SpendSum[]; label: Label },
): SpendAnswer['series'] {
  const days = bucketsOf(range, grain)
  const place = ({ key, bucket }: Pick<SpendSum, 'key' | 'bucket'>) => `${bucket} ${key ?? otherKey}`
  const inBuckets = sums.filter(({ level }) => level === 'bucket')
  const values = new Map(inBuckets.map((sum) => [place(sum), sum.effective]))
  return {
    days,
    lines: sorted(groups).map((group) => ({
      key: group.key ?? otherKey,
      label: label(group),
      values: days.map((day) => values.get(place({ key: group.key, bucket: day })) ?? '0'),
    })),
  }
}

async function labelsOf(ctx: Context, groupBy: SpendGroup, keys: string[]): Promise<Map<string, string>> {
  const known = keys.filter(Boolean)
  if (groupBy === 'none') return new Map([['', 'Total']])
  if (groupBy === 'pool' || groupBy === 'owner' || groupBy === 'resource' || groupBy === 'account') {
    const rows = await listSpendLabels(ctx.db, { orgId: ctx.orgId, kind: groupBy, keys: known })
    const none: [string, string][] = groupBy === 'owner' ? [['', 'No owner']] : []
    return new Map([...none, ...rows.map(({ key, label }): [string, string] => [key, label])])
  }
  return new Map(known.map((key) => [key, key]))
}
