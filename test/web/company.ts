/** A believable small company, for pages that must be looked at: pools with limits, two accounts, two months of cost, findings, environments, imports. */
import { archivedFindings, checkSchedules, findings } from '../../db/schema/recommendations.ts'
import { constraintHits } from '../../db/schema/constraints.ts'
import { bookings } from '../../db/schema/environments.ts'
import { imports, rejectedLines } from '../../db/schema/cloud-accounts.ts'
import type { Rule } from '../../db/schema/assignments.ts'
import type { Account, Import } from '../../db/schema/cloud-accounts.ts'
import type { Environment } from '../../db/schema/environments.ts'
import type { Person } from '../../db/schema/organizations.ts'
import type { PowerSchedule } from '../../db/schema/power.ts'
import type { Pool } from '../../db/schema/pools.ts'
import type { Resource } from '../../db/schema/resources.ts'
import { requestCleanUp } from '../../engine/clean-ups/request.ts'
import type { DuplicateCheck } from '../../db/schema/duplicates.ts'
import { replaceDuplicateGroups, setDuplicateFigures } from '../../db/queries/duplicate-figures.ts'
import { deleteListing, insertListed, replaceListing } from '../../db/queries/duplicate-listings.ts'
import { insertDuplicateCheck, updateOpenCheck } from '../../db/queries/duplicates.ts'
import { createRule } from '../../engine/assignment/rules.ts'
import { createEnvironment } from '../../engine/environments/environment.ts'
import { createSchedule } from '../../engine/power/schedules.ts'
import { readTriggers } from '../../engine/power/trigger-lines.ts'
import { setPoolLimit } from '../../engine/pools/limits.ts'
import { addDays, dayOf, hourMs } from '../../engine/time.ts'
import type { World } from '../world.ts'

export type Company = {
  anna: Person
  pools: Record<string, Pool>
  accounts: Account[]
  resources: Resource[]
  environments: Environment[]
  imports: Import[]
  cleanUpId: string
  schedule: PowerSchedule
  duplicates: DuplicateCheck
  rule: Rule
}

const parts = [
  ['shop-db-prod', 'RDS Instance', 'AmazonRDS', 'Shop', 118],
  ['shop-web-1', 'Instance', 'AmazonEC2', 'Shop', 41],
  ['shop-web-2', 'Instance', 'AmazonEC2', 'Shop', 40],
  ['search-cluster', 'Instance', 'AmazonOpenSearch', 'Shop', 63],
  ['warehouse-etl', 'Instance', 'AmazonEC2', 'Data', 57],
  ['lake-raw', 'Bucket', 'AmazonS3', 'Data', 34],
  ['notebooks-gpu', 'Instance', 'AmazonSageMaker', 'Data', 71],
  ['old-volume-eu', 'Volume', 'AmazonEC2', 'Platform', 6],
  ['nat-gateway', 'IP Address', 'AmazonVPC', 'Platform', 19],
  ['ci-runner-7', 'Instance', 'AmazonEC2', 'CI', 22],
  ['', 'Snapshot', 'AmazonEC2', 'Platform', 3],
] as const

/** Fills the world. */
export async function company(w: World): Promise<Company> {
  const ctx = w.as()
  const anna = await w.person('Anna Ivanova')
  const pools: Record<string, Pool> = {}
  for (const name of ['Shop', 'Data', 'Platform'])
    pools[name] = await w.pool(name, { purpose: 'team', defaultOwnerId: anna.id })
  pools['CI'] = await w.pool('CI', { parentId: pools['Platform']!.id, purpose: 'cicd' })
  for (const [name, limit] of [
    ['Shop', 7000],
    ['Data', 3200],
    ['CI', 900],
    ['Platform', 1800],
  ] as const)
    await setPoolLimit(ctx, { poolId: pools[name]!.id, monthlyLimit: limit })
  const accounts = [
    await w.account('aws', { name: 'Production', health: 'ok', lastImportAt: w.clock.now() }),
    await w.account('focus', {
      name: 'Sandbox accounts',
      health: 'missing_permission',
      healthDetail: 's3:ListBucket is denied.',
    }),
  ]
  const resources: Resource[] = []
  for (const [name, type, service, pool, daily] of parts) {
    const at = {
      name,
      type,
      service,
      poolId: pools[pool]!.id,
      ownerId: pool === 'Data' ? anna.id : w.lea.id,
      tags: { team: pool.toLowerCase(), env: 'prod' },
    }
    const one = await w.resource(accounts[pool === 'CI' ? 1 : 0]!, at)
    resources.push(one)
    await w.spend(one, costs(dayOf(w.clock.now()), daily))
  }
  await findingsOf(w, { accounts, resources })
  const environments = []
  for (const [name, type] of [
    ['stage-1', 'Staging'],
    ['stage-2', 'Staging'],
    ['load-test', 'Load test'],
  ] as const)
    environments.push(
      await createEnvironment(ctx, {
        name,
        type,
        hourlyCost: '1.4',
        poolId: pools['Platform']!.id,
        properties: { version: '4.18.2', url: `https://${name}.example.com` },
      }),
    )
  await book(w, { anna, environments })
  const { id: cleanUpId } = await requestCleanUp(ctx, { recommendation: 'volumes_not_attached_for_a_long_time' })
  const triggers = readTriggers('on 08:00 mon-fri; off 20:00 mon-fri')
  const schedule = await createSchedule(ctx, { name: 'office hours', zone: 'Europe/Berlin', triggers })
  const rule = await createRule(ctx, {
    name: 'shop by tag',
    conditions: [{ kind: 'tag-is', key: 'team', value: 'shop' }],
    poolId: pools['Shop']!.id,
  })
  return {
    anna,
    pools,
    accounts,
    resources,
    environments,
    imports: await importsOf(w, accounts),
    schedule,
    cleanUpId,
    rule,
    duplicates: await duplicatesOf(w, resources),
  }
}

/** Sixty days of cost that breathe with the week. */
function costs(today: string, daily: number): Record<string, string> {
  const days = Array.from({ length: 60 }, (_, index) => addDays(today, -60 + index))
  return Object.fromEntries(
    days.map((day, index) => {
      const weekend = new Date(`${day}T00:00:00Z`).getUTCDay() % 6 === 0 ? 0.72 : 1
      return [day, (daily * weekend * (1 + index / 240 + Math.sin(index * 1.7 + daily) * 0.06)).toFixed(6)]
    }),
  )
}

async function findingsOf(
  w: World,
  { accounts, resources }: { accounts: Account[]; resources: Resource[] },
): Promise<void> {
  const now = w.clock.now()
  const row = (recommendation: string, name: string, saving: string, evidence: Record<string, unknown>) => {
    const one = resources.find((each) => each.name === name)!
    return {
      orgId: w.org.id,
      recommendation,
      accountId: accounts[0]!.id,
      resourceId: one.id,
      key: one.cloudResourceId,
      saving,
      evidence,
      detectedAt: new Date(now.getTime() - 9 * 24 * hourMs),
      checkedAt: now,
    }
  }
  await w.deps.db.insert(findings).values([
    row('volumes_not_attached_for_a_long_time', 'old-volume-eu', '184.2', {
      cost_in_detached_state: '61.4',
      last_seen_in_attached_state: 1761900000,
    }),
    row('obsolete_ips', 'nat-gateway', '57.1', { cost_not_active_ip: '19', last_seen_active: 0 }),
    row('abandoned_instances', 'ci-runner-7', '661.5', { cpu: 1.2, network: 800 }),
    row('rightsizing_instances', 'warehouse-etl', '402', {
      flavor: 'm5.4xlarge',
      recommended_flavor: 'm5.xlarge',
      cpu: 11.3,
    }),
  ])
  await w.deps.db
    .insert(archivedFindings)
    .values({ ...row('obsolete_ips', 'nat-gateway', '12', {}), reason: 'recommendation_applied', archivedAt: now })
  await w.deps.db.insert(checkSchedules).values({
    orgId: w.org.id,
    nextRunAt: new Date(now.getTime() + 2 * hourMs),
    lastStartedAt: now,
    lastCompletedAt: new Date(now.getTime() - hourMs),
  })
  await w.deps.db.insert(constraintHits).values({
    orgId: w.org.id,
    resourceId: resources[1]!.id,
    type: 'daily_expense_limit',
    limit: '30',
    value: '41.2',
    state: 'RED',
    at: now,
  })
}

async function book(w: World, { anna, environments }: { anna: Person; environments: Environment[] }): Promise<void> {
  const base = w.clock.now().getTime()
  const slot = (environment: number, person: Person, from: number, hours: number, reason: string) => {
    const [startsAt, endsAt] = [new Date(base + from * hourMs), new Date(base + (from + hours) * hourMs)]
    const state = from <= 0 ? (from + hours <= 0 ? ('expired' as const) : ('active' as const)) : ('booked' as const)
    return {
      orgId: w.org.id,
      environmentId: environments[environment]!.id,
      personId: person.id,
      startsAt,
      endsAt,
      plannedEndsAt: endsAt,
      reason,
      state,
    }
  }
  await w.deps.db
    .insert(bookings)
    .values([
      slot(0, anna, -2, 5, 'UAT of the new checkout'),
      slot(0, w.lea, 20, 4, 'demo for the board'),
      slot(1, w.lea, 26, 8, 'migration rehearsal'),
      slot(1, anna, 50, 20, 'soak test'),
      slot(2, anna, -24, 6, 'black friday load'),
    ])
}

async function importsOf(w: World, accounts: Account[]): Promise<Import[]> {
  const now = w.clock.now()
  const base = {
    orgId: w.org.id,
    accountId: accounts[0]!.id,
    source: 'upload' as const,
    createdAt: now,
    startedAt: now,
    bytesTotal: 214_000_000,
  }
  const made = await w.deps.db
    .insert(imports)
    .values([
      {
        ...base,
        title: 'production-2026-11.csv.gz',
        state: 'running',
        step: 'reading',
        bytesRead: 96_000_000,
        lines: 412_000,
        personId: w.lea.id,
      },
      {
        ...base,
        title: 'production-2026-10.parquet',
        state: 'completed',
        step: 'done',
        bytesRead: 214_000_000,
        lines: 1_204_331,
        quarantined: 2,
        billed: '14211.0412',
        effective: '13980.221',
        finishedAt: now,
        personId: w.lea.id,
        createdAt: new Date(now.getTime() - 30 * hourMs),
      },
      {
        ...base,
        title: 'broken.csv',
        state: 'failed',
        step: 'verifying',
        lines: 0,
        reason: 'broken.csv is cut off: the gzip trailer is missing.',
        finishedAt: now,
        createdAt: new Date(now.getTime() - 31 * hourMs),
        accountId: accounts[1]!.id,
      },
    ])
    .returning()
  await w.deps.db.insert(rejectedLines).values([
    {
      importId: made[1]!.id,
      file: 'production-2026-10.parquet',
      line: 88_121,
      reason: 'BilledCost is "n/a", not a number.',
      sample: '2026-10-04,AmazonEC2,<script>alert(1)</script>,n/a',
    },
    {
      importId: made[1]!.id,
      file: 'production-2026-10.parquet',
      line: 90_002,
      reason: 'ChargePeriodStart is empty.',
      sample: ',AmazonS3,lake-raw,0.12',
    },
  ])
  return made
}

/** A check of two buckets, ended well: one object lies in both, three are equal in the first. */
async function duplicatesOf(w: World, resources: Resource[]): Promise<DuplicateCheck> {
  const { db } = w.deps
  const now = w.clock.now()
  const lake = resources.find(({ type }) => type === 'Bucket')!
  const bucket = { id: lake.id, region: 'eu-west-1', accountId: lake.accountId, accountName: '' }
  const row = { orgId: w.org.id, personId: w.lea.id, buckets: 2, minBytes: 1, createdAt: now, updatedAt: now }
  const buckets = [
    { ...bucket, name: 'lake-raw' },
    { ...bucket, name: 'lake-<b>copy</b>', id: resources[0]!.id },
  ]
  const check = await insertDuplicateCheck(db, row, buckets)
  const { id } = check
  await w.database.sql`update duplicate_buckets set state = 'listed', bytes = 8e9, objects = 4 where check_id = ${id}`
  await replaceListing(db, id)
  const items = ['1\ta\t2000000000\tx', '1\ta\t2000000000\ty', '1\ta\t2000000000\tz', '1\tb\t7\tq', '2\tb\t7\tq']
  await insertListed(db, id, items.map((line) => `${line}\n`).join(''))
  await db.transaction(async (tx) => {
    await replaceDuplicateGroups(tx, id)
    await setDuplicateFigures(tx, { checkId: id, orgId: w.org.id, costDay: '2026-11-20' })
  })
  await deleteListing(db, id)
  await updateOpenCheck(db, { id, set: { state: 'success', startedAt: now, finishedAt: now, saving: '41.5' } })
  return check
}
