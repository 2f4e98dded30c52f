/** The reservations and savings plans themselves: what each cost, what of it was used, and until when it runs. */
import { listCommitments, type CommitmentRow } from '../../db/queries/commitments.ts'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'
import { decimal, type Amount } from '../money.ts'
import { checkRange } from '../spend/ranges.ts'
import { dayMs, dayOf } from '../time.ts'
import type { CoverageQuery } from './coverage.ts'

/** `expected` is what it cost in the range whether used or not; null, and no utilization, when the bill does not say. */
export type Commitment = {
  id: string
  kind: 'ri' | 'sp'
  /** "Reserved instances, standard", "Compute savings plan". */
  type: string
  account: string
  resourceId: string | null
  region: string
  /** The machine type it is for, or the one a plan covered most. */
  flavor: string
  payment: string
  term: string
  expected: Amount | null
  used: Amount
  /** What its use would have cost on demand. */
  list: Amount
  hours: Amount
  /** Per cent of `expected` that was used, rounded down, 100 at most. */
  utilization: number | null
  waste: Amount
  /** Hours of `flavor` the waste would have paid for; null when no price of an hour is known. */
  wasteHours: Amount | null
  startsAt: Date | null
  endsAt: Date | null
  /** Whole days until its end; 0 when it is over, null when the bill does not say. */
  daysLeft: number | null
}

/** Commitments with a cost or a use in the range, those that waste most first; at most 500. Invalid when the range is. */
export async function readCommitments(ctx: Context, { range, accountId }: CoverageQuery): Promise<Commitment[]> {
  await assertCan(ctx, 'see_costs')
  checkRange(range)
  const now = ctx.now()
  const where = { orgId: ctx.orgId, ...range, today: dayOf(now), ...(accountId ? { accountId } : {}) }
  const rows = await listCommitments(ctx.db, where)
  return rows.map((row) => commitment(row, now))
}

function commitment(row: CommitmentRow, now: Date): Commitment {
  const { facts, expected, used, subAccount, accountName } = row
  const fact = (...names: string[]): string => names.map((name) => facts[name]).find(isText) ?? ''
  const [startsAt, endsAt] = [instant(fact('start')), instant(fact('end'))]
  return {
    ...{ id: row.commitment, kind: row.cover, resourceId: row.resourceId, region: row.region, used, list: row.list },
    ...{ hours: row.hours, waste: row.waste, wasteHours: row.wasteHours, expected, startsAt, endsAt },
    type: row.cover === 'sp' ? planType(fact('offeringType')) : reservationType(fact('offeringClass')),
    account: subAccount ? `${accountName} (${subAccount})` : accountName,
    flavor: row.flavor || fact('instanceType'),
    payment: fact('paymentOption'),
    term: fact('purchaseTerm'),
    utilization: utilizationOf(row.measured ?? '0', expected),
    daysLeft: endsAt && Math.max(0, Math.floor((endsAt.getTime() - now.getTime()) / dayMs)),
  }
}

/** Per cent used of what was paid, rounded down so that 99.9 is not yet all. */
function utilizationOf(used: Amount, expected: Amount | null): number | null {
  if (expected === null || !decimal(expected).gt(0)) return null
  return Math.min(100, decimal(used).div(expected).times(100).floor().toNumber())
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** "ComputeSavingsPlans" → "Compute savings plan". */
function planType(offering: string): string {
  const name = offering.replace(/SavingsPlans?$/, '')
  return name ? `${name.replace(/Instance$/, ' instance')} savings plan` : 'Savings plan'
}

const reservationType = (kind: string): string =>
  kind ? `Reserved instances, ${kind.toLowerCase()}` : 'Reserved instances'

function instant(text: string): Date | null {
  const at = new Date(text)
  return text === '' || Number.isNaN(at.getTime()) ? null : at
}
