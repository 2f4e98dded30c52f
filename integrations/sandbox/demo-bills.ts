/**
 * The bills of the demo organization, written from real daily costs (data/README.md): AWS as legacy cost and usage
 * reports per month with their manifests, as they lie in a bucket; the other clouds as FOCUS 1.0 files. The days are moved
 * so that the newest one is yesterday; what a day used is worked out from its cost (`demo-usage.ts`).
 */
import { Decimal } from 'decimal.js'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { usedParts } from './demo-usage.ts'

export type DemoFile = { key: string; body: Buffer }
export type DemoAccount = {
  /** The number its rows carry in the data. */
  number: string
  name: string
  cloud: 'aws' | 'azure' | 'alibaba' | 'focus'
  cloudAccountId: string
  provider: string
  files: DemoFile[]
}

type Charge = { day: string; cost: string; resource: DemoResource }
export type DemoResource = {
  id: string
  account: string
  cloudResourceId: string
  name: string
  type: string
  service: string
  region: string
  tags: Record<string, string>
  facts: Record<string, unknown>
  active: boolean
  createdSecondsAgo: number
}

/** The clouds of the demo organization by their number in the data. */
const demoAccounts: Record<string, Pick<DemoAccount, 'name' | 'cloud' | 'cloudAccountId' | 'provider'>> = {
  'fd09fa10-1b30-4a39-9a6b-fc1d7e85d9f3': {
    name: 'AWS HQ',
    cloud: 'aws',
    cloudAccountId: '203689795269',
    provider: 'AWS',
  },
  '63ca99d2-0426-4953-9170-834cba2b5a1e': {
    name: 'AWS Marketing',
    cloud: 'aws',
    cloudAccountId: '044478323321',
    provider: 'AWS',
  },
  '6453416e-70ec-4e25-afef-1edb7d4e4a52': {
    name: 'GCP dev',
    cloud: 'focus',
    cloudAccountId: 'gcp-dev',
    provider: 'Google Cloud',
  },
  '95ef6678-4fdd-4bb5-a4cd-7b96968ae2b8': {
    name: 'Azure dev',
    cloud: 'azure',
    cloudAccountId: 'azure-dev',
    provider: 'Microsoft',
  },
  'd2af0153-66c2-4fc5-b9c2-50bc42fc11f5': {
    name: 'Azure QA',
    cloud: 'azure',
    cloudAccountId: 'azure-qa',
    provider: 'Microsoft',
  },
  '9a319952-b959-4a86-aec1-57ba93a50aa3': {
    name: 'Alibaba dev',
    cloud: 'alibaba',
    cloudAccountId: 'alibaba-dev',
    provider: 'Alibaba Cloud',
  },
  '360fb86a-1fe8-40a9-a1d6-6edf04e421c2': {
    name: 'Kubernetes dev',
    cloud: 'focus',
    cloudAccountId: 'kubernetes-dev',
    provider: 'Kubernetes',
  },
}

const dayMs = 86_400_000
const sha = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')

/** Every demo account with its bill files, the newest day being the one before `now`. */
export function demoBills(now: Date): DemoAccount[] {
  const resources = demoResources()
  const charges = dailyCharges(now, resources)
  return Object.entries(demoAccounts).map(([number, account]) => {
    const own = charges.filter((charge) => charge.resource.account === number)
    return {
      ...account,
      number,
      files: account.cloud === 'aws' ? costAndUsageReports(account.cloudAccountId, own) : [focusFile(account, own)],
    }
  })
}

/** The demo accounts of one cloud, with their numbers in the data. */
export const demoAccountsOf = (
  cloud: DemoAccount['cloud'],
): Pick<DemoAccount, 'number' | 'name' | 'cloudAccountId'>[] =>
  Object.entries(demoAccounts).flatMap(([number, account]) => (account.cloud === cloud ? [{ ...account, number }] : []))

/** The real resources of the demo, with readable tags. */
export function demoResources(): Map<string, DemoResource> {
  const plain = (value: unknown) => (typeof value === 'string' ? value : '')
  return new Map(
    rows('resources').map((row) => {
      const id = plain(row['_id'])
      const cloudResourceId = plain(row['cloud_resource_id']) || plain(row['cloud_resource_hash']) || id
      const resource: DemoResource = {
        ...{
          id,
          cloudResourceId,
          account: plain(row['cloud_account_id']),
          name: plain(row['name']),
          type: plain(row['resource_type']),
        },
        ...{ service: plain(row['service_name']), region: plain(row['region']), tags: decodeTags(row['tags']) },
        ...{ facts: (row['meta'] ?? {}) as Record<string, unknown>, active: row['active'] === true },
        createdSecondsAgo: Number(row['created_at_offset'] ?? 0),
      }
      return [id, resource]
    }),
  )
}

/** The rows of a data file: one JSON object a line. */
export function rows(name: string): Record<string, unknown>[] {
  const text = gunzipSync(readFileSync(new URL(`./data/${name}.jsonl.gz`, import.meta.url))).toString('utf8')
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

function decodeTags(tags: unknown): Record<string, string> {
  const entries = Object.entries((tags ?? {}) as Record<string, string>)
  return Object.fromEntries(entries.map(([key, value]) => [Buffer.from(key, 'base64').toString('utf8'), value]))
}

/** Sum of cost × sign per resource and day: a correction cancels what it corrects. */
function dailyCharges(now: Date, resources: Map<string, DemoResource>): Charge[] {
  const today = Math.floor(now.getTime() / dayMs) * dayMs
  const sums = new Map<string, { day: string; resource: DemoResource; cost: Decimal }>()
  for (const row of rows('clean_expenses')) {
    const resource = resources.get(String(row['resource_id']))
    if (!resource || !demoAccounts[resource.account]) continue
    const day = new Date(today - Number(row['date_offset']) * 1000).toISOString().slice(0, 10)
    const key = `${resource.id} ${day}`
    const sum = sums.get(key) ?? { day, resource, cost: new Decimal(0) }
    sums.set(key, { ...sum, cost: sum.cost.plus(new Decimal(String(row['cost'])).times(Number(row['sign']))) })
  }
  const found = [...sums.values()].filter(({ cost }) => !cost.isZero())
  return found
    .map(({ day, resource, cost }) => ({ day, resource, cost: cost.toFixed() }))
    .sort((a, b) => a.day.localeCompare(b.day))
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
function costAndUsageReports(account: string, charges: Charge[]): DemoFile[] {
  const months = Map.groupBy(charges, ({ day }) => `${day.slice(0, 7)}-01`)
  return [...months].flatMap(([month, own]) => {
    const period = `${month.replaceAll('-', '')}-${nextMonth(month).replaceAll('-', '')}`
    const body = gzipSync(csv(own.flatMap((charge) => costAndUsageLines(account, month, charge))), { level: 6 })
    const assemblyId = sha(body).slice(0, 36)
    const key = `cur/demo/${period}/demo-00001.csv.gz`
    const manifest = {
      assemblyId,
      account,
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

function costAndUsageLines(account: string, month: string, { day, cost, resource }: Charge): Record<string, string>[] {
  const { type, service, region, cloudResourceId } = resource
  const plan = `arn:aws:savingsplans::${account}:savingsplan/${cloudResourceId}`
  const reservation = `arn:aws:ec2:${region}:${account}:reserved-instances/${cloudResourceId}`
  const stream = `arn:aws:kinesis:${region}:${account}:stream/${cloudResourceId}`
  const isFee = type === 'Savings Plan' || type === 'Reserved Instances'
  const tags = Object.entries(resource.tags).filter(([key]) => key === 'Name' || keptTags.includes(key))
  return usedParts(resource, cost).map((part, n) => ({
    'identity/LineItemId': sha(`${cloudResourceId} ${day} ${n}`).slice(0, 52),
    'bill/PayerAccountId': account,
    'bill/BillType': 'Anniversary',
    'bill/BillingEntity': 'AWS',
    'bill/BillingPeriodStartDate': `${month}T00:00:00Z`,
    'bill/BillingPeriodEndDate': `${nextMonth(month)}T00:00:00Z`,
    'lineItem/UsageAccountId': account,
    'lineItem/UsageStartDate': `${day}T00:00:00Z`,
    'lineItem/UsageEndDate': `${nextDay(day)}T00:00:00Z`,
    'lineItem/ProductCode': service || 'AmazonEC2',
    'lineItem/ResourceId': isFee ? '' : service === 'AmazonKinesis' ? stream : cloudResourceId,
    'lineItem/CurrencyCode': 'USD',
    'lineItem/UnblendedCost': part.cost,
    'lineItem/BlendedCost': part.cost,
    'lineItem/LineItemDescription': `${type} ${resource.name}`.trim(),
    'product/ProductName': service || 'Amazon Elastic Compute Cloud',
    'product/region': region,
    'savingsPlan/SavingsPlanARN': type === 'Savings Plan' ? plan : '',
    'reservation/ReservationARN': type === 'Reserved Instances' ? reservation : '',
    ...part.columns,
    'resourceTags/user:Name': resource.name,
    ...Object.fromEntries(
      tags.map(([key, value]) => [`resourceTags/${key.startsWith('aws:') ? key : `user:${key}`}`, value]),
    ),
  }))
}

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
function focusFile(account: Pick<DemoAccount, 'name' | 'cloudAccountId' | 'provider'>, charges: Charge[]): DemoFile {
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
