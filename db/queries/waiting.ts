import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { ttlEnd, withConstraint } from './constraints.ts'

/**
 * Resources of an owner that want a decision: a limit is passed, or the TTL ends before `until`. The passed ones first, then
 * by the end; at most `limit` (20). What neither costs nor was seen for a week is over and wants nothing.
 */
export async function listWaitingResourceIds(
  db: Db,
  where: { orgId: string; ownerId: string; now: Date; until: Date; limit?: number },
): Promise<string[]> {
  const [now, until] = [where.now.toISOString(), where.until.toISOString()]
  const hasTtl = sql`coalesce(own."limit", policy."limit", 0) > 0`
  const ends = sql`case when ${hasTtl} then ${ttlEnd} end`
  const rows = await db.execute<{ id: string }>(sql`
    select r.id from resources r ${withConstraint(sql`'ttl'`)}
    where r.org_id = ${where.orgId} and r.owner_id = ${where.ownerId}
      and (r.active or r.last_expense_day >= (${now}::timestamptz at time zone 'utc')::date - 7)
      and (r.constraint_violated or (${ends} > extract(epoch from ${now}::timestamptz)
        and ${ends} <= extract(epoch from ${until}::timestamptz)))
    order by r.constraint_violated desc, ${ends}, r.id limit ${where.limit ?? 20}`)
  return rows.map(({ id }) => id)
}
