/**
 * Which machines the demo's savings plan and reservation pay for, day by day, by AWS's own rules. Invented: the data knows
 * the fees only (data/README.md). The reservation counts for every size of its family in its region, smallest first; the
 * plan for its owner's machines first, then for those of the account it is shared with: where it saves the largest share,
 * and of those the cheapest first, until the day's commitment is used up.
 */
import { Decimal } from 'decimal.js'
import { demoPlanRates } from './demo-offers.ts'
import { demoPrices } from './demo-prices.ts'
import type { Charge, Cover, Covered, DemoResource } from './demo-charge.ts'
import { normalizedUnits } from './demo-usage.ts'

/** The accounts share what they bought since so many days; before, the owner had it alone. */
const sharedDays = 22
const dayMs = 86_400_000

type Demand = { resource: DemoResource; hours: Decimal; rate: Decimal; planRate: Decimal | null }
type Day = { charges: Charge[]; isShared: boolean }

/** Cover by `<resource number> <day>`; what is not in it is paid for by nothing, or pays for nothing. */
export function coverOf(charges: Charge[], now: Date): Map<string, Cover> {
  const days = Map.groupBy(charges, ({ day }) => day)
  const covers = new Map<string, Cover>()
  for (const [day, own] of days) {
    const isShared = now.getTime() - Date.parse(day) < (sharedDays + 1) * dayMs
    for (const [id, cover] of coverDay({ charges: own, isShared })) covers.set(`${id} ${day}`, cover)
  }
  return covers
}

function coverDay({ charges, isShared }: Day): Map<string, Cover> {
  const covers = new Map<string, Cover>()
  const add = (id: string, cover: Cover) => covers.set(id, { ...covers.get(id), ...cover })
  let demands = charges.flatMap(toDemand)
  for (const fee of charges.filter(({ resource }) => resource.type === 'Reserved Instances')) {
    const { found, used } = reserve(fee, demands.filter(reaches(fee, isShared)))
    for (const [id, reserved] of found) add(id, { reserved })
    add(fee.resource.id, { used })
    demands = demands.map((each) => ({ ...each, hours: each.hours.minus(found.get(each.resource.id)?.hours ?? 0) }))
  }
  for (const fee of charges.filter(({ resource }) => resource.type === 'Savings Plan')) {
    const { found, used } = plan(fee, demands.filter(reaches(fee, isShared)))
    for (const [id, planned] of found) add(id, { planned })
    add(fee.resource.id, { used })
  }
  return covers
}

const reaches =
  ({ resource }: Charge, isShared: boolean) =>
  (demand: Demand) =>
    isShared || demand.resource.account === resource.account

/** Hours of a machine with a list price: what its cost pays for, a day at most. */
function toDemand({ resource, cost }: Charge): Demand[] {
  const { region, facts, type } = resource
  const [flavor, os] = [facts['flavor'], facts['os'] ?? 'Linux']
  if (type !== 'Instance') return []
  const price = demoPrices.find((one) => one.region === region && one.type === flavor && (one.os ?? 'Linux') === os)
  if (!price) return []
  const rate = new Decimal(price.usd)
  const hours = Decimal.min(24, new Decimal(cost).div(rate)).toDecimalPlaces(10, Decimal.ROUND_DOWN)
  return hours.gt(0) ? [{ resource, hours, rate, planRate: planRate(price) }] : []
}

function planRate({ region, type, os = 'Linux' }: (typeof demoPrices)[number]): Decimal | null {
  const found = demoPlanRates.find(
    (one) =>
      one.region === region &&
      one.type === type &&
      one.description.startsWith(os) &&
      one.offering.id === 'demo-compute-1-no-upfront',
  )
  return found ? new Decimal(found.rate) : null
}

type Found = { found: Map<string, Covered>; used: Decimal }

function reserve({ resource, cost }: Charge, demands: Demand[]): Found {
  const flavor = String(resource.facts['instance_type'])
  const family = (type: unknown) => String(type).split('.')[0]
  const size = (demand: Demand) => new Decimal(normalizedUnits(String(demand.resource.facts['flavor'])))
  const whole = new Decimal(normalizedUnits(flavor)).times(24)
  const perUnit = new Decimal(cost).div(whole)
  let left = whole
  const found = new Map<string, Covered>()
  const fitting = demands.filter(
    (each) =>
      each.resource.region === resource.region &&
      family(each.resource.facts['flavor']) === family(flavor) &&
      (each.resource.facts['os'] ?? 'Linux') === 'Linux',
  )
  for (const each of fitting.toSorted((a, b) => size(a).cmp(size(b)))) {
    const hours = Decimal.min(each.hours, left.div(size(each))).toDecimalPlaces(10, Decimal.ROUND_DOWN)
    if (!hours.gt(0)) continue
    left = left.minus(hours.times(size(each)))
    const paid = perUnit.times(size(each)).times(hours).toDecimalPlaces(10)
    found.set(each.resource.id, { hours, cost: paid, list: hours.times(each.rate), arn: arnOf(resource) })
  }
  return { found, used: Decimal.min(cost, sum(found)) }
}

function plan({ resource, cost }: Charge, demands: Demand[]): Found {
  // A plan pays hour by hour: of a day that is not billed to its end it can pay for the hours there are.
  const billed = Decimal.max(0, ...demands.map(({ hours }) => hours))
  let left = new Decimal(cost).times(billed).div(24).toDecimalPlaces(10)
  const found = new Map<string, Covered>()
  const own = ({ resource: machine }: Demand) => Number(machine.account !== resource.account)
  const planned = demands.flatMap(({ planRate: paid, ...each }) => (paid ? [{ ...each, planRate: paid }] : []))
  const ordered = planned.toSorted(
    (a, b) =>
      own(a) - own(b) ||
      a.planRate.div(a.rate).toDecimalPlaces(4).cmp(b.planRate.div(b.rate).toDecimalPlaces(4)) ||
      a.planRate.cmp(b.planRate),
  )
  for (const each of ordered) {
    const paid = Decimal.min(left, each.hours.times(each.planRate).toDecimalPlaces(10))
    const hours = paid.eq(left) ? paid.div(each.planRate).toDecimalPlaces(10) : each.hours
    if (!hours.gt(0)) continue
    left = left.minus(paid)
    found.set(each.resource.id, { hours, cost: paid, list: hours.times(each.rate), arn: arnOf(resource) })
  }
  return { found, used: sum(found) }
}

const sum = (found: Map<string, Covered>) =>
  [...found.values()].reduce((total, { cost }) => total.plus(cost), new Decimal(0))

/** How bills name a commitment. */
export const arnOf = ({ type, region, owner, cloudResourceId }: DemoResource): string =>
  type === 'Savings Plan'
    ? `arn:aws:savingsplans::${owner}:savingsplan/${cloudResourceId}`
    : `arn:aws:ec2:${region}:${owner}:reserved-instances/${cloudResourceId}`
