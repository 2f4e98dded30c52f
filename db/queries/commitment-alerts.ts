import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { commitmentAlerts } from '../schema/commitments.ts'
import type { CommitmentAlertKind } from '../vocabulary.ts'
import { commitmentUse } from './commitment-use.ts'

/** Plans and reservations of an organization that end from `now` to `until`. */
export async function listExpiringCommitments(
  db: Db,
  where: { orgId: string; now: Date; until: Date },
): Promise<{ commitment: string; endsAt: Date }[]> {
  // The bill writes "2026-12-01T11:43:13.000Z"; anything else is no end.
  const rows = await db.execute<{ commitment: string; end: string }>(sql`
    select distinct on (cloud_resource_id) cloud_resource_id as commitment, facts->>'end' as end from resources
    where org_id = ${where.orgId} and account_id in (select id from accounts where deleted_at is null) and type in ('Savings Plan', 'Reserved Instances')
      and facts->>'end' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$'
      and facts->>'end' between ${where.now.toISOString()} and ${where.until.toISOString()}
    order by cloud_resource_id`)
  return rows.map(({ commitment, end }) => ({ commitment, endsAt: new Date(end) }))
}

/** Commitments of which less than `share` was used on every day of a range, with what they wasted in it. */
export async function listIdleCommitments(
  db: Db,
  where: { orgId: string; from: string; to: string; today: string; share: number },
): Promise<{ commitment: string; utilization: number; waste: string }[]> {
  const rows = await db.execute<{ commitment: string; utilization: number; waste: string }>(sql`
    select commitment, floor(100 * sum(used) / sum(expected))::int as utilization,
      trim_scale(round(sum(waste), 10))::text as waste
    from ${commitmentUse(where)} u where expected > 0
    group by commitment
    having count(*) = ${where.to}::date - ${where.from}::date + 1 and bool_and(used < expected * ${where.share}::numeric)
    order by sum(waste) desc, commitment`)
  return [...rows]
}

/** Opens the episodes of these commitments and returns the ones to tell: new ones, and ones that had ended. */
export async function upsertCommitmentAlerts(
  db: Db,
  where: { orgId: string; now: Date; kind: CommitmentAlertKind; commitments: string[] },
): Promise<string[]> {
  if (where.commitments.length === 0) return []
  const { orgId, kind, now: firedAt } = where
  const { commitment } = commitmentAlerts
  const rows = await db
    .insert(commitmentAlerts)
    .values(where.commitments.map((one) => ({ orgId, kind, firedAt, commitment: one })))
    .onConflictDoUpdate({
      target: [commitmentAlerts.orgId, commitment, commitmentAlerts.kind],
      set: { firedAt, clearedAt: null },
      setWhere: sql`${commitmentAlerts.clearedAt} is not null`,
    })
    .returning({ commitment })
  return rows.map((row) => row.commitment)
}

/** Ends the open episodes of a kind of all commitments that are not listed. */
export async function setCommitmentAlertsCleared(
  db: Db,
  where: { orgId: string; now: Date; kind: CommitmentAlertKind; stillSo: string[] },
): Promise<void> {
  const { orgId, commitment, kind, clearedAt } = commitmentAlerts
  await db
    .update(commitmentAlerts)
    .set({ clearedAt: where.now })
    .where(
      and(
        eq(orgId, where.orgId),
        eq(kind, where.kind),
        isNull(clearedAt),
        sql`${commitment} <> all(${sql.param(where.stillSo)}::text[])`,
      ),
    )
}
