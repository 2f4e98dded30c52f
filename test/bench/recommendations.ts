/**
 * Goal 14: six recommendations over many resources, through our engine as a check runs them (what all save before, options,
 * inputs, find, compare with what is stored, write the difference, how it went) against the sum of six statements written
 * by hand that store their result in a plain table. Both must find the same resources with the same saving. Ours is
 * measured as it runs every three hours: little or nothing changed. A check of all of them: `full-check.ts`.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PgBoss } from 'pg-boss'
import pino from 'pino'
import { connect, type Database } from '../../db/client.ts'
import { startEmbedded } from '../../db/embedded.ts'
import { ensureDatabase, migrateDatabase } from '../../db/migrate.ts'
import { insertOrganization } from '../../db/queries/organizations.ts'
import { sealer } from '../../db/secrets.ts'
import { contextFor, jobActor, type Context } from '../../engine/context.ts'
import { recommendations } from '../../engine/recommendations/catalog.ts'
import { checkAccounts, type Checked } from '../../engine/recommendations/check-accounts.ts'
import { totalSaving } from '../../engine/recommendations/summary.ts'
import { createBoss, createQueues } from '../../engine/worker.ts'
import type { Bench } from './harness.ts'

const now = new Date('2026-11-23T10:00:00Z')

/** The recommendations that have a statement by hand. */
const byHandToo = [
  ...['abandoned_instances', 'instances_for_shutdown', 'instances_in_stopped_state_for_a_long_time'],
  ...['obsolete_ips', 'rightsizing_instances', 'volumes_not_attached_for_a_long_time'],
]
const six = recommendations.filter(({ id }) => byHandToo.includes(id))

export const bench: Bench = {
  name: 'recommendations',
  async open({ quick }) {
    const size = quick ? 20_000 : 1_000_000
    const w = await recommendationsWorld(size)
    return {
      unit: 's',
      contenders: [
        { name: 'check of six modules', run: w.ours },
        { name: 'six statements by hand', run: w.peer },
      ],
      gates: [
        {
          goal: '14 check ÷ statements by hand',
          value: (best) => best('check of six modules') / best('six statements by hand'),
          atMost: 1.5,
        },
      ],
      async compare() {
        const { seconds, checked } = w.first
        return `${size} resources, ${await w.compare()} findings; first check ${seconds.toFixed(1)} s, ${checked.added} findings`
      },
      close: w.close,
    }
  },
}

type RecommendationsWorld = {
  database: Database
  /** The first check, which writes every finding. */
  first: { seconds: number; checked: Checked }
  ours: () => Promise<number>
  peer: () => Promise<number>
  /** Compares what both found; throws when they differ. Returns the number of findings. */
  compare: () => Promise<number>
  close: () => Promise<void>
}

/** A database with `size` resources (a fifth monitored instances), their costs of 8 days and 7 points of each metric, checked once. */
async function recommendationsWorld(size: number): Promise<RecommendationsWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'finops-recommendations-'))
  const server = await startEmbedded(folder, ['shared_buffers=512MB', 'work_mem=64MB', 'max_wal_size=4GB'])
  const url = await ensureDatabase(server.url, 'recommendations')
  await migrateDatabase(url)
  const boss = createBoss(url)
  await boss.start()
  await createQueues(boss)
  const database = connect(url, { max: 4, statementTimeoutMs: 1_200_000 })
  const { id: orgId } = await insertOrganization(database.db, { name: 'Bench' })
  await furnish(database, orgId, size)
  await knowEverything(database, orgId)
  const ctx = context(database, boss, orgId)
  const check = async () => {
    const began = performance.now()
    await totalSaving(ctx)
    const checked = await checkAccounts(ctx, { ones: six, now })
    if (checked.failed) throw new Error(`The check failed: ${JSON.stringify(checked)}`)
    return { seconds: (performance.now() - began) / 1000, checked }
  }
  const first = await check()
  await database.sql`vacuum analyze findings`
  return {
    ...{ database, first },
    ours: async () => (await check()).seconds,
    peer: () => byHand(database),
    compare: () => compare(database),
    close: async () => {
      await boss.stop({ graceful: false })
      await database.close()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function context(database: Database, boss: PgBoss, orgId: string): Context {
  const deps = {
    ...{
      db: database.db,
      boss,
      now: () => now,
      secrets: sealer('a master key for the bench'),
      log: pino({ level: 'warn' }),
    },
    outside: { clouds: {}, readBill: () => Promise.reject(new Error('no bills here')), calendar: null },
    ...{ spool: tmpdir(), publicUrl: 'http://localhost' },
  }
  return contextFor(deps, orgId, jobActor('bench'))
}

/** Half AWS, half Azure. Of ten resources four are instances (two of them monitored), four volumes, one an address, one a snapshot. */
async function furnish({ sql }: Database, orgId: string, size: number): Promise<void> {
  await sql`insert into pools (org_id, name) values (${orgId}, 'Bench')`
  await sql`insert into accounts (org_id, name, cloud, cloud_account_id)
    select ${orgId}, cloud, cloud, cloud from unnest(array['aws', 'azure']) cloud`
  await sql`select ensure_months('expenses', '2026-11-01', '2026-11-30')`
  await sql`select ensure_months('metric_points', '2026-11-01', '2026-11-30')`
  await sql`
    insert into resources (org_id, account_id, cloud_resource_id, name, type, service, region, pool_id, active, facts,
      first_seen_at, last_seen_at, attached, last_attached_at, available, last_used_at, stopped_allocated, last_not_stopped_at, has_metrics)
    select ${orgId}, a.id, 'r-' || n, 'r-' || n, case when n % 10 < 4 then 'Instance' when n % 10 < 8 then 'Volume'
        when n % 10 = 8 then 'IP Address' else 'Snapshot' end,
      'compute', 'eu-west-1', p.id, n % 50 <> 7, jsonb_build_object('flavor', (array['m5.large', 'm5.xlarge', 'm5.2xlarge'])[1 + n % 3]),
      ${now.toISOString()}::timestamptz - interval '60 days', ${now.toISOString()},
      n % 7 <> 0, ${now.toISOString()}::timestamptz - make_interval(days => n % 6),
      n % 3 = 0, ${now.toISOString()}::timestamptz - make_interval(days => n % 13),
      n % 11 = 0, ${now.toISOString()}::timestamptz - make_interval(days => n % 4), n % 10 < 2
    from generate_series(1, ${size}::int) n
    join accounts a on a.cloud = case when n % 2 = 0 then 'aws' else 'azure' end, pools p`
  await sql`
    insert into expenses (org_id, account_id, period, day, resource_id, service, region, category, billed, effective, list, contracted, lines)
    select r.org_id, r.account_id, '2026-11-01', d::date, r.id, r.service, r.region, 'Usage', c.cost, c.cost, c.cost, c.cost, 1
    from resources r, generate_series('2026-11-15'::date, '2026-11-22', '1 day') d,
      lateral (select round((1 + substr(r.cloud_resource_id, 3)::int % 97)::numeric / 10, 2) as cost) c`
  await sql`
    insert into metric_points (org_id, account_id, resource_id, metric, at, value)
    select r.org_id, r.account_id, r.id, m, ${now.toISOString()}::timestamptz - make_interval(days => day),
      case when substr(r.cloud_resource_id, 3)::int % 5 = 0 then 1 else 30 end * case when m = 'cpu' then 1 else 100 end
    from resources r, unnest(array['cpu', 'network_in_io', 'network_out_io']) m, generate_series(0, 6) day
    where r.has_metrics`
  await sql`
    insert into machine_types (cloud, region, name, family, cpus, memory_gib, hourly_price, seen_at)
    select cloud, 'eu-west-1', name, 'm5', cpus, cpus * 4, cpus * 0.0535, ${now.toISOString()}
    from unnest(array['aws', 'azure']) cloud, (values ('m5.large', 2), ('m5.xlarge', 4), ('m5.2xlarge', 8)) t (name, cpus)`
  await sql`vacuum analyze`
}

/** Nothing is missing that a recommendation asks for before it judges; the accounts hold nothing of it. */
async function knowEverything({ sql }: Database, orgId: string): Promise<void> {
  await sql`insert into discoveries (org_id, account_id, resource_type, region, last_discovery_at)
    select ${orgId}, a.id, t, 'eu-west-1', ${now.toISOString()} from accounts a,
      unnest(array['Instance', 'Snapshot', 'Bucket', 'IP Address', 'RDS Instance', 'image', 'user', 'security_group']) t`
  await sql`select ensure_months('usage', '2026-11-01', '2026-11-30')`
  await sql`
    insert into usage (org_id, account_id, period, day, resource_id, kind, item, usage_type, operation, flavor, region, term, unit,
      quantity, billed, effective, list, rate, starts_at, ends_at, lines)
    select distinct on (r.account_id) r.org_id, r.account_id, date '2026-11-01', date '2026-11-15', r.id, 'compute', 'Usage', 'BoxUsage',
      'RunInstances', 'm5.large', r.region, 'OnDemand', 'Hrs', 1, 1, 1, 1, 0.1, timestamptz '2026-11-15', timestamptz '2026-11-15 01:00Z', 1
    from resources r where r.type = 'Instance' order by r.account_id, r.id`
  await sql`
    insert into machine_types (cloud, region, name, os, family, cpus, memory_gib, hourly_price, seen_at)
    values ('aws', 'eu-west-1', 'db.m5.large', 'MySQL', 'db.m5', 2, 8, 0.2, ${now.toISOString()})`
  await sql`
    insert into commitment_offers (cloud, region, kind, offering_id, flavor, family, class, payment, term_seconds, upfront, hourly, seen_at)
    values ('aws', 'eu-west-1', 'ri', 'r', 'm5.large', 'm5', 'standard', 'No Upfront', 31536000, 0, 0.07, ${now.toISOString()})`
  await sql`update accounts set last_import_at = ${now.toISOString()}, last_metrics_at = ${now.toISOString()}`
}

/** Six statements as a careful person would write them for exactly this database: set-based, one pass each, no engine around. */
async function byHand({ sql }: Database): Promise<number> {
  await sql`create unlogged table if not exists by_hand (recommendation text, resource_id uuid, saving numeric)`
  await sql`truncate by_hand`
  const at = sql`${now.toISOString()}::timestamptz`
  const today = sql`date '2026-11-23'`
  const began = performance.now()
  const stuck = [
    {
      id: 'volumes_not_attached_for_a_long_time',
      type: 'Volume',
      days: 1,
      bad: sql`not r.attached`,
      good: sql`r.last_attached_at`,
      clouds: ['aws', 'azure'],
    },
    {
      id: 'obsolete_ips',
      type: 'IP Address',
      days: 7,
      bad: sql`r.available`,
      good: sql`r.last_used_at`,
      clouds: ['aws', 'azure'],
    },
    {
      id: 'instances_in_stopped_state_for_a_long_time',
      type: 'Instance',
      days: 1,
      bad: sql`r.stopped_allocated`,
      good: sql`r.last_not_stopped_at`,
      clouds: ['azure'],
    },
  ]
  for (const { id, type, days, bad, good, clouds } of stuck)
    await sql`
      insert into by_hand
      select ${id}, r.id, sum(e.effective) / count(*) * 30
      from resources r join accounts a on a.id = r.account_id join expenses e on e.resource_id = r.id
      where r.active and r.type = ${type} and a.cloud = any(${clouds}) and ${bad} and ${good} < ${at} - make_interval(days => ${days}::int)
        and e.day >= greatest(${good}::date, ${today} - 31)
      group by r.id having sum(e.effective) > 0`
  const costs = (days: number) => sql`(select resource_id, sum(effective) / (${today} - min(day)) as daily from expenses
    where day >= ${today} - ${days}::int and day < ${today} and effective <> 0 group by resource_id)`
  await sql`
    insert into by_hand
    select 'abandoned_instances', r.id, c.daily * 30
    from resources r
    join (select resource_id, avg(value) filter (where metric = 'cpu') as cpu,
      avg(value) filter (where metric = 'network_in_io') + avg(value) filter (where metric = 'network_out_io') as network
      from metric_points where at > ${at} - interval '7 days' and at <= ${at} group by resource_id) m on m.resource_id = r.id
    join ${costs(7)} c on c.resource_id = r.id
    where r.active and r.type = 'Instance' and r.first_seen_at < ${at} - interval '7 days' and m.cpu < 5 and m.network < 1000`
  await sql`
    insert into by_hand
    select 'instances_for_shutdown', r.id, c.daily / 24 * q.hours / 7 * 30
    from resources r
    join (select resource_id, count(*) as hours from (
        select resource_id, extract(isodow from at - interval '450 seconds') as day, extract(hour from at - interval '450 seconds') as hour
        from metric_points where at > ${today} - 14 and at <= ${today}
        group by 1, 2, 3
        having avg(value) filter (where metric = 'cpu') < 5
          and avg(value) filter (where metric = 'network_in_io') + avg(value) filter (where metric = 'network_out_io') < 1000
      ) quiet group by resource_id) q on q.resource_id = r.id
    join ${costs(14)} c on c.resource_id = r.id
    where r.active and r.type = 'Instance' and r.first_seen_at < ${today} - 14`
  await sql`
    insert into by_hand
    select 'rightsizing_instances', r.id, round(least(a.daily * 30, t.hourly_price * 720) * (1 - s.hourly_price / t.hourly_price), 2)
    from resources r
    join accounts on accounts.id = r.account_id
    join (select resource_id, avg(value) as cpu from metric_points
      where metric = 'cpu' and at > ${at} - interval '3 days' and at <= ${at} group by resource_id) m on m.resource_id = r.id
    join machine_types t on t.cloud = accounts.cloud and t.region = r.region and t.name = r.facts->>'flavor'
    join lateral (select hourly_price from machine_types x where x.cloud = t.cloud and x.region = t.region and x.family = t.family
      and x.cpus >= ceil(t.cpus / 80.0 * m.cpu) order by x.cpus limit 1) s on s.hourly_price < t.hourly_price
    join ${costs(30)} a on a.resource_id = r.id
    where r.active and r.type = 'Instance' and not r.spot and r.first_seen_at < ${at} - interval '3 days'`
  return (performance.now() - began) / 1000
}

async function compare({ sql }: Database): Promise<number> {
  const rows = await sql`
    select coalesce(f.recommendation, h.recommendation) as recommendation, count(*)::int as count,
      count(*) filter (where abs(f.saving - h.saving) <= 0.000001)::int as equal
    from findings f full join by_hand h on h.recommendation = f.recommendation and h.resource_id = f.resource_id
    group by 1 order by 1`
  const different = rows.filter((row) => row['count'] !== row['equal'])
  if (rows.length < 6 || different.length)
    throw new Error(`The engine and the statements by hand disagree: ${JSON.stringify(rows)}`)
  return rows.reduce((sum, row) => sum + Number(row['count']), 0)
}
