/** The demo's AWS accounts from connecting to savings: real SDK clients, real bill reader, the stand-in behind. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { findAccount } from '../../db/queries/cloud-accounts.ts'
import { connectAccount } from '../../engine/accounts/connect.ts'
import { handlers } from '../../engine/jobs/catalog.ts'
import { awsAdapter } from '../../integrations/aws/adapter.ts'
import { billReader } from '../../integrations/bills/read-bill.ts'
import { startAws } from '../../integrations/sandbox/aws.ts'
import { demoAws } from '../../integrations/sandbox/demo-aws.ts'
import { world } from '../world.ts'

const now = new Date('2026-11-23T10:00:00Z')
const demo = demoAws(now)
const aws = await startAws([demo[0]!.state, demo[1]!.state], { now: () => now })
const adapter = awsAdapter({ endpoint: aws.url })
const w = await world({ now: now.toISOString(), outside: { clouds: { aws: adapter }, readBill: billReader() } })
const { sql } = w.database
const accounts: Account[] = []

beforeAll(async () => {
  for (const { name, credentials, settings } of demo)
    accounts.push(await connectAccount(w.as(), { cloud: 'aws', name, credentials, settings }))
  await w.runJobs(handlers)
}, 120_000)
afterAll(() => aws.close())

describe('the AWS accounts of the demo', () => {
  it('are well, with their own numbers', async () => {
    const found = await Promise.all(accounts.map(({ id }) => findAccount(w.deps.db, { orgId: w.org.id, id })))
    expect(found.map((each) => [each?.name, each?.cloudAccountId, each?.health, each?.healthDetail])).toEqual([
      ['AWS HQ', '203689795269', 'ok', null],
      ['AWS Marketing', '044478323321', 'ok', null],
    ])
  })

  it('have what is on their bills in their inventory, by the same ids', async () => {
    const rows = await sql`select type, count(*)::int as seen, count(*) filter (where total_cost > 0)::int as billed
      from resources where active group by type order by type`
    // The two buckets with the bills and the database are on no bill.
    expect(rows).toEqual([
      { type: 'Bucket', seen: 56, billed: 54 },
      { type: 'IP Address', seen: 15, billed: 15 },
      { type: 'Instance', seen: 13, billed: 11 },
      { type: 'Kinesis Stream', seen: 1, billed: 1 },
      { type: 'RDS Instance', seen: 1, billed: 0 },
      { type: 'Snapshot', seen: 113, billed: 113 },
      { type: 'Volume', seen: 25, billed: 25 },
    ])
  })

  it('show public buckets, idle users and groups that are open to everybody', async () => {
    const open = await sql`select name from resources where type = 'Bucket'
      and ((facts->>'isPublicPolicy')::boolean or (facts->>'isPublicAcls')::boolean) order by name`
    expect(open.map(({ name }) => name)).toEqual(['ds-report-bucket', 'sunflower-eu-fra', 'sunflower-static-files'])
    const kinds = await sql`select kind, count(*)::int as seen from inventory where active group by kind order by kind`
    expect(Object.fromEntries(kinds.map(({ kind, seen }) => [kind, seen]))).toMatchObject({
      user: 6,
      security_group: 7,
    })
  })

  it('have thirty days of load, the recorded one where there is one', async () => {
    const [machine] = await sql`select id from resources where cloud_resource_id = 'i-02b64bf06fa8263e1'`
    const [cpu] = await sql`select count(*)::int as points, avg(value) as avg from metric_points
      where resource_id = ${machine!.id} and metric = 'cpu' and at > '2026-11-16T00:00:00Z' and at <= '2026-11-23T00:00:00Z'`
    expect(cpu!.points).toBe(7 * 96)
    expect(cpu!.avg).toBeGreaterThan(1)
    expect(cpu!.avg).toBeLessThan(1.5)
    const measured = await sql`select count(*)::int as count from resources where has_metrics`
    expect(measured).toEqual([{ count: 11 }])
  })

  it('show savings of every recommendation that knows AWS', async () => {
    await w.deps.boss.send('check-recommendations', { orgId: w.org.id })
    await w.runJobs(handlers)
    const rows = await sql`select recommendation, count(*)::int as count, sum(saving) > 0 as saves from findings
      group by recommendation order by recommendation`
    const found = Object.fromEntries(rows.map((row) => [row.recommendation as string, row]))
    for (const kind of [
      'abandoned_instances',
      'instances_for_shutdown',
      'obsolete_ips',
      'rightsizing_instances',
      'volumes_not_attached_for_a_long_time',
    ])
      expect(found[kind], kind).toMatchObject({ saves: true })
    expect(found.obsolete_ips!.count).toBe(13)
    expect(found.volumes_not_attached_for_a_long_time!.count).toBe(6)
  })
})
