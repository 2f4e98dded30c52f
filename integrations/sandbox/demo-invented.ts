/**
 * What the demo's bills hold beside the real rows, so that every recommendation has something to say (data/README.md): a
 * Windows machine, one of an old generation, machines that lived for three hours, a database, and the buckets the bills lie
 * in. Costs are hours times list prices.
 */
import { Decimal } from 'decimal.js'
import { demoDatabasePrices, demoPrices } from './demo-prices.ts'
import type { Charge, DemoResource } from './demo-charge.ts'

/** `days` ago it was billed, oldest first, `hours` a day. */
type Invented = { resource: DemoResource; days: number[]; hours: number }

const daySeconds = 86_400
/** The newest day of the data was billed for about so many hours. */
const newestHours = 5
const since = (days: number) => Array.from({ length: days }, (_, n) => days - n)

const base = { service: 'AmazonEC2', tags: {}, active: true, owner: '' }

/** Of the account that buys for both, `hq`, and of the one that uses what it bought. */
function invented({ hq, marketing }: { hq: string; marketing: string }): Invented[] {
  const machine = (of: { id: string; name: string; flavor: string; age: number } & Partial<DemoResource>) => {
    const { flavor, age, id, facts = {}, ...more } = of
    return {
      ...{ ...base, account: marketing, region: 'us-west-2', type: 'Instance', id, cloudResourceId: id, ...more },
      ...{ facts: { flavor, ...facts }, createdSecondsAgo: age * daySeconds },
    }
  }
  const runner = (n: number) =>
    machine({ id: `i-0c1000000000000a${n}`, name: `ci-runner-${n}`, flavor: 'c5.large', age: n, ...runners(hq) })
  const erp = {
    ...{ id: 'i-0e5000000000000b1', name: 'erp-reports', flavor: 'm5.large', facts: { os: 'Windows' } },
    tags: { purpose: 'office hours' },
  }
  const search = { id: 'i-0e5000000000000b2', name: 'legacy-search', flavor: 'm4.large' }
  const database: DemoResource = {
    ...{ ...base, id: 'db-reports', account: hq, service: 'AmazonRDS', region: 'us-west-2', type: 'RDS Instance' },
    ...{
      cloudResourceId: 'arn:aws:rds:us-west-2:203689795269:db:reports',
      name: 'reports',
      tags: { purpose: 'reports' },
    },
    ...{ facts: { flavor: 'db.t3.xlarge', engine: 'PostgreSQL' }, createdSecondsAgo: 200 * daySeconds },
  }
  return [
    { resource: machine({ ...erp, age: 200 }), days: since(60), hours: 24 },
    { resource: machine({ ...search, age: 20 }), days: since(20), hours: 24 },
    { resource: database, days: since(60), hours: 24 },
    ...[hq, marketing].map((account) => ({ resource: billBucket(account), days: since(60), hours: 24 })),
    ...[1, 2, 3].map((n) => ({ resource: runner(n), days: [n], hours: 3 })),
  ]
}

/** Where the reports of an account lie: little, written a few times a day. */
const billBucket = (account: string): DemoResource => ({
  ...{ ...base, account, service: 'AmazonS3', region: 'us-east-1', type: 'Bucket', id: `bills ${account}` },
  ...{ cloudResourceId: '', name: '', facts: { storedGb: 0.0002 }, createdSecondsAgo: 470 * daySeconds },
})

const runners = (hq: string) => ({ account: hq, region: 'us-east-1', active: false, tags: { purpose: 'build' } })

/** The invented resources. */
export const inventedResources = (of: { hq: string; marketing: string }): DemoResource[] =>
  invented(of).map(({ resource }) => resource)

/** What they cost, a charge a day. */
export function inventedCharges(now: Date, of: { hq: string; marketing: string }): Charge[] {
  const today = Math.floor(now.getTime() / 1000 / daySeconds) * daySeconds
  return invented(of).flatMap(({ resource, days, hours }) =>
    days.map((ago) => ({
      resource,
      day: new Date((today - ago * daySeconds) * 1000).toISOString().slice(0, 10),
      cost: new Decimal(hourly(resource)).times(ago === 1 ? Math.min(hours, newestHours) : hours).toFixed(),
    })),
  )
}

function hourly({ region, facts, type }: DemoResource): string {
  if (type === 'Bucket') return '0.00001'
  const { flavor, os = 'Linux' } = facts
  const all = [...demoPrices, ...demoDatabasePrices]
  return all.find((one) => one.region === region && one.type === flavor && (one.engine || (one.os ?? 'Linux') === os))!
    .usd
}
