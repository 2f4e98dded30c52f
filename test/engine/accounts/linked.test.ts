/** A linked account connected beside the one that pays for it: one resource, costs where the bill is, to the last digit. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import { connectAccount } from '../../../engine/accounts/connect.ts'
import { countRemoval, removeAccount } from '../../../engine/accounts/remove.ts'
import { assignResources } from '../../../engine/assignment/assign.ts'
import abandonedKinesisStreams from '../../../engine/recommendations/abandoned-kinesis-streams.ts'
import { findLack } from '../../../engine/recommendations/inputs.ts'
import { storeSeen } from '../../../engine/ingest/store-seen.ts'
import gatherJob from '../../../engine/jobs/gather-resources.ts'
import sweepJob from '../../../engine/jobs/sweep.ts'
import { enqueue } from '../../../engine/context.ts'
import type { SeenResource } from '../../../integrations/cloud.ts'
import { awsCsv } from '../../integrations/bills/reading.ts'
import type { World } from '../../world.ts'
import { figures, fileOf, importFiles, ingestWorld } from '../ingest/ingest-world.ts'

let w: World
let number = 200000000000
beforeAll(async () => {
  w = await ingestWorld()
})

const next = () => String((number += 1))

/** i-1 is the linked account's, i-2 the payer's; hours without a resource (one name for both) and taxes are shared. */
const lines = (linked: string, payer: string) => {
  const line = (account: string, day: string, cost: string, more: Record<string, string>) => ({
    ...{ 'lineItem/UsageAccountId': account, 'lineItem/UnblendedCost': cost, 'product/region': 'eu-west-1' },
    ...{ 'lineItem/UsageStartDate': `2026-10-${day}T10:00:00Z`, 'lineItem/UsageEndDate': `2026-10-${day}T11:00:00Z` },
    ...more,
  })
  const box = (id: string) => ({
    ...{ 'lineItem/ResourceId': id, 'lineItem/UsageType': 'BoxUsage:m5.large', 'lineItem/Operation': 'RunInstances' },
    ...{ 'lineItem/UsageAmount': '1', 'pricing/publicOnDemandCost': '0.107' },
  })
  const shared = { 'lineItem/Operation': 'NatGateway' }
  return [
    line(linked, '05', '0.1070000001', box('i-1')),
    line(linked, '06', '0.2140000002', box('i-1')),
    line(payer, '05', '3', box('i-2')),
    line(linked, '05', '0.5', shared),
    line(payer, '06', '0.25', shared),
  ]
}
const billOf = (linked: string, payer: string) => fileOf('bill.csv', awsCsv(lines(linked, payer)))

const seen = (cloudResourceId: string): SeenResource => ({
  ...{ cloudResourceId, type: 'Instance', name: `name of ${cloudResourceId}`, service: 'AmazonEC2' },
  ...{ region: 'eu-west-1', tags: { team: 'shop' }, facts: { flavor: 'm5.large', state: 'running' } },
  ...{ cloudCreatedAt: null, running: true },
})
const discover = (account: Account) =>
  storeSeen(w.job(), { accountId: account.id, poolId: account.poolId!, at: w.clock.now(), seen: [seen('i-1')] })

const payerOf = (cloudAccountId: string) =>
  connectAccount(w.as(), { cloud: 'aws', name: `Payer ${cloudAccountId}`, cloudAccountId })
const linkedOf = (cloudAccountId: string) =>
  connectAccount(w.as(), { cloud: 'aws', name: `Linked ${cloudAccountId}`, cloudAccountId, billOrigin: 'payer' })

/** Where the resources of these accounts lie, what they cost, and whether they live. */
const placed = async (...accounts: Account[]) => {
  const rows = await w.database.sql`
    select a.name, r.cloud_resource_id as id, r.total_cost::text as cost, r.last_expense_day::text as day, r.active,
      p.name as pool
    from resources r join accounts a on a.id = r.account_id join pools p on p.id = r.pool_id
    where a.id = any(${accounts.map(({ id }) => id)}) order by 1 desc, 2`
  return rows.map((row) => [
    row['name'].split(' ')[0],
    row['id'],
    row['cost'],
    row['day'],
    row['active'],
    row['pool'].split(' ')[0],
  ])
}

/** Reports by account and sub-account, and the sums below them, which never change. */
const reports = async (payer: Account) => {
  const rows = await w.database.sql`
    select account_id = ${payer.id} as payers, sub_account, sum(effective)::text as effective, sum(lines)::int as lines
    from spend_months where account_id = ${payer.id} group by 1, 2 order by 2`
  const { facts, days, months, scopes } = await figures(w, payer)
  const sums = (of: Record<string, unknown>) => [of['billed'], of['effective'], of['list']]
  return { rows: [...rows], sums: [facts, days, months].map(sums), scopes }
}

/** Rollups equal the facts by account, day, pool and sub-account. */
const rollupsHold = async () => {
  const [wrong] = await w.database.sql`
    with facts as (
      select e.account_id, e.day, r.pool_id, r.owner_id, e.sub_account, sum(e.effective) as effective, sum(e.lines) as lines
      from expenses e join resources r on r.id = e.resource_id group by 1, 2, 3, 4, 5
    ), rolled as (
      select account_id, day, pool_id, owner_id, sub_account, sum(effective) as effective, sum(lines) as lines
      from spend_days group by 1, 2, 3, 4, 5
    ) select count(*)::int as n from ((table facts except table rolled) union all (table rolled except table facts)) d`
  expect(wrong!['n']).toBe(0)
  const [lost] = await w.database.sql`
    select (select count(*)::int from expenses e where not exists (select from resources r where r.id = e.resource_id))
      + (select count(*)::int from usage e where not exists (select from resources r where r.id = e.resource_id)) as n`
  expect(lost!['n']).toBe(0)
}

const onlyPayer = [
  ['Payer', 'AmazonEC2 NatGateway eu-west-1', '0.75', '2026-10-06', false, 'Payer'],
  ['Payer', 'i-1', '0.3210000003', '2026-10-06', false, 'Payer'],
  ['Payer', 'i-2', '3', '2026-10-05', false, 'Payer'],
]
const bothConnected = (alive: boolean) => [
  ['Payer', 'AmazonEC2 NatGateway eu-west-1', '0.25', '2026-10-06', false, 'Payer'],
  ['Payer', 'i-2', '3', '2026-10-05', false, 'Payer'],
  ['Linked', 'AmazonEC2 NatGateway eu-west-1', '0.5', '2026-10-05', false, 'Linked'],
  ['Linked', 'i-1', '0.3210000003', '2026-10-06', alive, 'Linked'],
]

describe('a linked account beside its payer', () => {
  it('connected second takes what the bill knew of it, with its ids, and gives it back when it goes', async () => {
    const [own, other] = [next(), next()]
    const payer = await payerOf(other)
    await importFiles(w, payer, [await billOf(own, other)])
    expect(await placed(payer)).toEqual(onlyPayer)
    const before = await reports(payer)
    expect(before.rows.map((row) => [row['sub_account'], row['effective']])).toEqual([
      [own, '0.8210000003'],
      [other, '3.25'],
    ])
    const ids = () => w.database.sql`select cloud_resource_id, id from resources where cloud_resource_id = 'i-1'
      and account_id in (select id from accounts where cloud_account_id in (${own}, ${other}))`
    const known = [...(await ids())]
    const linked = await linkedOf(own)
    await w.runJobs([gatherJob])
    expect(await placed(payer, linked)).toEqual(bothConnected(false))
    expect([...(await ids())]).toEqual(known)
    expect(await reports(payer)).toEqual(before)
    await discover(linked)
    expect(await placed(payer, linked)).toEqual(bothConnected(true))
    expect([...(await ids())]).toEqual(known)
    // A second bill changes nothing but what it says.
    await importFiles(w, payer, [await fileOf('again.csv', awsCsv(lines(own, other).toReversed()))])
    expect(await placed(payer, linked)).toEqual(bothConnected(true))
    expect(await reports(payer)).toEqual(before)
    await rollupsHold()
    expect(await countRemoval(w.as(), { accountId: linked.id })).toMatchObject({
      ...{ resources: 0, staying: 2, payers: [payer.name], uncharged: 0, months: 0 },
    })
    await removeAccount(w.as(), { accountId: linked.id })
    expect(await placed(payer, linked)).toEqual(onlyPayer)
    expect([...(await ids())]).toEqual(known)
    expect(await reports(payer)).toEqual(before)
    await rollupsHold()
  })

  it('connected first has its resources before the first bill, and they lose only their cost when the payer goes', async () => {
    const [own, other] = [next(), next()]
    const linked = await linkedOf(own)
    await discover(linked)
    const payer = await payerOf(other)
    await importFiles(w, payer, [await billOf(own, other)])
    expect(await placed(payer, linked)).toEqual(bothConnected(true))
    await rollupsHold()
    expect(await countRemoval(w.as(), { accountId: payer.id })).toMatchObject({
      resources: 2,
      staying: 0,
      uncharged: 2,
      months: 1,
    })
    await removeAccount(w.as(), { accountId: payer.id })
    expect(await placed(payer, linked)).toEqual([['Linked', 'i-1', '0', null, true, 'Linked']])
    await rollupsHold()
  })

  it('that was discovered before it was gathered has one resource, with all that hung on either', async () => {
    const [own, other] = [next(), next()]
    const payer = await payerOf(other)
    await importFiles(w, payer, [await billOf(own, other)])
    const before = await reports(payer)
    const linked = await linkedOf(own)
    await discover(linked)
    const { sql } = w.database
    const [bill] = await sql`select id from resources where account_id = ${payer.id} and cloud_resource_id = 'i-1'`
    const [twin] = await sql`select id from resources where account_id = ${linked.id} and cloud_resource_id = 'i-1'`
    await assignResources(w.as(), { resourceIds: [twin!['id']], poolId: w.root.id, ownerId: w.lea.id })
    const points = (id: string, value: number) => sql`insert into metric_points
      values (${w.org.id}, ${linked.id}, ${id}, 'cpu', '2026-11-20T10:00:00Z', ${value})`
    await sql`select ensure_months('metric_points', '2026-11-01', '2026-11-30')`
    await points(twin!['id'], 7)
    for (const [id, limit] of [
      [bill!['id'], '5'],
      [twin!['id'], '9'],
    ])
      await sql`insert into resource_constraints (org_id, resource_id, type, "limit") values (${w.org.id}, ${id}, 'daily_expense_limit', ${limit})`
    await sql`insert into dismissals (org_id, recommendation, resource_id, at) values (${w.org.id}, 'rightsizing_instances', ${twin!['id']}, now())`
    await w.runJobs([gatherJob])
    const expected = bothConnected(true)
    expected[3]![5] = w.root.name.split(' ')[0]!
    expect(await placed(payer, linked)).toEqual(expected)
    const [one] = await sql`
      select r.id, r.owner_id, r.assigned_by, r.name, r.facts->>'state' as state,
        (select array_agg(value) from metric_points p where p.resource_id = r.id) as cpu,
        (select array_agg("limit"::text) from resource_constraints c where c.resource_id = r.id) as limits,
        (select count(*)::int from dismissals d where d.resource_id = r.id) as dismissed
      from resources r where account_id = ${linked.id} and cloud_resource_id = 'i-1'`
    expect(one).toEqual({
      ...{ id: bill!['id'], owner_id: w.lea.id, assigned_by: 'person', name: 'name of i-1', state: 'running' },
      ...{ cpu: [7], limits: ['5'], dismissed: 1 },
    })
    expect(await reports(payer)).toEqual(before)
    await rollupsHold()
  })

  it('is judged by what the payer is charged for it, and the payer is not', async () => {
    const [own, other] = [next(), next()]
    const payer = await payerOf(other)
    const linked = await linkedOf(own)
    const check = (account: Account) => ({
      ...{ orgId: w.org.id, accountId: account.id, cloud: 'aws' as const, currency: 'USD', now: w.clock.now() },
    })
    const lack = (account: Account) => findLack(w.deps.db, check(account), abandonedKinesisStreams)
    expect(await lack(linked)).toMatch(/^No bill was imported yet/)
    const days = Array.from({ length: 11 }, (_, n) => String(n + 12))
    const shards = days.map((day) => ({
      ...{ 'lineItem/UsageAccountId': own, 'lineItem/ResourceId': 'arn:aws:kinesis:eu-west-1:1:stream/clicks' },
      ...{ 'lineItem/ProductCode': 'AmazonKinesis', 'product/productFamily': 'Kinesis Streams' },
      ...{
        'lineItem/UsageStartDate': `2026-11-${day}T00:00:00Z`,
        'lineItem/UsageEndDate': `2026-11-${Number(day) + 1}T00:00:00Z`,
      },
      ...{ 'bill/BillingPeriodStartDate': '2026-11-01T00:00:00Z', 'bill/BillingPeriodEndDate': '2026-12-01T00:00:00Z' },
      ...{
        'lineItem/UsageType': 'EU-Storage-ShardHour',
        'lineItem/Operation': 'shardHourStorage',
        'pricing/term': 'OnDemand',
      },
      ...{ 'lineItem/UsageAmount': '72', 'lineItem/UnblendedCost': '1.08', 'pricing/publicOnDemandRate': '0.015' },
      ...{ 'pricing/publicOnDemandCost': '1.08', 'pricing/unit': 'ShardHour', 'product/region': 'eu-west-1' },
    }))
    await importFiles(w, payer, [await fileOf('streams.csv', awsCsv(shards))])
    expect(await lack(linked)).toBeNull()
    const found = async (account: Account) => [
      ...(await w.deps.db.execute(abandonedKinesisStreams.find(check(account), { days_threshold: 7 }))),
    ]
    // Three shards of 0.015 for 720 hours.
    expect(await found(linked)).toMatchObject([{ saving: '32.4' }])
    expect(await found(payer)).toEqual([])
  })

  it('whose twins lie there since before are made one within the hour', async () => {
    const [own, other] = [next(), next()]
    const payer = await payerOf(other)
    await importFiles(w, payer, [await billOf(own, other)])
    const linked = await w.account('aws', { cloudAccountId: own, name: `Linked ${own}`, poolId: w.root.id })
    await discover(linked)
    await enqueue(w.deps, 'sweep', {})
    await w.runJobs([sweepJob, gatherJob])
    expect((await placed(payer, linked)).map((row) => row.slice(0, 3))).toEqual(
      bothConnected(true).map((row) => row.slice(0, 3)),
    )
    await enqueue(w.deps, 'sweep', {})
    expect(await w.runJobs([sweepJob, gatherJob])).toEqual(['sweep'])
    await rollupsHold()
  })
})
