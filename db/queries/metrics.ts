/** Monitoring points of 900 s; `at` is the end of its interval, so a window (from, to] holds exactly the intervals inside it. */
import { sql } from 'drizzle-orm'
import { rawSql, type Db } from '../client.ts'
import type { MetricPointRow } from '../schema/metrics.ts'
import type { MetricName } from '../vocabulary.ts'

/** Stores points and marks their resources; a point that is there already stays. Returns how many were new. */
export async function insertMetricPoints(db: Db, points: MetricPointRow[]): Promise<number> {
  if (points.length === 0) return 0
  const client = rawSql(db)
  const column = <T>(read: (point: MetricPointRow) => T) => points.map(read)
  const times = column((p) => p.at.toISOString())
  await client`select ensure_months('metric_points', min(at)::date, max(at)::date)
    from unnest(${times}::text[]::timestamptz[]) as t (at)`
  const made = await client`
    with made as (
      insert into metric_points (org_id, account_id, resource_id, metric, at, value)
      select * from unnest(${column((p) => p.orgId)}::uuid[], ${column((p) => p.accountId)}::uuid[],
        ${column((p) => p.resourceId)}::uuid[], ${column((p) => p.metric)}::text[], ${times}::text[]::timestamptz[],
        ${column((p) => p.value)}::float8[])
      on conflict do nothing returning resource_id
    ), marked as (
      update resources set has_metrics = true where id in (select resource_id from made) and not has_metrics
    ) select count(*)::int as count from made`
  return made[0]!.count as number
}

export type MeasuredResource = {
  id: string
  type: string
  cloudResourceId: string
  region: string
  firstSeenAt: Date
  lastSeenAt: Date
  lastNotStoppedAt: Date | null
  newestAt: Date | null
}

/** Active resources of the account that have monitoring, with the newest stored point (null = none yet), by region. */
export async function listMeasuredResources(
  db: Db,
  where: { orgId: string; accountId: string; types: readonly string[] },
): Promise<MeasuredResource[]> {
  const rows = await db.execute<{
    id: string
    type: string
    cloud_resource_id: string
    region: string
    first_seen_at: string
    last_seen_at: string
    last_not_stopped_at: string | null
    newest_at: string | null
  }>(sql`
    select r.id, r.type, r.cloud_resource_id, r.region, r.first_seen_at, r.last_seen_at, r.last_not_stopped_at,
      newest.at as newest_at
    from resources r
    left join lateral (
      select max(last.at) as at
      from unnest(case r.type when 'Bucket' then array['bucket_size', 'bucket_objects']
        when 'Kinesis Stream' then array['incoming_records', 'outgoing_records'] else array['cpu'] end) as m (metric)
      cross join lateral (
        select p.at from metric_points p where p.resource_id = r.id and p.metric = m.metric order by p.at desc limit 1
      ) last
    ) newest on true
    where r.org_id = ${where.orgId} and r.account_id = ${where.accountId} and r.active
      and r.type = any(${sql.param([...where.types])}::text[])
    order by r.region, newest.at nulls first, r.cloud_resource_id`)
  return [...rows].map((row) => ({
    id: row.id,
    type: row.type,
    cloudResourceId: row.cloud_resource_id,
    region: row.region,
    firstSeenAt: new Date(row.first_seen_at),
    lastSeenAt: new Date(row.last_seen_at),
    lastNotStoppedAt: row.last_not_stopped_at === null ? null : new Date(row.last_not_stopped_at),
    newestAt: row.newest_at === null ? null : new Date(row.newest_at),
  }))
}

/** Points of one resource in (from, to], oldest first, averaged over steps of `stepSeconds` (900 and more); `at` is the end of the step. */
export async function listMetricPoints(
  db: Db,
  where: {
    orgId: string
    resourceId: string
    /** All without. */
    metrics?: readonly MetricName[]
    from: Date
    to: Date
    stepSeconds?: number
  },
): Promise<{ metric: MetricName; at: Date; value: number }[]> {
  const { orgId, resourceId, metrics, from, to, stepSeconds = 900 } = where
  const rows = await db.execute<{ metric: MetricName; at: string; value: number }>(sql`
    select p.metric, date_bin(make_interval(secs => ${stepSeconds}), p.at - interval '1 second', 'epoch')
      + make_interval(secs => ${stepSeconds}) as at, avg(p.value) as value
    from metric_points p
    where p.org_id = ${orgId} and p.resource_id = ${resourceId}
      and p.at > ${from.toISOString()}::timestamptz and p.at <= ${to.toISOString()}::timestamptz
      ${metrics ? sql`and p.metric = any(${sql.param([...metrics])}::text[])` : sql``}
    group by 1, 2 order by 1, 2`)
  return [...rows].map((row) => ({ ...row, at: new Date(row.at) }))
}

/** Drops the months of points that ended before `at`; a month is one partition, so nothing is deleted row by row. */
export async function deleteMetricMonthsBefore(db: Db, at: Date): Promise<void> {
  const old = `metric_points_${at.toISOString().slice(0, 7).replace('-', '')}`
  const months = await db.execute<{ name: string }>(sql`select c.relname as name from pg_inherits i
    join pg_class c on c.oid = i.inhrelid where i.inhparent = 'metric_points'::regclass and c.relname < ${old}`)
  for (const { name } of months) await db.execute(sql`drop table ${sql.identifier(name)}`)
}
