/**
 * The world of the full check: an account of any number of resources with thirty days of cost, usage and measurements.
 * The large tables are filled month by month on two connections while their indexes are away; they come back afterwards.
 */
import type postgres from 'postgres'
import type { Database } from '../../db/client.ts'

export const now = new Date('2026-11-23T10:00:00Z')
const at = now.toISOString()
export const tables = ['resources', 'expenses', 'usage', 'metric_points', 'inventory']

/**
 * Of a hundred resources: 35 instances (20 monitored), 30 volumes, 10 snapshots, 10 addresses, 5 buckets, 5 databases, 5
 * streams. One in fifty is gone, and of these one in ten lived for two days only.
 */
const kindOf = `case when n % 100 < 35 then 'Instance' when n % 100 < 65 then 'Volume' when n % 100 < 75 then 'Snapshot'
  when n % 100 < 85 then 'IP Address' when n % 100 < 90 then 'Bucket' when n % 100 < 95 then 'RDS Instance' else 'Kinesis Stream' end`

/** What a resource costs a day. */
const costOf = `lateral (select round((1 + substr(r.cloud_resource_id, 3)::int % 97)::numeric / 10, 2) as cost)`

/** The part of the thirty days that lies in each month: first and last day. */
const months = [
  { month: '202610', from: '2026-10-24', to: '2026-10-31' },
  { month: '202611', from: '2026-11-01', to: '2026-11-22' },
]

type Sql = postgres.TransactionSql

export async function furnish({ sql }: Database, { orgId, size }: { orgId: string; size: number }): Promise<void> {
  await sql`insert into pools (org_id, name) values (${orgId}, 'Bench')`
  await sql`insert into accounts (org_id, name, cloud, cloud_account_id, last_import_at, last_metrics_at)
    values (${orgId}, 'aws', 'aws', '1', ${at}, ${at})`
  await sql`
    insert into resources (org_id, account_id, cloud_resource_id, name, type, service, region, pool_id, active, facts,
      first_seen_at, last_seen_at, attached, last_attached_at, available, last_used_at, has_metrics)
    select ${orgId}, a.id, 'r-' || n, 'r-' || n, ${sql.unsafe(kindOf)}, 'compute', (array['eu-west-1', 'eu-north-1'])[1 + n % 2], p.id,
      n % 50 <> 7, jsonb_build_object('flavor', case when n % 100 between 90 and 94 then 'db.m5.xlarge'
          else (array['m4.large', 'm5.xlarge', 'm5.2xlarge'])[1 + n % 3] end,
        'volumeId', 'r-' || n + 40, 'imageId', 'ami-' || n % 5000, 'engine', 'mysql', 'isPublicAcls', n % 500 = 89,
        'securityGroups', jsonb_build_array(jsonb_build_object('id', 'sg-' || n % 1000))),
      ${at}::timestamptz - make_interval(days => case when n % 500 = 7 then 2 else 120 end), ${at}, n % 7 <> 0, ${at}::timestamptz - make_interval(days => n % 6),
      n % 3 = 0, ${at}::timestamptz - make_interval(days => n % 13),
      n % 100 < 20 or n % 100 between 90 and 94
    from generate_series(1, ${size}::int) n, accounts a, pools p`
  await know({ sql }, orgId)
  await sql`analyze resources`
  await fillMonths({ sql })
  await sql`vacuum analyze`
}

/** The three tables of months: indexes off, every partition filled beside its neighbour, indexes on. */
async function fillMonths({ sql }: Pick<Database, 'sql'>): Promise<void> {
  const fills = { expenses: spent, usage: used, metric_points: measured }
  const back: string[] = []
  for (const table of Object.keys(fills)) {
    await sql`select ensure_months(${table}, '2026-10-01', '2026-11-30')`
    back.push(...(await takeIndexes({ sql }, table)))
  }
  await byTurns(
    Object.entries(fills).flatMap(([table, fill]) =>
      months.map(
        (span) => () =>
          sql.begin(async (tx) => {
            // Truncated here, so a server at wal_level=minimal writes no log of what follows.
            await tx`truncate ${tx(`${table}_${span.month}`)}`
            await fill(tx, span)
          }),
      ),
    ),
  )
  await byTurns(
    back.map(
      (statement) => () =>
        sql.begin(async (tx) => {
          await tx`set local maintenance_work_mem = '1500MB'`
          await tx.unsafe(statement)
        }),
    ),
  )
}

/** Does the jobs in order, two at a time. */
async function byTurns(jobs: (() => Promise<unknown>)[]): Promise<void> {
  const left = [...jobs]
  const worker = async () => {
    for (let job = left.shift(); job; job = left.shift()) await job()
  }
  await Promise.all([worker(), worker()])
}

/** Drops the indexes of a table; returns what makes them again. */
async function takeIndexes({ sql }: Pick<Database, 'sql'>, table: string): Promise<string[]> {
  const found = await sql<{ name: string; index: string; key: string | null }[]>`
    select i.indexrelid::regclass::text as name, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') as index,
      pg_get_constraintdef(c.oid) as key
    from pg_index i left join pg_constraint c on c.conindid = i.indexrelid where i.indrelid = ${table}::regclass`
  for (const { name, key } of found)
    await (key ? sql`alter table ${sql(table)} drop constraint ${sql(name)}` : sql`drop index ${sql(name)}`)
  return found.map(({ name, index, key }) => (key ? `alter table ${table} add constraint ${name} ${key}` : index))
}

const spent = (tx: Sql, { from, to }: { from: string; to: string }) => tx`
  insert into expenses (org_id, account_id, period, day, resource_id, service, region, category, billed, effective, list, contracted, lines)
  select r.org_id, r.account_id, date_trunc('month', d)::date, d::date, r.id, r.service, r.region, 'Usage', c.cost, c.cost, c.cost, c.cost, 1
  from resources r, generate_series(${from}::date, ${to}, '1 day') d, ${tx.unsafe(costOf)} c
  where d >= r.first_seen_at::date`

const used = (tx: Sql, { from, to }: { from: string; to: string }) => tx`
  insert into usage (org_id, account_id, period, day, resource_id, kind, item, usage_type, operation, flavor, region, term, unit,
    quantity, billed, effective, list, rate, starts_at, ends_at, lines)
  select r.org_id, r.account_id, date_trunc('month', d)::date, d::date, r.id, k.kind, 'Usage', k.usage_type, k.operation,
    r.facts->>'flavor', r.region, 'OnDemand', k.unit,
    case when not r.active then 1 when k.type = 'Bucket' and r.available then 0.001 else 24 end, c.cost, c.cost, c.cost, 0.1, d, d + interval '1 day', 24
  from resources r
  join (values ('Instance', 'compute', 'BoxUsage', 'RunInstances', 'Hrs'), ('Bucket', 'storage', 'TimedStorage-ByteHrs', '', 'GB-Mo'),
    ('Bucket', 'requests', 'Requests-Tier1', 'PutObject', 'Requests'), ('Kinesis Stream', 'stream', 'Storage-ShardHour', 'shardHourStorage', 'ShardHour'))
    k (type, kind, usage_type, operation, unit) on k.type = r.type
  cross join generate_series(${from}::date, ${to}, '1 day') d
  cross join ${tx.unsafe(costOf)} c
  where d >= r.first_seen_at::date`

/** A point a day of three metrics for fourteen days, all of them in November. */
const measured = (tx: Sql, { month }: { month: string }) => tx`
  insert into metric_points (org_id, account_id, resource_id, metric, at, value)
  select r.org_id, r.account_id, r.id, m, ${at}::timestamptz - make_interval(days => day),
    case when substr(r.cloud_resource_id, 3)::int % 5 = 0 then 1 else 30 end * case when m = 'cpu' then 1 else 100 end
  from resources r, unnest(array['cpu', 'network_in_io', 'network_out_io']) m, generate_series(0, 13) day
  where r.has_metrics and ${month} = '202611'`

/** Images, users, groups, prices, offers and regions, and that all of it was discovered. */
async function know({ sql }: Pick<Database, 'sql'>, orgId: string): Promise<void> {
  await sql`
    insert into inventory (org_id, account_id, kind, cloud_id, name, region, facts, cloud_created_at, first_seen_at, last_seen_at)
    select ${orgId}, a.id, k, case k when 'image' then 'ami-' when 'user' then 'AIDA' else 'sg-' end || n, k || n, 'eu-west-1',
      case k when 'image' then jsonb_build_object('snapshotIds', jsonb_build_array('r-' || n * 100 + 66))
        when 'user' then jsonb_build_object('hasConsole', n % 2 = 0, 'passwordLastUsedAt', null, 'keys', jsonb_build_array(
          jsonb_build_object('id', n, 'active', n % 3 = 0, 'lastUsedAt', extract(epoch from ${at}::timestamptz))))
        else jsonb_build_object('rules', jsonb_build_array(jsonb_build_object('protocol', 'tcp', 'from', 22, 'to', 22,
          'cidrs', jsonb_build_array(case when n % 10 = 0 then '0.0.0.0/0' else '10.0.0.0/8' end)))) end,
      ${at}::timestamptz - interval '200 days', ${at}::timestamptz - interval '200 days', ${at}
    from accounts a, unnest(array['image', 'user', 'security_group']) k, generate_series(0, 9999) n`
  await sql`insert into discoveries (org_id, account_id, resource_type, region, last_discovery_at)
    select ${orgId}, a.id, t, 'eu-west-1', ${at} from accounts a,
      unnest(array['Instance', 'Snapshot', 'Bucket', 'RDS Instance', 'Kinesis Stream', 'image', 'user', 'security_group']) t`
  await sql`
    insert into machine_types (cloud, region, name, os, family, series, generation, current_generation, cpus, memory_gib, hourly_price, seen_at)
    select 'aws', region, name, os, family, 'm', generation, generation > 4, cpus, cpus * 4,
      cpus * price * case when region = 'eu-north-1' then 0.95 else 1 end, ${at}
    from unnest(array['eu-west-1', 'eu-north-1']) region, (values ('m4.large', 'Linux', 'm4', 4, 2, 0.0555), ('m5.large', 'Linux', 'm5', 5, 2, 0.0535),
      ('m5.xlarge', 'Linux', 'm5', 5, 4, 0.0535), ('m5.2xlarge', 'Linux', 'm5', 5, 8, 0.0535), ('db.m5.large', 'MySQL', 'db.m5', 5, 2, 0.1),
      ('db.m5.xlarge', 'MySQL', 'db.m5', 5, 4, 0.1))
      t (name, os, family, generation, cpus, price)`
  await sql`
    insert into commitment_offers (cloud, region, kind, offering_id, flavor, family, class, payment, term_seconds, upfront, hourly, seen_at)
    select 'aws', m.region, 'ri', m.name || k.class, m.name, m.family, k.class, k.payment, 31536000,
      case k.class when 'standard' then m.hourly_price * 8760 * 0.6 else 0 end, case k.class when 'standard' then 0 else m.hourly_price * 0.7 end, ${at}
    from machine_types m, (values ('standard', 'All Upfront'), ('convertible', 'No Upfront')) k (class, payment) where m.os = 'Linux'`
  await sql`insert into cloud_regions (cloud, region, name, continent, partition)
    select 'aws', r, r, 'Europe', 'aws' from unnest(array['eu-west-1', 'eu-north-1']) r`
}
