/**
 * The bills of the demo organization, written from real daily costs (data/README.md): AWS as legacy cost and usage
 * reports per month with their manifests, as they lie in a bucket; the other clouds as FOCUS 1.0 files. The days are moved
 * so that the newest one is yesterday; what a day used is worked out from its cost (`demo-usage.ts`).
 */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Charge, Cover } from './demo-charge.ts'
import { arnOf, coverOf } from './demo-commitments.ts'
import { demoAccounts, demoCharges, type DemoAccount } from './demo-rows.ts'
import { usedParts } from './demo-usage.ts'

export type DemoFile = { key: string; body: Buffer }
/** An account of the demo with its bill. */
export type DemoBill = DemoAccount & { files: DemoFile[] }

const dayMs = 86_400_000
const sha = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')

/** Every demo account with its bill files, the newest day being the one before `now`. */
export function demoBills(now: Date): DemoBill[] {
  const charges = demoCharges(now)
  const isAws = ({ resource }: Charge) => demoAccounts[resource.account]?.cloud === 'aws'
  const covers = coverOf(charges.filter(isAws), now)
  return Object.entries(demoAccounts).map(([number, account]) => {
    const own = charges.filter((charge) => charge.resource.account === number)
    const files = account.cloud === 'aws' ? costAndUsageReports(own, covers) : [focusFile(account, own)]
    return { ...account, number, files }
  })
}

const nextDay = (day: string) => new Date(Date.parse(day) + dayMs).toISOString().slice(0, 10)
const nextMonth = (month: string) =>
  new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 1)).toISOString().slice(0, 10)
const csvLine = (values: (string | undefined)[]) =>
  values.map((value = '') => (/[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(',')

function csv(records: Record<string, string>[]): string {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))]
  return `${[csvLine(columns), ...records.map((record) => csvLine(columns.map((column) => record[column])))].join('\n')}\n`
}

/** One report per month under `cur/demo/<period>/`, with the manifest AWS writes last. */
function costAndUsageReports(charges: Charge[], covers: Map<string, Cover>): DemoFile[] {
  const months = Map.groupBy(charges, ({ day }) => `${day.slice(0, 7)}-01`)
  return [...months].flatMap(([month, own]) => {
    const period = `${month.replaceAll('-', '')}-${nextMonth(month).replaceAll('-', '')}`
    const lines = own.flatMap((charge) => costAndUsageLines(charge, covers.get(`${charge.resource.id} ${charge.day}`)))
    const body = gzipSync(csv(lines), { level: 6 })
    const assemblyId = sha(body).slice(0, 36)
    const key = `cur/demo/${period}/demo-00001.csv.gz`
    const manifest = {
      assemblyId,
      account: own[0]!.resource.owner,
      columns: [],
      charset: 'UTF-8',
      compression: 'GZIP',
      contentType: 'text/csv',
      reportName: 'demo',
      billingPeriod: {
        start: `${month.replaceAll('-', '')}T000000.000Z`,
        end: `${nextMonth(month).replaceAll('-', '')}T000000.000Z`,
      },
      reportKeys: [key],
    }
    return [
      { key, body },
      { key: `cur/demo/${period}/demo-Manifest.json`, body: Buffer.from(JSON.stringify(manifest)) },
    ]
  })
}

/** The accounts are of one AWS organization, whose payer shares what it bought. */
const payer = '203689795269'

function costAndUsageLines({ day, cost, resource }: Charge, cover: Cover = {}): Record<string, string>[] {
  const { type, service, region, cloudResourceId, owner } = resource
  const month = `${day.slice(0, 7)}-01`
  const stream = `arn:aws:kinesis:${region}:${owner}:stream/${cloudResourceId}`
  const isFee = type === 'Savings Plan' || type === 'Reserved Instances'
  // The data names what has no resource by product, operation and region.
  const [, operation] = cloudResourceId.startsWith(`${service} `) ? cloudResourceId.split(' ') : []
  const tags = Object.entries(resource.tags).filter(([key]) => key === 'Name' || keptTags.includes(key))
  return usedParts(resource, { cost, cover }).map((part, n) => ({
    'identity/LineItemId': sha(`${cloudResourceId} ${day} ${n}`).slice(0, 52),
    'bill/PayerAccountId': payer,
    'bill/BillType': 'Anniversary',
    'bill/BillingEntity': 'AWS',
    'bill/BillingPeriodStartDate': `${month}T00:00:00Z`,
    'bill/BillingPeriodEndDate': `${nextMonth(month)}T00:00:00Z`,
    'lineItem/UsageAccountId': owner,
    'lineItem/UsageStartDate': `${day}T00:00:00Z`,
    'lineItem/UsageEndDate': endOf(day, part.hours),
    'lineItem/ProductCode': service || 'AmazonEC2',
    'lineItem/ResourceId': isFee || operation ? '' : service === 'AmazonKinesis' ? stream : cloudResourceId,
    'lineItem/CurrencyCode': 'USD',
    'lineItem/UnblendedCost': part.cost,
    'lineItem/BlendedCost': part.cost,
    'lineItem/LineItemDescription': `${type} ${resource.name}`.trim(),
    'product/ProductName': service || 'Amazon Elastic Compute Cloud',
    'product/region': region,
    'savingsPlan/SavingsPlanARN': type === 'Savings Plan' ? arnOf(resource) : '',
    'reservation/ReservationARN': type === 'Reserved Instances' ? arnOf(resource) : '',
    ...part.columns,
    ...(operation ? { 'lineItem/Operation': operation } : {}),
    'resourceTags/user:Name': resource.name,
    ...Object.fromEntries(
      tags.map(([key, value]) => [`resourceTags/${key.startsWith('aws:') ? key : `user:${key}`}`, value]),
    ),
  }))
}

/** The end of a day, or of the hours of it that were billed so far. */
const endOf = (day: string, hours = 24) =>
  new Date(Date.parse(day) + hours * 3_600_000).toISOString().slice(0, 19) + 'Z'

/** Tags worth a column; a report has one per activated cost allocation tag. */
const keptTags = [
  'purpose',
  'owner',
  'aqa_tag',
  'sunflower_type',
  'created_by',
  'aws:createdBy',
  'aws:cloudformation:stack-name',
]

const focusCategories: [RegExp, string][] = [
  [/instance|compute|pod/i, 'Compute'],
  [/volume|snapshot|bucket|storage|disk|image/i, 'Storage'],
  [/ip address|dns|network|gateway|balancer/i, 'Networking'],
  [/rds|sql|database/i, 'Databases'],
  [/bigquery|analytics|log/i, 'Analytics'],
]

/** A whole account as one FOCUS 1.0 file, all its periods together. */
function focusFile(account: Omit<DemoAccount, 'number'>, charges: Charge[]): DemoFile {
  const records = charges.map(({ day, cost, resource }) => {
    const month = `${day.slice(0, 7)}-01`
    const service = resource.service || (resource.type === 'K8s Pod' ? 'Kubernetes' : account.provider)
    return {
      BilledCost: cost,
      EffectiveCost: cost,
      ListCost: cost,
      ContractedCost: cost,
      BillingAccountId: account.cloudAccountId,
      BillingAccountName: account.name,
      BillingCurrency: 'USD',
      BillingPeriodStart: `${month}T00:00:00Z`,
      BillingPeriodEnd: `${nextMonth(month)}T00:00:00Z`,
      ChargePeriodStart: `${day}T00:00:00Z`,
      ChargePeriodEnd: `${nextDay(day)}T00:00:00Z`,
      ChargeCategory: 'Usage',
      ChargeClass: '',
      ChargeDescription: `${resource.type} ${resource.name}`.trim(),
      ChargeFrequency: 'Usage-Based',
      InvoiceIssuerName: account.provider,
      ProviderName: account.provider,
      PublisherName: account.provider,
      PricingCategory: 'Standard',
      PricingQuantity: '1',
      PricingUnit: 'Days',
      RegionId: resource.region,
      RegionName: resource.region,
      ResourceId: resource.cloudResourceId,
      ResourceName: resource.name,
      ResourceType: resource.type,
      ServiceCategory: focusCategories.find(([pattern]) => pattern.test(`${resource.type} ${service}`))?.[1] ?? 'Other',
      ServiceName: service,
      SubAccountId: account.cloudAccountId,
      SubAccountName: account.name,
      Tags: JSON.stringify(resource.tags),
    }
  })
  return { key: `${account.cloudAccountId}.focus.csv.gz`, body: gzipSync(csv(records)) }
}
