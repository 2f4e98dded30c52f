/** Names of streams are taken once per region: bill, inventory and load must mean the same one. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { collectMetrics } from '../../../engine/ingest/collect-metrics.ts'
import { discoverAccount } from '../../../engine/ingest/discover.ts'
import { emptyRegion } from '../../../integrations/sandbox/aws-state.ts'
import { billReader } from '../../../integrations/bills/read-bill.ts'
import { awsCsv } from '../../integrations/bills/reading.ts'
import { cloudWorld } from '../cloud-world.ts'
import { fileOf, importFiles } from './ingest-world.ts'

const w = await cloudWorld()
w.deps.outside.readBill = billReader()
const { sql } = w.database
const born = new Date('2026-03-01T08:00:00Z')
const arn = (region: string, owner = '111122223333') => `arn:aws:kinesis:${region}:${owner}:stream/clicks`

it('two streams of one name are two resources, each with its own cost, use and load', async () => {
  const regions = { 'us-east-1': 3, 'us-west-2': 5 }
  for (const [region, records] of Object.entries(regions))
    w.aws.state.regions[region] = emptyRegion({
      streams: [{ name: 'clicks', shards: records, createdAt: born }],
      metric: ({ namespace, seconds }) => (namespace === 'AWS/Kinesis' ? records * seconds : null),
    })
  const account = await w.connected()
  const line = (region: string, cost: string) => ({
    ...{ 'lineItem/ResourceId': arn(region), 'lineItem/ProductCode': 'AmazonKinesis', 'lineItem/UnblendedCost': cost },
    ...{ 'product/productFamily': 'Kinesis Streams', 'product/region': region, 'lineItem/UsageAmount': cost },
    ...{ 'lineItem/UsageType': 'Storage-ShardHour', 'lineItem/Operation': 'shardHourStorage' },
  })
  await importFiles(w, account, [await fileOf('bill.csv', awsCsv([line('us-east-1', '3'), line('us-west-2', '5')]))])
  await discoverAccount(w.job('discover'), { accountId: account.id })
  await collectMetrics(w.job('collect-metrics'), { accountId: account.id })
  const rows = await sql`
    select r.cloud_resource_id as arn, r.region, r.name, r.active, trim_scale(r.total_cost)::text as cost, r.facts->>'shards' as shards,
      (select trim_scale(sum(u.quantity))::text from usage u where u.resource_id = r.id) as used,
      (select max(m.value) from metric_points m where m.resource_id = r.id and m.metric = 'incoming_records') as records
    from resources r where r.account_id = ${account.id} order by r.region`
  expect(rows).toEqual(
    [3, 5].map((n) => {
      const region = n === 3 ? 'us-east-1' : 'us-west-2'
      const same = { cost: `${n}`, shards: `${n}`, used: `${n}`, records: n }
      return { arn: arn(region), region, name: 'clicks', active: true, ...same }
    }),
  )
})

it('streams of before are mended, and their bills are read once more', async () => {
  const folder = join(import.meta.dirname, '../../../db/migrations')
  const file = (await readdir(folder)).find((name) => name.endsWith('_streams_are_known_by_their_arn.sql'))!
  const statements = (await readFile(join(folder, file), 'utf8')).split('--> statement-breakpoint')
  const account = await w.account('aws', { cloudAccountId: '444455556666' })
  const stream = (name: string, more: object = {}) =>
    w.resource(account, { cloudResourceId: name, name: '', type: 'Kinesis Stream', region: 'us-east-1', ...more })
  const [own, linked] = [await stream('own'), await stream('clicks', { region: 'cn-north-1', name: 'Clicks' })]
  const others = [
    await stream('nowhere', { region: '' }),
    await stream('twice'),
    await stream('arn:aws:kinesis:us-east-1:444455556666:stream/twice'),
    await w.resource(account, { cloudResourceId: 'clicks-bucket', name: '', type: 'Bucket' }),
  ]
  await sql`select ensure_months('expenses', '2026-10-01', '2026-11-30'), ensure_months('usage', '2026-10-01', '2026-11-30')`
  await sql`insert into expenses (org_id, account_id, period, day, resource_id, sub_account, category, billed, effective, list, contracted, lines)
    values (${w.org.id}, ${account.id}, '2026-10-01', '2026-10-05', ${linked.id}, '777788889999', 'Usage', 1, 1, 1, 1, 1)`
  for (const [period, kind, item] of [
    ['2026-09-01', 'compute', 'Usage'],
    ['2026-10-01', 'stream', 'Usage'],
    ['2026-11-01', 'commitment', 'SavingsPlanRecurringFee'],
  ] as const) {
    await sql`insert into bill_scopes (org_id, account_id, period, assembly, import_id, first_day, last_day, lines, billed, effective, imported_at)
      values (${w.org.id}, ${account.id}, ${period}, 'known', gen_random_uuid(), ${period}, ${period}, 1, 1, 1, now())`
    await sql`insert into usage (org_id, account_id, period, day, resource_id, kind, item, quantity, billed, effective, list, starts_at, ends_at, lines)
      values (${w.org.id}, ${account.id}, ${period}, '2026-10-05', ${own.id}, ${kind}, ${item}, 1, 1, 1, 1, now(), now(), 1)`
  }
  for (const statement of statements) await sql.unsafe(statement)
  const found = await sql`select id, cloud_resource_id as arn, name from resources where account_id = ${account.id}`
  const by = new Map(found.map((row) => [row['id'], [row['arn'], row['name']]]))
  expect(by.get(own.id)).toEqual(['arn:aws:kinesis:us-east-1:444455556666:stream/own', 'own'])
  expect(by.get(linked.id)).toEqual(['arn:aws-cn:kinesis:cn-north-1:777788889999:stream/clicks', 'Clicks'])
  for (const { id, cloudResourceId } of others) expect(by.get(id)).toEqual([cloudResourceId, ''])
  const scopes =
    await sql`select period::text, assembly from bill_scopes where account_id = ${account.id} order by period`
  expect(scopes.map((row) => row['assembly'])).toEqual(['known', '', ''])
})
