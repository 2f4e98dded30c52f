/**
 * What a day of a demo resource used, in the words of an AWS report. The data has costs only; amounts follow from the
 * list prices: a machine ran as long as its cost pays for, what is beyond a whole day was transfer.
 */
import { Decimal } from 'decimal.js'
import type { Cover, Covered, DemoResource } from './demo-charge.ts'
import { isForgotten, storedGb } from './demo-objects.ts'
import { demoDatabasePrices, demoPrices } from './demo-prices.ts'

type Billed = Pick<DemoResource, 'type' | 'region' | 'facts' | 'cloudResourceId'>
type Day = { cost: string; cover: Cover }
/**
 * Columns of one line; `cost` is what it adds to the bill. The parts of a day add up to its cost, less what a commitment
 * pays for: AWS bills those hours and takes them off again. `hours` when less than the day was billed.
 */
export type UsedPart = { cost: string; columns: Record<string, string>; hours?: number }

/** How AWS words each kind of resource; the reader recognises the kind by these. `rate` is the list price of one `unit`. */
const words: Record<string, { type: string; family: string; operation: string; unit?: string; rate?: string }> = {
  Volume: { type: 'EBS:VolumeUsage.gp3', family: 'Storage', operation: 'CreateVolume-Gp3' },
  Snapshot: { type: 'EBS:SnapshotUsage', family: 'Storage Snapshot', operation: 'CreateSnapshot' },
  StorageLens: { type: 'StorageLens-ObjCount', family: 'Storage', operation: 'StorageLens' },
  'IP Address': { type: 'ElasticIP:IdleAddress', family: 'IP Address', operation: 'AssociateAddress' },
  'NAT Gateway': { type: 'NatGateway-Hours', family: 'NAT Gateway', operation: 'NatGateway' },
  'Kinesis Streams': {
    ...{ type: 'EUC1-Storage-ShardHour', family: 'Kinesis Streams', operation: 'shardHourStorage' },
    ...{ unit: 'ShardHours', rate: '0.018' },
  },
}

/** The lines of one day of a resource. */
export function usedParts(resource: Billed, { cost, cover }: Day): UsedPart[] {
  if (resource.type === 'Instance') return machineParts(resource, { cost, cover })
  if (resource.type === 'Bucket') return bucketParts(resource, cost)
  if (resource.type === 'RDS Instance') return [{ cost, columns: databaseHours(resource, cost) }]
  if (resource.type === 'Savings Plan') return [{ cost, columns: planFee(resource, { cost, cover }) }]
  if (resource.type === 'Reserved Instances') return [{ cost, columns: reservationFee(resource, { cost, cover }) }]
  const { type, family, operation, unit, rate } = words[resource.type] ?? {
    ...{ type: resource.type, family: resource.type, operation: '' },
  }
  const amount = rate ? new Decimal(cost).div(rate) : null
  const priced = rate && unit && amount ? { rate, unit, amount: amount.toFixed(10) } : {}
  // The newest day is billed up to some hour only.
  const hours = unit === 'ShardHours' && amount?.lt(24) ? { hours: amount.toNumber() } : {}
  return [{ cost, columns: used({ type, family, operation, cost, ...priced }), ...hours }]
}

/** Storage as far as its cost goes, then requests; what a forgotten bucket costs beyond is somebody's download. */
function bucketParts({ cloudResourceId: bucket, facts }: Billed, cost: string): UsedPart[] {
  const whole = new Decimal(cost)
  const gb = new Decimal(typeof facts['storedGb'] === 'number' ? facts['storedGb'] : storedGb(bucket))
  const listed = gb.times('0.023').div(30).toDecimalPlaces(10)
  const isSmall = isForgotten(bucket) || facts['storedGb'] !== undefined
  const stored = Decimal.min(whole, isSmall ? listed : Decimal.max(listed, whole.times('0.8')))
  const rest = whole.minus(stored)
  // Small buckets are only written to; fewer lines, a quicker start.
  const written = isForgotten(bucket) ? 0 : whole.lt('0.05') ? 1 : 0.8
  const writes = rest.times(written).toDecimalPlaces(10)
  const line = (one: Omit<Used, 'cost' | 'amount'> & { rate: string }, of: Decimal) => {
    const columns = used({ ...one, cost: of.toFixed(), amount: of.div(one.rate).toFixed(10) })
    return of.isZero() ? [] : [{ cost: of.toFixed(), columns }]
  }
  const last = isForgotten(bucket) ? download : gets
  return [...line(storage, stored), ...line(puts, writes), ...line(last, rest.minus(writes))]
}

const storage = {
  ...{ type: 'TimedStorage-ByteHrs', family: 'Storage', operation: 'StandardStorage', unit: 'GB-Mo', rate: '0.023' },
}
const puts = {
  ...{ type: 'Requests-Tier1', family: 'API Request', operation: 'PutObject', unit: 'Requests', rate: '0.000005' },
}
const gets = {
  ...{ type: 'Requests-Tier2', family: 'API Request', operation: 'GetObject', unit: 'Requests', rate: '0.0000004' },
}
const download = {
  ...{ type: 'DataTransfer-Out-Bytes', family: 'Data Transfer', operation: 'GetObject', unit: 'GB', rate: '0.09' },
}

type Used = {
  type: string
  family: string
  operation: string
  cost: string
  rate?: string
  unit?: string
  amount?: string
}

const used = ({ type, family, operation, cost, rate = '', unit = '', amount = '1' }: Used) => ({
  ...{ 'lineItem/LineItemType': 'Usage', 'lineItem/UsageType': type, 'lineItem/Operation': operation },
  ...{ 'lineItem/UsageAmount': amount, 'product/productFamily': family },
  ...{ 'pricing/term': 'OnDemand', 'pricing/unit': unit },
  ...{ 'pricing/publicOnDemandCost': cost, 'pricing/publicOnDemandRate': rate },
})

function machineParts({ region, facts }: Billed, { cost, cover }: Day): UsedPart[] {
  const flavor = text(facts['flavor'])
  const os = text(facts['os']) || 'Linux'
  const sold = demoPrices.find((one) => one.region === region && one.type === flavor && (one.os ?? 'Linux') === os)
  const rate = sold?.usd
  const box = {
    type: flavor ? `BoxUsage:${flavor}` : 'BoxUsage',
    family: 'Compute Instance',
    operation: os === 'Windows' ? 'RunInstances:0002' : 'RunInstances',
  }
  const machine = {
    ...{ 'product/instanceType': flavor, 'product/operatingSystem': os, 'product/preInstalledSw': 'NA' },
    ...{ 'product/tenancy': 'Shared', 'product/sku': `SKU${flavor}${os}NA`.replaceAll(/[^\w]/g, '').toUpperCase() },
    ...{
      'lineItem/NormalizationFactor': normalizedUnits(flavor),
      'lineItem/AvailabilityZone': region ? `${region}a` : '',
    },
  }
  if (!rate) return [{ cost, columns: { ...used({ ...box, cost }), ...machine } }]
  const own = Decimal.min(new Decimal(rate).times(24), cost)
  const rest = new Decimal(cost).minus(own)
  const { reserved, planned } = cover
  const hours = (of: Decimal, list: Decimal) => ({
    ...used({ ...box, cost: list.toFixed(), rate, unit: 'Hrs', amount: of.toFixed(10) }),
    ...machine,
  })
  const left = own.minus(reserved?.list ?? 0).minus(planned?.list ?? 0)
  return [
    ...(reserved ? [{ cost: '0', columns: { ...hours(reserved.hours, reserved.list), ...discounted(reserved) } }] : []),
    ...(planned ? plannedParts(planned, hours(planned.hours, planned.list)) : []),
    ...(left.gt(nothing) || !(reserved || planned)
      ? [{ cost: left.toFixed(), columns: hours(Decimal.max(0, left.div(rate)), left) }]
      : []),
    ...(rest.isZero() ? [] : [transfer(rest)]),
  ]
}

/** What rounding hours leaves. */
const nothing = new Decimal('0.0000001')

const discounted = ({ cost, arn }: Covered) => ({
  ...{ 'lineItem/LineItemType': 'DiscountedUsage', 'pricing/term': 'Reserved' },
  ...{ 'reservation/EffectiveCost': cost.toFixed(), 'reservation/ReservationARN': arn },
})

/** A plan's hours are billed on demand and taken off again; their cost is in the plan's fee. */
function plannedParts({ list, cost, hours, arn }: Covered, columns: Record<string, string>): UsedPart[] {
  const plan = { 'savingsPlan/SavingsPlanARN': arn, 'pricing/term': 'Reserved' }
  const covered = {
    ...{ 'lineItem/LineItemType': 'SavingsPlanCoveredUsage', 'savingsPlan/SavingsPlanEffectiveCost': cost.toFixed() },
    'savingsPlan/SavingsPlanRate': cost.div(hours).toFixed(10),
  }
  const negation = { 'lineItem/LineItemType': 'SavingsPlanNegation', 'pricing/publicOnDemandCost': '' }
  return [
    { cost: list.toFixed(), columns: { ...columns, ...plan, ...covered } },
    { cost: list.negated().toFixed(), columns: { ...columns, ...plan, ...negation } },
  ]
}

function databaseHours({ region, facts }: Billed, cost: string): Record<string, string> {
  const type = text(facts['flavor'])
  const rate = demoDatabasePrices.find((one) => one.region === region && one.type === type)!.usd
  const amount = new Decimal(cost).div(rate).toFixed(10)
  return {
    ...used({
      ...{ type: `InstanceUsage:${type}`, family: 'Database Instance', operation: 'CreateDBInstance:0014' },
      ...{ cost, rate, unit: 'Hrs', amount },
    }),
    ...{ 'product/instanceType': type, 'product/databaseEngine': 'PostgreSQL' },
  }
}

function transfer(rest: Decimal): UsedPart {
  const cost = rest.toFixed()
  const priced = { rate: '0.01', unit: 'GB', amount: rest.div('0.01').toFixed(10), cost }
  const type = { type: 'DataTransfer-Regional-Bytes', family: 'Data Transfer', operation: 'PublicIP-In' }
  return { cost, columns: used({ ...type, ...priced }) }
}

const planFee = ({ facts }: Billed, { cost, cover }: Day) => ({
  ...{ 'lineItem/LineItemType': 'SavingsPlanRecurringFee', 'lineItem/UsageType': 'ComputeSP:1yrNoUpfront' },
  ...{ 'lineItem/UsageAmount': '24', 'pricing/term': 'Reserved', 'pricing/unit': 'Hrs' },
  'savingsPlan/TotalCommitmentToDate': cost,
  'savingsPlan/UsedCommitment': (cover.used ?? new Decimal(0)).toFixed(),
  'savingsPlan/PaymentOption': text(facts['payment_option']),
  'savingsPlan/PurchaseTerm': text(facts['purchase_term']),
  ...{ 'savingsPlan/OfferingType': text(facts['offering_type']), 'savingsPlan/Region': text(facts['applied_region']) },
  ...{ 'savingsPlan/StartTime': text(facts['start']), 'savingsPlan/EndTime': text(facts['end']) },
})

function reservationFee({ facts }: Billed, { cost, cover }: Day): Record<string, string> {
  const flavor = text(facts['instance_type'])
  const units = normalizedUnits(flavor)
  return {
    ...{ 'lineItem/LineItemType': 'RIFee', 'lineItem/UsageType': `HeavyUsage:${flavor}` },
    ...{ 'lineItem/Operation': 'RunInstances', 'lineItem/UsageAmount': '24', 'pricing/term': 'Reserved' },
    ...{ 'pricing/unit': 'Hrs', 'lineItem/NormalizationFactor': units },
    ...{
      'pricing/PurchaseOption': text(facts['payment_option']),
      'pricing/OfferingClass': text(facts['offering_type']),
    },
    ...{ 'pricing/LeaseContractLength': text(facts['purchase_term']) },
    ...{ 'reservation/StartTime': text(facts['start']), 'reservation/EndTime': text(facts['end']) },
    'reservation/UnusedAmortizedUpfrontFeeForBillingPeriod': '0',
    'reservation/UnusedRecurringFee': new Decimal(cost).minus(cover.used ?? 0).toFixed(),
    ...{ 'reservation/AmortizedUpfrontFeeForBillingPeriod': '0', 'reservation/TotalReservedUnits': '24' },
    'reservation/TotalReservedNormalizedUnits': new Decimal(units || 0).times(24).toFixed(),
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const factors: Record<string, string> = { nano: '0.25', micro: '0.5', small: '1', medium: '2', large: '4', xlarge: '8' }
/** Normalized units an hour of a size counts: `2xlarge` is twice `xlarge`. */
export const normalizedUnits = (flavor: string): string => {
  const size = flavor.split('.')[1] ?? ''
  return factors[size] ?? (/^\d+xlarge$/.test(size) ? String(8 * Number.parseInt(size, 10)) : '')
}
