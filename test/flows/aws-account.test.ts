/** The demo's AWS accounts from connecting to savings: real SDK clients, real bill reader, the stand-in behind. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { findAccount } from '../../db/queries/cloud-accounts.ts'
import { connectAccount } from '../../engine/accounts/connect.ts'
import { coverageReport } from '../../engine/commitments/coverage.ts'
import { purchaseSuggestions } from '../../engine/commitments/suggestions.ts'
import { recommendations } from '../../engine/recommendations/catalog.ts'
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
    expect(rows).toEqual([
      { type: 'Bucket', seen: 56, billed: 56 },
      { type: 'IP Address', seen: 15, billed: 15 },
      { type: 'Instance', seen: 15, billed: 13 },
      { type: 'Kinesis Stream', seen: 1, billed: 1 },
      { type: 'RDS Instance', seen: 1, billed: 1 },
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
    const measured = await sql`select count(*)::int as count from resources where has_metrics and type = 'Instance'`
    expect(measured).toEqual([{ count: 13 }])
  })

  /**
   * By hand, for 2026-11-20: the plan's 0.15 an hour pays 3.6 a day, which is 3.6 / 0.73 = 4.93150685 of machines at list
   * price; the reservation pays for the 24 hours of a t2.micro at 0.0116. All
   * machines together cost 12.43919 on demand, and 24 hours of the database 6.96.
   */
  it('are covered by what the plan and the reservation pay for, to the last hour', async () => {
    const day = '2026-11-20'
    const { total } = await coverageReport(w.as(), { range: { from: day, to: day } })
    expect(Number(total.list)).toBeCloseTo(12.43919 + 6.96, 4)
    expect(Number(total.sp.cost)).toBeCloseTo(3.6, 8)
    expect(Number(total.sp.list)).toBeCloseTo(3.6 / 0.73, 6)
    expect([total.ri.cost, Number(total.ri.list)]).toEqual(['0.2304', 0.2784])
    // 3.8304 of 3.8304 + (19.39919 - 4.93151 - 0.2784)
    expect(total.percent).toBe(21.3)
    expect(Number(total.waste)).toBeCloseTo(0, 8)
  })

  it('wasted most of both as long as they were not shared', async () => {
    const day = '2026-10-20'
    const { total } = await coverageReport(w.as(), { range: { from: day, to: day } })
    // Only the owner's t2 machines used the plan: 0.19818430 + 0.00080255 on demand, times 0.73.
    expect(Number(total.sp.cost)).toBeCloseTo(0.14526, 5)
    expect(Number(total.sp.waste)).toBeCloseTo(3.6 - 0.14526, 5)
    expect(Number(total.ri.waste)).toBeCloseTo(0.2304, 8)
  })

  it('bill what they cost: covered hours are taken off again, and cost what is used of the fees', async () => {
    const [sums] = await sql`select sum(billed)::float8 as billed, sum(effective)::float8 as effective from expenses`
    expect(sums!['effective']).toBeCloseTo(sums!['billed'] as number, 4)
  })

  it('have one steady machine worth a commitment', async () => {
    const [first] = await purchaseSuggestions(w.as())
    expect(first).toMatchObject({ account: 'AWS Marketing', region: 'us-west-2', family: 'm5', system: 'Windows' })
    // m5.large is 0.096, its licence 0.092: (0.096 * 0.63 * 2/3 * 0.95 + 0.092) * 26,280 hours = 3424 upfront, 95.11 a month.
    // It costs 0.188 * 720 = 135.36 now: 3424 / 135.36 = 25.3 months, and 95.11 / 135.36 = 70.3 per cent.
    expect(first!.best).toMatchObject({ name: 'Standard reservation', years: 3, payment: 'All Upfront', count: '1' })
    expect(first!.best).toMatchObject({ upfront: '3424', breakEvenMonth: 26, losesBelow: 71 })
  })

  it('show savings of every recommendation that knows AWS', async () => {
    await w.deps.boss.send('check-recommendations', { orgId: w.org.id })
    await w.runJobs(handlers)
    const rows = await sql`select recommendation, count(*)::int as count, sum(saving) > 0 as saves from findings
      group by recommendation order by recommendation`
    const found = Object.fromEntries(rows.map((row) => [row.recommendation as string, row]))
    for (const { id, category } of recommendations.filter((one) => one.clouds.includes('aws')))
      expect(found[id], id).toMatchObject(category === 'cost' ? { saves: true } : {})
    const lacks = await sql`select recommendation, error from check_results where error is not null`
    expect(lacks.map(({ recommendation, error }) => `${recommendation}: ${error}`)).toEqual([])
    const saving = async (kind: string) =>
      (await sql`select sum(saving)::text as saving from findings where recommendation = ${kind}`)[0]!['saving']
    // Half of db.t3.xlarge at 0.29 an hour: 29 days and the 5 hours billed of the newest, (29 * 6.96 + 1.45) / 2.
    expect(Number(await saving('rightsizing_rds'))).toBeCloseTo(101.645, 1)
    // m4.large at 0.1 against m5.large at 0.096; one shard at 0.018.
    expect(Number(await saving('instance_generation_upgrade'))).toBe(2.88)
    expect(Number(await saving('abandoned_kinesis_streams'))).toBe(12.96)
    expect(found.short_living_instances!.count).toBe(3)
    expect(found.s3_abandoned_buckets!.count).toBe(4)
    expect(found.obsolete_ips!.count).toBe(13)
    expect(found.volumes_not_attached_for_a_long_time!.count).toBe(6)
  })
})
