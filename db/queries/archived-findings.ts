/** Findings that ended: what they held, and why they ended. */
import { sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client.ts'
import type { ArchivedFinding } from '../schema/recommendations.ts'
import type { ArchiveReason } from '../vocabulary.ts'

/** A finding that ended, with the names of its resource and account; both may be gone since. */
export type ArchivedRow = Omit<ArchivedFinding, 'orgId'> & {
  accountName: string | null
  resourceName: string
  /** Is the resource still known, so that it has a page? */
  isKnown: boolean
}

export type ArchiveFilter = {
  orgId: string
  recommendation?: string
  reason?: ArchiveReason
  /** Ended in [from, to). */
  from?: Date
  to?: Date
  /** A page begins after this one of the same order. */
  after?: string
  limit?: number
}

function conditions({ orgId, recommendation, reason, from, to }: ArchiveFilter): SQL {
  const tests = [
    sql`f.org_id = ${orgId}`,
    recommendation && sql`f.recommendation = ${recommendation}`,
    reason && sql`f.reason = ${reason}`,
    from && sql`f.archived_at >= ${from.toISOString()}::timestamptz`,
    to && sql`f.archived_at < ${to.toISOString()}::timestamptz`,
  ].filter((test) => typeof test === 'object')
  return sql.join(tests, sql` and `)
}

/** Findings that ended, the latest first; at most `limit` (100). Reads along `archived_findings_org`. */
export async function listArchivedFindings(db: Db, where: ArchiveFilter): Promise<ArchivedRow[]> {
  const rows = await db.execute(sql`
    select f.id, f.recommendation, f.account_id as "accountId", f.resource_id as "resourceId", f.key, f.saving, f.evidence,
      f.reason, f.detected_at as "detectedAt", f.archived_at as "archivedAt", a.name as "accountName", r.id is not null as "isKnown",
      coalesce(nullif(r.name, ''), nullif(f.evidence->>'name', ''), f.key) as "resourceName"
    from archived_findings f
    left join accounts a on a.id = f.account_id
    left join resources r on r.id = f.resource_id
    where ${conditions(where)}
      ${where.after ? sql`and (f.archived_at, f.id) < (select archived_at, id from archived_findings where id = ${where.after} and org_id = ${where.orgId})` : sql``}
    order by f.archived_at desc, f.id desc limit ${where.limit ?? 100}`)
  return [...rows].map(asArchived)
}

/** Guarantee: the columns are those selected by `listArchivedFindings`; instants come as text and become dates. */
const asArchived = (row: Record<string, unknown>): ArchivedRow =>
  ({
    ...row,
    detectedAt: new Date(row['detectedAt'] as string),
    archivedAt: new Date(row['archivedAt'] as string),
  }) as ArchivedRow

export type ArchiveCount = { recommendation: string; reason: ArchiveReason; count: number; saving: string | null }

/** How many findings ended and what they would have saved per 30 days, by recommendation and reason. */
export async function countArchivedFindings(db: Db, where: ArchiveFilter): Promise<ArchiveCount[]> {
  const rows = await db.execute<ArchiveCount>(sql`
    select f.recommendation, f.reason, count(*)::int as count, trim_scale(sum(f.saving)) as saving
    from archived_findings f where ${conditions(where)} group by 1, 2 order by 1, 2`)
  return [...rows]
}
