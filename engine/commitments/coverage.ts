/**
 * How much of the machine time was paid for by reservations (RI) and savings plans (SP), and what of them was wasted.
 *
 * Hours are those of the bill: of EC2, containers (a processor hour and a gigabyte hour count each), SageMaker, functions
 * and RDS; spot is left out, because nothing can be committed to it. Cost with commitments is the on-demand price of
 * what is uncovered and the effective cost of what is covered; cost without is the on-demand price of all of it. Waste is
 * what commitments cost on days they were not used up, booked where their fee is billed. Source: spec recommendations 15.1.
 */
import { findCoverageDay, listCoverage, type CoverageSum } from '../../db/queries/commitments.ts'
import { getOrganization } from '../../db/queries/organizations.ts'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'
import { decimal, type Amount } from '../money.ts'
import { bucketsOf, checkRange } from '../spend/ranges.ts'
import { dayOf, type Day, type DayRange } from '../time.ts'

/** Of an account's data, or of all. */
export type CoverageQuery = { range: DayRange; accountId?: string }

/** One kind of commitment: hours it paid for, what they cost and would have cost, and what it cost beyond. */
export type CoveredBy = { hours: Amount; cost: Amount; list: Amount; waste: Amount; wasteHours: Amount }

/** Amounts are exact, in the organization's currency; hours are of any size of machine, `normalized` of the smallest ones. */
export type Coverage = {
  label: string
  hours: Amount
  normalized: Amount
  ri: CoveredBy
  sp: CoveredBy
  uncoveredHours: Amount
  /** On-demand cost of what nothing covers. */
  uncovered: Amount
  /** What it costs with the commitments, and what all of it would cost on demand. */
  cost: Amount
  list: Amount
  /** `list` less `cost`; and the same less what was wasted. */
  saving: Amount
  netSaving: Amount
  waste: Amount
  /** Per cent of the cost that commitments pay, and of the hours and normalized hours they cover; null when there is none. */
  percent: number | null
  hoursPercent: number | null
  normalizedPercent: number | null
  state: CoverageState
}

/** Less than 5 per cent covered, less than 50, or more. */
export type CoverageState = 'hardly' | 'partly' | 'well'

/** `through` is the last day with hours in a bill, null before the first. */
export type CoverageReport = {
  currency: string
  through: Day | null
  total: Coverage
  days: (Coverage & { day: Day })[]
  accounts: Coverage[]
  families: Coverage[]
  regions: Coverage[]
}

/** Reports a range; an account of nobody here has nothing. Invalid when the range is upside down or too long. */
export async function coverageReport(ctx: Context, { range, accountId }: CoverageQuery): Promise<CoverageReport> {
  await assertCan(ctx, 'see_costs')
  checkRange(range)
  const { db, orgId } = ctx
  const today = dayOf(ctx.now())
  const [organization, through, sums] = await Promise.all([
    getOrganization(db, orgId),
    findCoverageDay(db, { orgId, today }),
    listCoverage(db, { orgId, ...range, today, ...(accountId ? { accountId } : {}) }),
  ])
  const of = (level: CoverageSum['level']) => sums.filter((sum) => sum.level === level).map(coverage)
  const days = new Map(of('day').map((one) => [one.label, one]))
  return {
    currency: organization.currency,
    through,
    total: of('all')[0] ?? coverage(nothing),
    days: bucketsOf(range, 'day').map((day) => ({ ...(days.get(day) ?? coverage(nothing)), label: day, day })),
    accounts: of('account'),
    families: of('family'),
    regions: of('region'),
  }
}

/** Red below 5 per cent, orange below 50, else green; the word says it without a colour. */
export const coverageState = (percent: number | null): CoverageState =>
  (percent ?? 0) < 5 ? 'hardly' : percent! < 50 ? 'partly' : 'well'

/** The words of a state. */
export const coverageWords: Record<CoverageState, string> = {
  hardly: 'hardly covered',
  partly: 'partly covered',
  well: 'well covered',
}

function coverage(sum: CoverageSum): Coverage {
  const cost = decimal(sum.uncovered).plus(sum.riCost).plus(sum.spCost)
  const list = decimal(sum.uncovered).plus(sum.riList).plus(sum.spList)
  const waste = decimal(sum.riWaste).plus(sum.spWaste)
  const percent = share(decimal(sum.riCost).plus(sum.spCost), cost)
  const coveredHours = decimal(sum.riHours).plus(sum.spHours)
  return {
    label: labelOf(sum),
    hours: sum.hours,
    normalized: sum.normalized,
    ri: { hours: sum.riHours, cost: sum.riCost, list: sum.riList, waste: sum.riWaste, wasteHours: sum.riWasteHours },
    sp: { hours: sum.spHours, cost: sum.spCost, list: sum.spList, waste: sum.spWaste, wasteHours: sum.spWasteHours },
    uncoveredHours: decimal(sum.hours).minus(coveredHours).toFixed(),
    uncovered: sum.uncovered,
    cost: cost.toFixed(),
    list: list.toFixed(),
    saving: list.minus(cost).toFixed(),
    netSaving: list.minus(cost).minus(waste).toFixed(),
    waste: waste.toFixed(),
    percent,
    hoursPercent: share(coveredHours, decimal(sum.hours)),
    normalizedPercent: share(decimal(sum.riNormalized).plus(sum.spNormalized), decimal(sum.normalized)),
    state: coverageState(percent),
  }
}

/** Per cent with one decimal. */
const share = (part: ReturnType<typeof decimal>, whole: ReturnType<typeof decimal>): number | null =>
  whole.gt(0) ? part.div(whole).times(100).toDecimalPlaces(1).toNumber() : null

function labelOf({ level, key, hours, accountName, cloudAccountId }: CoverageSum): string {
  if (level === 'account') return key && key !== cloudAccountId ? `${accountName} (${key})` : (accountName ?? '')
  if (level === 'family') return key || (decimal(hours).isZero() ? 'Unused plans' : 'Containers, functions and others')
  if (level === 'region') return key || 'No region'
  return key ?? 'Total'
}

const nothing: CoverageSum = {
  ...{ level: 'all', key: null, accountId: null, accountName: null, cloudAccountId: null },
  ...{ hours: '0', riHours: '0', spHours: '0', normalized: '0', riNormalized: '0', spNormalized: '0' },
  ...{ uncovered: '0', riCost: '0', riList: '0', spCost: '0', spList: '0' },
  ...{ riWaste: '0', riWasteHours: '0', spWaste: '0', spWasteHours: '0' },
}
