/** Findings as people read them. A finding has one status; excluded beats dismissed beats snoozed. */
import { and, eq, sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client.ts'
import {
  checkResults,
  checkSchedules,
  findings,
  type CheckResult,
  type CheckSchedule,
  type Finding,
} from '../schema/recommendations.ts'
import type { Cloud } from '../vocabulary.ts'

export const findingStatuses = ['active', 'snoozed', 'dismissed', 'excluded'] as const
export type FindingStatus = (typeof findingStatuses)[number]

const status = (
  now: Date,
): SQL => sql`case when f.is_excluded then 'excluded' when d.resource_id is not null then 'dismissed'
  when f.snoozed_until > ${now.toISOString()}::timestamptz then 'snoozed' else 'active' end`
const withDismissal = sql`findings f left join dismissals d
  on d.resource_id = f.resource_id and d.recommendation = f.recommendation`

/** A finding with its resource, account, pool and owner, flat. */
export type FindingRow = Finding & {
  status: FindingStatus
  dismissReason: string | null
  resourceName: string | null
  cloudResourceId: string | null
  resourceType: string | null
  region: string | null
  /** The zone inside the region, where the cloud names one. */
  zoneId: string | null
  accountName: string
  cloud: Cloud
  cloudAccountId: string
  poolId: string | null
  poolName: string | null
  ownerId: string | null
  ownerName: string | null
}

export type FindingFilter = {
  orgId: string
  now: Date
  ids?: string[]
  /** All but these. */
  without?: string[]
  recommendation?: string
  resourceId?: string
  accountId?: string
  /** This pool and everything below it. */
  poolId?: string
  ownerId?: string
  status?: FindingStatus
  /** Only savings above this amount per 30 days. */
  over?: string
  /** A page begins after this finding of the same order. */
  after?: string
  limit?: number
}

/** Findings, the biggest saving first, then the newest; at most `limit` (100). */
export async function listFindings(db: Db, where: FindingFilter): Promise<FindingRow[]> {
  const order = sql`coalesce(f.saving, 0)`
  const rows = await db.execute(sql`
    select f.*, ${status(where.now)} as status, d.reason as dismiss_reason,
      coalesce(nullif(r.name, ''), r.cloud_resource_id, nullif(f.evidence->>'name', ''), f.key) as resource_name,
      coalesce(r.cloud_resource_id, f.evidence->>'cloud_resource_id', f.key) as cloud_resource_id, r.type as resource_type,
      coalesce(r.region, f.evidence->>'region') as region, coalesce(r.facts->>'zone_id', r.facts->>'zone') as zone_id,
      a.name as account_name, a.cloud, a.cloud_account_id, r.pool_id, p.name as pool_name, r.owner_id, o.name as owner_name
    from ${withDismissal}
    join accounts a on a.id = f.account_id
    left join resources r on r.id = f.resource_id
    left join pools p on p.id = r.pool_id
    left join people o on o.id = r.owner_id
    where ${conditions(where)}
      ${where.after ? sql`and (${order}, f.detected_at, f.id) < (select coalesce(saving, 0), detected_at, id from findings where id = ${where.after})` : sql``}
    order by ${order} desc, f.detected_at desc, f.id desc
    limit ${where.limit ?? 100}`)
  return [...rows].map(asFinding)
}

function conditions({ orgId, now, ...where }: FindingFilter): SQL {
  const tests = [
    sql`f.org_id = ${orgId}`,
    where.ids && sql`f.id = any(${sql.param(where.ids)}::uuid[])`,
    where.without?.length && sql`not f.id = any(${sql.param(where.without)}::uuid[])`,
    where.recommendation && sql`f.recommendation = ${where.recommendation}`,
    where.resourceId && sql`f.resource_id = ${where.resourceId}`,
    where.accountId && sql`f.account_id = ${where.accountId}`,
    where.poolId && sql`r.pool_id in (select pool_id from pool_ancestors where ancestor_id = ${where.poolId})`,
    where.ownerId && sql`r.owner_id = ${where.ownerId}`,
    where.status && sql`${status(now)} = ${where.status}`,
    where.over && sql`f.saving > ${where.over}::numeric`,
  ].filter((test) => typeof test === 'object')
  return sql.join(tests, sql` and `)
}

const camel = (name: string) => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
const instants = ['detectedAt', 'checkedAt', 'snoozedUntil']

/** Guarantee: the columns are those selected by `listFindings`; instants come as text and become dates. */
function asFinding(row: Record<string, unknown>): FindingRow {
  const entries = Object.entries(row).map(([name, value]) => {
    const key = camel(name)
    return [key, instants.includes(key) && value !== null ? new Date(value as string) : value]
  })
  return Object.fromEntries(entries)
}

/** A finding as lists show it, or null. */
export async function findFinding(db: Db, where: { orgId: string; id: string; now: Date }): Promise<FindingRow | null> {
  const [row] = await listFindings(db, { orgId: where.orgId, now: where.now, ids: [where.id], limit: 1 })
  return row ?? null
}

export type FindingCount = {
  recommendation: string
  status: FindingStatus
  count: number
  saving: string | null
  clouds: Cloud[]
}

/** How many findings, how much saving and in which clouds, by recommendation and status. */
export async function sumFindings(db: Db, where: FindingFilter): Promise<FindingCount[]> {
  const rows = await db.execute<FindingCount>(sql`
    select f.recommendation, ${status(where.now)} as status, count(*)::int as count, trim_scale(sum(f.saving)) as saving,
      array_agg(distinct a.cloud) as clouds
    from ${withDismissal} join accounts a on a.id = f.account_id left join resources r on r.id = f.resource_id
    where ${conditions(where)} group by 1, 2 order by 1, 2`)
  return [...rows]
}

/**
 * The findings that lower a cost somebody else lowers too, as rows `id, what, saving`: a finding lowers the cost of its
 * resource, and of the snapshots an image holds each its part. Two that lower the same cost are alternatives (a machine is
 * stopped at night, resized or deleted), so of each cost only the biggest counts; shares of images add up to one.
 */
const parts = (where: FindingFilter): SQL => sql`
  select f.id, s.item is not null as shared_out, coalesce(s.item->>'resource_id', f.resource_id::text, f.id::text) as what,
    case when s.item is null then f.saving else (s.item->>'cost')::numeric end as saving
  from ${withDismissal} left join resources r on r.id = f.resource_id
  left join lateral jsonb_array_elements(
    case when f.resource_id is null and jsonb_typeof(f.evidence->'snapshots') = 'array' then f.evidence->'snapshots' end
  ) s (item) on true
  where ${conditions(where.ids ? where : { ...where, status: 'active' })} and f.saving > 0`

/** What all active findings save together, or those of `ids` whatever was decided about them, per 30 days: the best compatible set, see `parts`. */
export async function sumSavings(db: Db, where: FindingFilter): Promise<string> {
  const [row] = await db.execute<{ total: string }>(sql`
    select trim_scale(coalesce(sum(saving), 0))::text as total from (
      select greatest(max(saving) filter (where not shared_out), sum(saving) filter (where shared_out)) as saving
      from (${parts(where)}) part group by what
    ) best`)
  return row!.total
}

/** How many active findings lower a cost that another one lowers too, and how many such costs there are. */
export async function countOverlaps(db: Db, where: FindingFilter): Promise<{ findings: number; costs: number }> {
  const [row] = await db.execute<{ findings: number; costs: number }>(sql`
    with part as (${parts(where)}), shared as (select what from part group by what having count(*) > 1)
    select count(distinct part.id)::int as findings, (select count(*)::int from shared) as costs
    from part join shared on shared.what = part.what`)
  return row!
}

/** Findings detected since then that are not left out, by recommendation, with the names of the first three. */
export async function countNewFindings(
  db: Db,
  where: { orgId: string; recommendations: string[]; since: Date },
): Promise<{ recommendation: string; count: number; names: string[] }[]> {
  const rows = await db.execute<{ recommendation: string; count: number; names: string[] }>(sql`
    select f.recommendation, count(*)::int as count,
      (array_agg(coalesce(nullif(r.name, ''), nullif(f.evidence->>'name', ''), f.key) order by f.key))[:3] as names
    from findings f left join resources r on r.id = f.resource_id
    where f.org_id = ${where.orgId} and f.recommendation = any(${sql.param(where.recommendations)}::text[])
      and not f.is_excluded and f.detected_at >= ${where.since.toISOString()}::timestamptz
    group by 1 order by 2 desc, 1`)
  return [...rows]
}

/** How the last check of each recommendation went, by account that is still checked. */
export async function listCheckResults(db: Db, orgId: string): Promise<(CheckResult & { accountName: string })[]> {
  const rows = await db.execute<{
    account_name: string
    recommendation: string
    account_id: string
    checked_at: string
    error: string | null
    options: Record<string, unknown>
  }>(sql`
    select c.*, a.name as account_name from check_results c join accounts a on a.id = c.account_id
    where c.org_id = ${orgId} and a.deleted_at is null and a.process_recommendations order by c.recommendation, a.name`)
  return [...rows].map((row) => ({
    orgId,
    recommendation: row.recommendation,
    accountId: row.account_id,
    accountName: row.account_name,
    checkedAt: new Date(row.checked_at),
    error: row.error,
    options: row.options,
  }))
}

/** When an organization is checked and was last; null before its first check. */
export async function findCheckSchedule(db: Db, orgId: string): Promise<CheckSchedule | null> {
  const [row] = await db.select().from(checkSchedules).where(eq(checkSchedules.orgId, orgId))
  return row ?? null
}

/** Puts a recommendation off for a resource for good, or changes the reason. */
export async function upsertDismissal(
  db: Db,
  row: { orgId: string; recommendation: string; resourceId: string; personId: string | null; reason: string; at: Date },
): Promise<void> {
  await db.execute(sql`
    insert into dismissals (org_id, recommendation, resource_id, person_id, reason, at)
    values (${row.orgId}, ${row.recommendation}, ${row.resourceId}, ${row.personId}, ${row.reason}, ${row.at.toISOString()})
    on conflict (resource_id, recommendation) do update set person_id = excluded.person_id, reason = excluded.reason, at = excluded.at`)
}

/** The recommendation may be made for the resource again. */
export async function deleteDismissal(db: Db, where: { recommendation: string; resourceId: string }): Promise<void> {
  await db.execute(sql`delete from dismissals
    where resource_id = ${where.resourceId} and recommendation = ${where.recommendation}`)
}

/** The revision of a finding, held until the transaction ends; null when it is gone. */
export async function lockFindingRevision(db: Db, where: { orgId: string; id: string }): Promise<number | null> {
  const [row] = await db
    .select({ rev: findings.rev })
    .from(findings)
    .where(and(eq(findings.orgId, where.orgId), eq(findings.id, where.id)))
    .for('update')
  return row?.rev ?? null
}

/** Counts a decision about the finding; `snoozedUntil` null wakes it. */
export async function setFindingSnooze(
  db: Db,
  where: { orgId: string; id: string; snoozedUntil: Date | null },
): Promise<void> {
  await db
    .update(findings)
    .set({ snoozedUntil: where.snoozedUntil, rev: sql`${findings.rev} + 1` })
    .where(and(eq(findings.orgId, where.orgId), eq(findings.id, where.id)))
}

/** Remembers how a recommendation's check of an account went. */
export async function upsertCheckResult(db: Db, row: CheckResult): Promise<void> {
  await db
    .insert(checkResults)
    .values(row)
    .onConflictDoUpdate({
      target: [checkResults.orgId, checkResults.recommendation, checkResults.accountId],
      set: { checkedAt: row.checkedAt, error: row.error, options: row.options },
    })
}
