/**
 * What could be committed to: for the machine time that nothing covers and that is there on at least 95 of 100 of the last
 * 30 days (their average of units an hour: bills always tell days, not always hours), the cheapest payment of every class
 * and term. Never more than this steady base is advised. Nothing is bought: this only reads.
 *
 * A commitment is a bet: it is paid whether used or not. `losesBelow` says how much of it must be used for it to save.
 * Source of prices: `commitment_offers`, the cloud's public list; discounts of your own are not in it.
 */
import { findCoverageDay } from '../../db/queries/commitments.ts'
import { getOrganization } from '../../db/queries/organizations.ts'
import { listPurchaseOptions, type PurchaseOption } from '../../db/queries/purchase-options.ts'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'
import { decimal, type Amount } from '../money.ts'
import { addDays, dayMs, dayOf } from '../time.ts'

const lookBackDays = 30
/** At most so many of 100 days may have less than the base. */
const sparePercent = 5
/** Prices are good so many days. */
const validDays = 60

/** One way to pay for a steady base. Amounts are in the organization's currency; `saving` per 30 days. */
export type Offer = {
  /** "Standard reservation", "Compute savings plan". */
  name: string
  kind: 'ri' | 'sp'
  payment: string
  years: number
  flavor: string
  /** Machines of `flavor`; for plans what `hourly` pays for. */
  count: Amount
  upfront: Amount
  /** What an hour costs: of plans the commitment to buy, however it is paid; of reservations the fee beside `upfront`. */
  hourly: Amount
  /** What it costs per month with the upfront part spread over the term, and what the same costs now. */
  monthly: Amount
  onDemand: Amount
  saving: Amount
  /** The month in which what was saved passes what was paid ahead; 1 without upfront. */
  breakEvenMonth: number
  /** Used less than this per cent, it costs more than on demand. */
  losesBelow: number
  /** What can go wrong, in words. */
  risk: string
}

/** A base with its offers, the one that saves most first. `units` are normalized units an hour. */
export type Suggestion = {
  account: string
  region: string
  family: string
  system: string
  steady: Amount
  best: Offer
  offers: Offer[]
}

/** Suggestions of all accounts or one, those that save most first; empty when nothing steady is uncovered or no offer is known. */
export async function purchaseSuggestions(
  ctx: Context,
  { accountId }: { accountId?: string } = {},
): Promise<Suggestion[]> {
  await assertCan(ctx, 'see_costs')
  const { db, orgId } = ctx
  // Today has not all its hours yet: it would look like a day with less.
  const to = await findCoverageDay(db, { orgId, today: addDays(dayOf(ctx.now()), -1) })
  if (!to) return []
  const { currency } = await getOrganization(db, orgId)
  const options = await listPurchaseOptions(db, {
    ...{ orgId, currency, to, from: addDays(to, 1 - lookBackDays) },
    ...(accountId ? { accountId } : {}),
    spare: Math.floor((lookBackDays * sparePercent) / 100),
    seenSince: new Date(ctx.now().getTime() - validDays * dayMs),
  })
  const groups = Map.groupBy(options, (one) =>
    JSON.stringify([one.accountName, one.region, one.family, one.os, one.software, one.tenancy, one.flavor]),
  )
  return [...groups.values()].map((group) => {
    const [first] = group
    const offers = group.map(offer).toSorted((a, b) => decimal(b.saving).cmp(a.saving))
    return {
      ...{ account: first!.accountName, region: first!.region, family: first!.family, steady: first!.steady },
      system: systemOf(first!),
      best: offers[0]!,
      offers,
    }
  })
}

function offer(one: PurchaseOption): Offer {
  const { kind, payment, years, flavor, count, upfront, hourly, monthly, onDemand } = one
  const running = decimal(onDemand).minus(decimal(hourly).times(720))
  const whole = decimal(upfront).div(years * 365 * 24)
  return {
    ...{ name: names[one.class] ?? one.class, kind, payment, years, flavor, count, upfront, monthly, onDemand },
    hourly: kind === 'sp' ? whole.plus(hourly).toDecimalPlaces(10).toFixed() : hourly,
    saving: decimal(onDemand).minus(monthly).toFixed(),
    breakEvenMonth: decimal(upfront).isZero() ? 1 : decimal(upfront).div(running).ceil().toNumber(),
    losesBelow: decimal(monthly).div(onDemand).times(100).ceil().toNumber(),
    risk: risks[one.class] ?? 'It is paid for the whole term, used or not.',
  }
}

const names: Record<string, string> = {
  standard: 'Standard reservation',
  convertible: 'Convertible reservation',
  compute: 'Compute savings plan',
  ec2_instance: 'EC2 instance savings plan',
}

const risks: Record<string, string> = {
  standard: 'Bound to this machine family and region for the whole term; it can be sold on the marketplace at best.',
  convertible: 'Bound for the whole term, but it can be exchanged for other machine types.',
  compute: 'Bound to the amount per hour for the whole term; it follows you to other machine types and regions.',
  ec2_instance: 'Bound to this machine family and region for the whole term; sizes and systems may change.',
}

const systemOf = ({ os, software, tenancy }: PurchaseOption): string =>
  [os, software === 'NA' ? '' : software, tenancy === 'dedicated' ? 'dedicated' : ''].filter(Boolean).join(', ')
