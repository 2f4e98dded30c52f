/**
 * What a day of a demo resource used, in the words of an AWS report. The data has costs only; amounts follow from the
 * list prices: a machine ran as long as its cost pays for, what is beyond a whole day was transfer.
 */
import { Decimal } from 'decimal.js'
import { demoPrices } from './demo-prices.ts'

type Billed = { type: string; region: string; facts: Record<string, unknown> }
/** Columns of one line; `cost` is its part of the day's cost, and the parts add up to it. */
export type UsedPart = { cost: string; columns: Record<string, string> }

/** How AWS words each kind of resource; the reader recognises the kind by these. `rate` is the list price of one `unit`. */
const words: Record<string, { type: string; family: string; operation: string; unit?: string; rate?: string }> = {
  Volume: { type: 'EBS:VolumeUsage.gp3', family: 'Storage', operation: 'CreateVolume-Gp3' },
  Snapshot: { type: 'EBS:SnapshotUsage', family: 'Storage Snapshot', operation: 'CreateSnapshot' },
  Bucket: {
    ...{ type: 'TimedStorage-ByteHrs', family: 'Storage', operation: 'StandardStorage' },
    ...{ unit: 'GB-Mo', rate: '0.023' },
  },
  'IP Address': { type: 'ElasticIP:IdleAddress', family: 'IP Address', operation: 'AssociateAddress' },
  'NAT Gateway': { type: 'NatGateway-Hours', family: 'NAT Gateway', operation: 'NatGateway' },
  'Kinesis Streams': {
    ...{ type: 'EUC1-Storage-ShardHour', family: 'Kinesis Streams', operation: 'shardHourStorage' },
    ...{ unit: 'ShardHours', rate: '0.018' },
  },
}

/** The lines of one day of a resource. */
export function usedParts(resource: Billed, cost: string): UsedPart[] {
  if (resource.type === 'Instance') return machineParts(resource, cost)
  if (resource.type === 'Savings Plan') return [{ cost, columns: planFee(resource, cost) }]
  if (resource.type === 'Reserved Instances') return [{ cost, columns: reservationFee(resource, cost) }]
  const { type, family, operation, unit, rate } = words[resource.type] ?? {
    ...{ type: resource.type, family: resource.type, operation: '' },
  }
  const priced = rate && unit ? { rate, unit, amount: new Decimal(cost).div(rate).toFixed(10) } : {}
  return [{ cost, columns: used({ type, family, operation, cost, ...priced }) }]
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

function machineParts({ region, facts }: Billed, cost: string): UsedPart[] {
  const flavor = text(facts['flavor'])
  const rate = demoPrices.find((price) => price.region === region && price.type === flavor)?.usd
  const box = {
    type: flavor ? `BoxUsage:${flavor}` : 'BoxUsage',
    family: 'Compute Instance',
    operation: 'RunInstances',
  }
  const machine = {
    ...{ 'product/instanceType': flavor, 'product/operatingSystem': 'Linux', 'product/preInstalledSw': 'NA' },
    ...{ 'product/tenancy': 'Shared', 'product/sku': `SKU${flavor}LinuxNA`.replaceAll(/[^\w]/g, '').toUpperCase() },
    ...{ 'lineItem/NormalizationFactor': factor(flavor), 'lineItem/AvailabilityZone': region ? `${region}a` : '' },
  }
  if (!rate) return [{ cost, columns: { ...used({ ...box, cost }), ...machine } }]
  const day = new Decimal(rate).times(24)
  const own = Decimal.min(day, cost)
  const rest = new Decimal(cost).minus(own)
  const hours = Decimal.max(0, own.div(rate)).toFixed(10)
  const part = { cost: own.toFixed(), columns: used({ ...box, cost: own.toFixed(), rate, unit: 'Hrs', amount: hours }) }
  const parts = [{ ...part, columns: { ...part.columns, ...machine } }]
  return rest.isZero() ? parts : [...parts, transfer(rest)]
}

function transfer(rest: Decimal): UsedPart {
  const cost = rest.toFixed()
  const priced = { rate: '0.01', unit: 'GB', amount: rest.div('0.01').toFixed(10), cost }
  const type = { type: 'DataTransfer-Regional-Bytes', family: 'Data Transfer', operation: 'PublicIP-In' }
  return { cost, columns: used({ ...type, ...priced }) }
}

const planFee = ({ facts }: Billed, cost: string) => ({
  ...{ 'lineItem/LineItemType': 'SavingsPlanRecurringFee', 'lineItem/UsageType': 'ComputeSP:1yrNoUpfront' },
  ...{ 'lineItem/UsageAmount': '24', 'pricing/term': 'Reserved', 'pricing/unit': 'Hrs' },
  ...{ 'savingsPlan/TotalCommitmentToDate': cost, 'savingsPlan/UsedCommitment': '0' },
  ...{
    'savingsPlan/PaymentOption': text(facts['payment_option']),
    'savingsPlan/PurchaseTerm': text(facts['purchase_term']),
  },
  ...{ 'savingsPlan/OfferingType': text(facts['offering_type']), 'savingsPlan/Region': text(facts['applied_region']) },
})

function reservationFee({ facts }: Billed, cost: string): Record<string, string> {
  const flavor = text(facts['instance_type'])
  return {
    ...{ 'lineItem/LineItemType': 'RIFee', 'lineItem/UsageType': `HeavyUsage:${flavor}` },
    ...{ 'lineItem/Operation': 'RunInstances', 'lineItem/UsageAmount': '24', 'pricing/term': 'Reserved' },
    ...{ 'pricing/unit': 'Hrs', 'lineItem/NormalizationFactor': factor(flavor) },
    ...{
      'pricing/PurchaseOption': text(facts['payment_option']),
      'pricing/OfferingClass': text(facts['offering_type']),
    },
    ...{ 'pricing/LeaseContractLength': text(facts['purchase_term']) },
    ...{ 'reservation/UnusedAmortizedUpfrontFeeForBillingPeriod': '0', 'reservation/UnusedRecurringFee': cost },
    ...{ 'reservation/AmortizedUpfrontFeeForBillingPeriod': '0', 'reservation/TotalReservedUnits': '24' },
    'reservation/TotalReservedNormalizedUnits': new Decimal(factor(flavor) || 0).times(24).toFixed(),
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const factors: Record<string, string> = { nano: '0.25', micro: '0.5', small: '1', medium: '2', large: '4', xlarge: '8' }
/** Normalized units an hour of a size counts: `2xlarge` is twice `xlarge`. */
const factor = (flavor: string): string => {
  const size = flavor.split('.')[1] ?? ''
  return factors[size] ?? (/^\d+xlarge$/.test(size) ? String(8 * Number.parseInt(size, 10)) : '')
}
