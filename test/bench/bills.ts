/**
 * Bills of any size that look like a real AWS cost and usage report: 47 columns, hourly lines, 2 % negative, 5 % under a
 * savings plan, 4 % without a resource, quoted commas, tags. Seeded: the same bytes on every machine.
 */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'

/** A random number generator that gives the same numbers for the same seed (mulberry32), 0 ≤ n < 1. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export const columns = `
  identity/LineItemId identity/TimeInterval bill/InvoiceId bill/BillingEntity
  bill/BillType bill/PayerAccountId bill/BillingPeriodStartDate bill/BillingPeriodEndDate
  lineItem/UsageAccountId lineItem/LineItemType lineItem/UsageStartDate lineItem/UsageEndDate
  lineItem/ProductCode lineItem/UsageType lineItem/Operation lineItem/AvailabilityZone
  lineItem/ResourceId lineItem/UsageAmount lineItem/CurrencyCode lineItem/UnblendedRate
  lineItem/UnblendedCost lineItem/BlendedRate lineItem/BlendedCost lineItem/LineItemDescription
  lineItem/TaxType lineItem/LegalEntity product/ProductName product/instanceType
  product/operatingSystem product/productFamily product/region product/servicecode
  product/sku product/vcpu product/memory pricing/RateId
  pricing/publicOnDemandCost pricing/publicOnDemandRate pricing/term pricing/unit
  reservation/ReservationARN reservation/EffectiveCost savingsPlan/SavingsPlanARN savingsPlan/SavingsPlanEffectiveCost
  resourceTags/user:Name resourceTags/user:team resourceTags/user:env`
  .trim()
  .split(/\s+/)

const services = [
  ['AmazonEC2', 'Amazon Elastic Compute Cloud', 'BoxUsage:m5.large', 'RunInstances', 'Compute Instance'],
  ['AmazonEC2', 'Amazon Elastic Compute Cloud', 'EBS:VolumeUsage.gp3', 'CreateVolume-Gp3', 'Storage'],
  ['AmazonEC2', 'Amazon Elastic Compute Cloud', 'EBS:SnapshotUsage', 'CreateSnapshot', 'Storage Snapshot'],
  ['AmazonS3', 'Amazon Simple Storage Service', 'TimedStorage-ByteHrs', 'StandardStorage', 'Storage'],
  [
    'AmazonRDS',
    'Amazon Relational Database Service',
    'InstanceUsage:db.r5.large',
    'CreateDBInstance:0014',
    'Database Instance',
  ],
  ['AWSLambda', 'AWS Lambda', 'Lambda-GB-Second', 'Invoke', 'Serverless'],
  ['AmazonCloudWatch', 'AmazonCloudWatch', 'CW:MetricMonitorUsage', 'MetricStorage:AWS/EC2', 'Metric'],
  ['AmazonVPC', 'Amazon Virtual Private Cloud', 'PublicIPv4:InUseAddress', 'AllocateAddressVPC', 'IP Address'],
] as const
const regions = ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1', 'ap-southeast-2', 'ca-central-1'] as const
const prefixes = [
  'i-',
  'vol-',
  'snap-',
  'bucket-',
  'arn:aws:rds:eu-west-1:123:db:db-',
  'arn:aws:lambda:eu-west-1:123:function:fn-',
  'cw-',
  'eipalloc-',
] as const

/** `tally` receives the exact sum of the billed cost, in units of 1e-10. */
export type BillPlan = { lines: number; seed?: number; resources?: number; month?: string; tally?: { units: bigint } }

/** The bill as CSV text, in chunks of about a megabyte. */
export function* csvChunks(plan: BillPlan): Generator<string> {
  const { lines, seed = 1, resources = 4167, month = '2026-10', tally = { units: 0n } } = plan
  const next = seeded(seed)
  const days = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate()
  const after = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 1)).toISOString().slice(0, 10)
  let chunk = `${columns.join(',')}\n`
  for (let line = 0; line < lines; line++) {
    chunk += csvLine(next, { line, lines, resources, month, days, after, tally })
    if (chunk.length > 1_000_000) {
      yield chunk
      chunk = ''
    }
  }
  yield chunk
}

type Place = Required<Omit<BillPlan, 'seed'>> & { line: number; days: number; after: string }

function csvLine(next: () => number, { line, lines, resources, month, days, after, tally }: Place): string {
  const hour = Math.floor((line / lines) * days * 24)
  const number = Math.floor(next() * resources)
  const [product, name, usage, operation, family] = services[number % services.length]!
  const region = regions[number % regions.length]!
  const account = String(100_000_000_000 + (number % 12))
  const day = `${month}-${String(1 + Math.floor(hour / 24)).padStart(2, '0')}`
  const from = `${day}T${String(hour % 24).padStart(2, '0')}:00:00Z`
  const to = new Date(Date.parse(from) + 3_600_000).toISOString().replace('.000', '')
  const dice = next()
  const cost = (next() * 0.5 * (dice < 0.02 ? -1 : 1)).toFixed(10)
  tally.units += BigInt(cost.replace('.', ''))
  const planned = dice > 0.95 && product === 'AmazonEC2'
  const type = dice < 0.02 ? 'Credit' : planned ? 'SavingsPlanCoveredUsage' : 'Usage'
  const resource = next() < 0.04 ? '' : `${prefixes[number % prefixes.length]!}${number.toString(16).padStart(12, '0')}`
  const plan = planned ? 'arn:aws:savingsplans::123456789012:savingsplan/11111111-2222-3333-4444-555555555555' : ''
  const id = ((line * 2_654_435_761) % 4_294_967_296).toString(36).padStart(52, 'q')
  const rate = (0.0464 + (number % 40) / 1000).toFixed(10)
  const instance = family === 'Compute Instance'
  return (
    [
      id,
      `${from}/${to}`,
      '',
      'AWS',
      'Anniversary',
      '123456789012',
      `${month}-01T00:00:00Z`,
      `${after}T00:00:00Z`,
      account,
      type,
      from,
      to,
      product,
      `${region}-${usage}`,
      operation,
      instance ? `${region}a` : '',
      resource,
      '1.0000000000',
      'USD',
      rate,
      cost,
      rate,
      cost,
      `"$${rate} per On Demand Linux ${usage}, Hour (or partial hour), in ${region}"`,
      '',
      '"Amazon Web Services, Inc."',
      name,
      instance ? 'm5.large' : '',
      instance ? 'Linux' : '',
      family,
      region,
      product,
      `SKU${number % 997}`,
      instance ? '2' : '',
      instance ? '8 GiB' : '',
      String(20_000_000 + (number % 997)),
      cost.replace('-', ''),
      rate,
      'OnDemand',
      'Hrs',
      '',
      '',
      plan,
      planned ? (Number(cost) * 0.72).toFixed(10) : '',
      `thing-${number}`,
      `team-${number % 37}`,
      number % 3 ? 'prod' : 'dev',
    ].join(',') + '\n'
  )
}

/** Writes the bill as CSV (`.gz` packs it) and returns its sha256. */
export async function writeBill(path: string, plan: BillPlan): Promise<string> {
  const hash = createHash('sha256')
  function* hashed() {
    for (const chunk of csvChunks(plan)) {
      hash.update(chunk)
      yield chunk
    }
  }
  const source = Readable.from(hashed(), { objectMode: true })
  if (path.endsWith('.gz')) await pipeline(source, createGzip({ level: 4 }), createWriteStream(path))
  else await pipeline(source, createWriteStream(path))
  return hash.digest('hex')
}

/** Turns a CSV bill into Parquet as AWS delivers it: amounts as doubles would lose digits, so they stay text here. */
export async function writeParquet(csv: string, path: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '1GB' })
  const connection = await instance.connect()
  await connection.run(
    `copy (select * from read_csv('${csv}', all_varchar = true)) to '${path}' (format parquet, compression zstd)`,
  )
  connection.closeSync()
  instance.closeSync()
}
