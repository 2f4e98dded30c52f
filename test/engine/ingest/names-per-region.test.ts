/** Most names in AWS are taken once per account and region: two of one name are two, and what was one before is not doubled. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import { discoverAccount } from '../../../engine/ingest/discover.ts'
import { emptyRegion } from '../../../integrations/sandbox/aws-state.ts'
import { billReader } from '../../../integrations/bills/read-bill.ts'
import { awsCsv } from '../../integrations/bills/reading.ts'
import { cloudWorld } from '../cloud-world.ts'
import { fileOf, importFiles } from './ingest-world.ts'

const w = await cloudWorld()
w.deps.outside.readBill = billReader()
const { sql } = w.database
const [own, other] = ['111122223333', '444455556666']

type Line = {
  id: string
  product: string
  region?: string
  owner?: string
  cost?: string
  more?: Record<string, string>
}
const line = ({ id, product, region = 'us-east-1', owner = own, cost = '1', more = {} }: Line) => ({
  ...{ 'lineItem/ResourceId': id, 'lineItem/ProductCode': product, 'lineItem/UnblendedCost': cost },
  ...{ 'product/region': region, 'lineItem/UsageAccountId': owner, 'lineItem/UsageType': 'Usage', ...more },
})
const arn = (service: string, rest: string, region = 'us-east-1', owner = own) =>
  `arn:aws:${service}:${region}:${owner}:${rest}`

const bill = async (account: Account, lines: Line[]) => {
  const done = await importFiles(w, account, [await fileOf('bill.csv', awsCsv(lines.map(line)))])
  expect(done).toMatchObject({ state: 'completed' })
}
const known = async (account: Account) => {
  const rows = await sql`
    select r.id, r.cloud_resource_id as key, r.name, r.region, trim_scale(r.total_cost)::text as cost,
      coalesce((select trim_scale(sum(e.effective))::text from expenses e where e.resource_id = r.id), '0') as charged
    from resources r where r.account_id = ${account.id} order by r.cloud_resource_id collate "C"`
  return [...rows] as unknown as {
    id: string
    key: string
    name: string
    region: string
    cost: string
    charged: string
  }[]
}

describe('names that are taken once per account and region', () => {
  it('are told apart by their ARN', async () => {
    const account = await w.account('aws')
    const kinds: [product: string, service: string, rest: string, name: string][] = [
      ['AmazonDynamoDB', 'dynamodb', 'table/orders', 'orders'],
      ['AmazonECR', 'ecr', 'repository/team/api', 'team/api'],
      ['AmazonCloudWatch', 'logs', 'log-group:/aws/lambda/resize', '/aws/lambda/resize'],
      ['AWSQueueService', 'sqs', 'jobs', 'jobs'],
      ['AWSLambda', 'lambda', 'function:resize', 'resize'],
      ['AmazonECS', 'ecs', 'cluster/main', 'main'],
      ['AmazonS3', 's3', 'storage-lens/default', 'default'],
      ['awskms', 'kms', 'key/mrk-1234abcd', 'mrk-1234abcd'],
    ]
    const twins = kinds.flatMap(([product, service, rest, name]) => [
      { id: arn(service, rest), product, cost: '1', name, region: 'us-east-1' },
      { id: arn(service, rest, 'us-west-2'), product, cost: '2', name, region: 'us-west-2' },
      { id: arn(service, rest, 'us-east-1', other), product, cost: '4', name, region: 'us-east-1', owner: other },
    ])
    await bill(account, twins)
    const found = (await known(account)).map((r) => [r.key, r.name, r.region, r.cost])
    expect(found).toHaveLength(24)
    expect(new Set(found.map((row) => row.join('|')))).toEqual(
      new Set(twins.map(({ id, name, region, cost }) => [id, name, region, cost].join('|'))),
    )
  })

  it('bare names get service, region and account', async () => {
    const account = await w.account('aws')
    await bill(account, [
      { id: 'resize', product: 'AWSLambda', cost: '1' },
      { id: 'resize', product: 'AWSLambda', region: 'us-west-2', cost: '2' },
      { id: 'resize', product: 'AWSLambda', owner: other, cost: '4' },
      { id: 'resize', product: 'AWSQueueService', cost: '8' },
      { id: 'hostedzone/Z1', product: 'AmazonRoute53', region: '', cost: '16' },
    ])
    expect((await known(account)).map((r) => [r.key, r.name, r.cost])).toEqual([
      [`AWSLambda:us-east-1:${own}:resize`, 'resize', '1'],
      [`AWSLambda:us-east-1:${other}:resize`, 'resize', '4'],
      [`AWSLambda:us-west-2:${own}:resize`, 'resize', '2'],
      [`AWSQueueService:us-east-1:${own}:resize`, 'resize', '8'],
      [`AmazonRoute53::${own}:hostedzone/Z1`, 'hostedzone/Z1', '16'],
    ])
  })

  it('what the cloud is asked for keeps its key, and is one with the bill', async () => {
    const born = new Date('2026-03-01T08:00:00Z')
    w.aws.state.regions['us-east-1'] = emptyRegion({
      instances: [{ id: 'i-0123456789abcdef0', type: 'm5.large', state: 'running', launchedAt: born }],
      volumes: [{ id: 'vol-0123456789abcdef0', sizeGib: 8, type: 'gp3', createdAt: born }],
    })
    const account = await w.connected()
    await discoverAccount(w.job('discover'), { accountId: account.id })
    const found = await known(account)
    await bill(account, [
      { id: 'i-0123456789abcdef0', product: 'AmazonEC2' },
      { id: arn('ec2', 'instance/i-0123456789abcdef0'), product: 'AmazonEC2' },
      { id: 'i-0123456789abcdef0', product: 'AWSDataTransfer', region: '' },
      { id: 'i-0123456789abcdef0', product: '4wqmarketplace', region: '' },
      { id: 'vol-0123456789abcdef0', product: 'AmazonEC2', more: { 'lineItem/UsageType': 'EBS:VolumeUsage.gp3' } },
      { id: arn('ec2', 'snapshot/snap-0123456789abcdef0'), product: 'AmazonEC2' },
      { id: 'a-bucket', product: 'AmazonS3' },
      { id: 'a-bucket', product: 'AmazonGlacier' },
      { id: arn('rds', 'db:shop'), product: 'AmazonRDS' },
      { id: arn('kms', 'key/0f0e0d0c-1111-2222-3333-444455556666'), product: 'awskms' },
    ])
    const now = await known(account)
    expect(found.map((r) => r.key)).toEqual(['i-0123456789abcdef0', 'vol-0123456789abcdef0'])
    expect(now.filter(({ id }) => found.some((r) => r.id === id)).map((r) => r.cost)).toEqual(['4', '1'])
    expect(now.map((r) => r.key)).toEqual([
      ...['0f0e0d0c-1111-2222-3333-444455556666', 'a-bucket', arn('rds', 'db:shop')],
      ...['i-0123456789abcdef0', 'snap-0123456789abcdef0', 'vol-0123456789abcdef0'],
    ])
  })
})

describe('resources of before', () => {
  /** As an older version stored them: one resource of the bare name for both regions, assigned by a person. */
  async function before() {
    const account = await w.account('aws')
    const pool = await w.pool('Shop')
    const kept = {
      type: 'Usage',
      service: 'AmazonDynamoDB',
      region: 'us-west-2',
      poolId: pool.id,
      active: false,
    } as const
    const table = await w.resource(account, {
      cloudResourceId: 'orders',
      name: '',
      totalCost: '3',
      ...kept,
      assignedBy: 'person',
    })
    return { account, pool, table }
  }
  const tables: Line[] = [
    { id: arn('dynamodb', 'table/orders'), product: 'AmazonDynamoDB', cost: '1' },
    { id: arn('dynamodb', 'table/orders', 'us-west-2'), product: 'AmazonDynamoDB', region: 'us-west-2', cost: '2' },
  ]

  it('keep what was decided about them, and their costs are split when the month is read again', async () => {
    const { account, pool, table } = await before()
    await sql`select ensure_months('expenses', '2026-10-01', '2026-10-31')`
    await sql`insert into expenses (org_id, account_id, period, day, resource_id, category, billed, effective, list, contracted, lines)
      values (${w.org.id}, ${account.id}, '2026-10-01', '2026-10-05', ${table.id}, 'Usage', 3, 3, 3, 3, 2)`
    await bill(account, tables)
    const now = await known(account)
    expect(now.map((r) => [r.key, r.cost, r.charged])).toEqual([
      [tables[0]!.id, '1', '1'],
      [tables[1]!.id, '2', '2'],
    ])
    expect(now[1]!.id).toBe(table.id)
    const [row] = await sql`select pool_id, assigned_by, name from resources where id = ${table.id}`
    expect(row).toEqual({ pool_id: pool.id, assigned_by: 'person', name: 'orders' })
    await bill(account, tables.toReversed())
    expect((await known(account)).map((r) => r.id)).toEqual(now.map((r) => r.id))
  })

  it('a bucket of the same name stays a bucket', async () => {
    const account = await w.account('aws')
    const bucket = await w.resource(account, { cloudResourceId: 'orders', type: 'Bucket', service: 'AmazonS3' })
    await bill(account, [...tables, { id: 'orders', product: 'AmazonS3', cost: '4' }])
    const now = await known(account)
    expect(now.map((r) => [r.key, r.cost])).toEqual([
      [tables[0]!.id, '1'],
      [tables[1]!.id, '2'],
      ['orders', '4'],
    ])
    expect(now[2]!.id).toBe(bucket.id)
  })

  it('months in which names may have been mixed up are read once more', async () => {
    const folder = join(import.meta.dirname, '../../../db/migrations')
    const file = (await readdir(folder)).find((name) =>
      name.endsWith('_bills_with_names_per_region_are_read_again.sql'),
    )!
    const account = await w.account('aws')
    const of = async (period: string, cloudResourceId: string, more: object) => {
      const { id } = await w.resource(account, { cloudResourceId, name: '', active: false, ...more })
      await sql`select ensure_months('expenses', ${period}, ${period})`
      await sql`insert into expenses (org_id, account_id, period, day, resource_id, category, billed, effective, list, contracted, lines)
        values (${w.org.id}, ${account.id}, ${period}, ${period}, ${id}, 'Usage', 1, 1, 1, 1, 1)`
      await sql`insert into bill_scopes (org_id, account_id, period, assembly, import_id, first_day, last_day, lines, billed, effective, imported_at)
        values (${w.org.id}, ${account.id}, ${period}, 'known', gen_random_uuid(), ${period}, ${period}, 1, 1, 1, now())
        on conflict do nothing`
    }
    await of('2026-05-01', 'i-1', { type: 'Instance', service: 'AmazonEC2' })
    await of('2026-05-01', 'AmazonDynamoDB PayPerRequest us-east-1', { service: 'AmazonDynamoDB' })
    await of('2026-06-01', arn('rds', 'db:shop'), { service: 'AmazonRDS' })
    await of('2026-07-01', 'orders', { service: 'AmazonDynamoDB' })
    await of('2026-08-01', 'bucket', { type: 'Bucket', service: 'AmazonS3' })
    for (const statement of (await readFile(join(folder, file), 'utf8')).split('--> statement-breakpoint'))
      await sql.unsafe(statement)
    const scopes =
      await sql`select period::text, assembly from bill_scopes where account_id = ${account.id} order by period`
    expect(scopes.map((row) => row['assembly'])).toEqual(['known', 'known', '', 'known'])
  })
})
