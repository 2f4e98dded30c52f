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

/** The key of the notification that asks for a decision: by it a request knows who was asked. */
export const requestKey = { 'clean-up-approval': 'clean-up-approval ', 'join-request': 'join ' } as const

export type OpenRequest = { message: keyof typeof requestKey; id: string }

/** Requests a person was asked to decide and nobody did yet, the oldest first: `message` is the card that asks. */
export async function listOpenRequests(
  db: Db,
  where: { orgId: string; personId: string; now: Date },
): Promise<OpenRequest[]> {
  const rows = await db.execute<OpenRequest>(sql`
    select message, id from (
      select 'clean-up-approval' as message, id::text, requested_at as at, ${requestKey['clean-up-approval']} || id as key from clean_ups
        where org_id = ${where.orgId} and state = 'waiting_approval' and expires_at > ${where.now.toISOString()}::timestamptz
      union all select 'join-request', id::text, asked_at, ${requestKey['join-request']} || id from join_requests
        where org_id = ${where.orgId} and decided_at is null
    ) asked
    where exists (select from notifications n where n.org_id = ${where.orgId} and n.key = asked.key
      and n.person_ids @> jsonb_build_array(${where.personId}::text))
    order by at, id limit 50`)
  return [...rows]
}
