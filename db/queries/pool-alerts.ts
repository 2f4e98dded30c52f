import { sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { poolAlerts } from '../schema/pools.ts'
import { poolsAbove } from './pools.ts'

export type AlertKind = (typeof poolAlerts.$inferSelect)['kind']

/**
 * Opens the episodes of these breaches and returns the ones to tell: new ones, and ones that had ended. Two runs at once
 * tell once: the row decides.
 */
export async function upsertPoolAlerts(
  db: Db,
  where: { orgId: string; month: string; now: Date; breaches: { poolId: string; kind: AlertKind }[] },
): Promise<{ poolId: string; kind: AlertKind }[]> {
  if (where.breaches.length === 0) return []
  const { orgId, month, now: firedAt } = where
  return db
    .insert(poolAlerts)
    .values(where.breaches.map((breach) => ({ orgId, month, firedAt, ...breach })))
    .onConflictDoUpdate({
      target: [poolAlerts.poolId, poolAlerts.kind, poolAlerts.month],
      set: { firedAt, clearedAt: null },
      setWhere: sql`${poolAlerts.clearedAt} is not null`,
    })
    .returning({ poolId: poolAlerts.poolId, kind: poolAlerts.kind })
}

/** Ends the open episodes of a kind of all pools that are not listed. */
export async function setAlertsCleared(
  db: Db,
  where: { orgId: string; kind: AlertKind; now: Date; stillBreached: string[] },
): Promise<void> {
  await db.execute(sql`
    update pool_alerts set cleared_at = ${where.now.toISOString()}
    where org_id = ${where.orgId} and kind = ${where.kind} and cleared_at is null
      and pool_id not in (select p::uuid from jsonb_array_elements_text(${JSON.stringify(where.stillBreached)}::jsonb) p)`)
}

/**
 * Managers nearest to each pool of a relation (pool_id): its own, else those of the next pool above that has any, else the
 * organization's. A relation (pool_id, person_id).
 */
export const nearestManagers = (orgId: string, poolIds: SQL): SQL => sql`(
  select pool_id, person_id from (
    select distinct asked.pool_id, m.person_id, coalesce(a.distance, 1000000) as distance,
      min(coalesce(a.distance, 1000000)) over (partition by asked.pool_id) as nearest
    from (${poolIds}) asked
    join memberships m on m.org_id = ${orgId} and m.role = 'manager'
    left join ${poolsAbove(orgId)} a on a.pool_id = asked.pool_id and a.ancestor_id = m.pool_id
    where m.pool_id is null or a.ancestor_id is not null
  ) found where distance = nearest)`

/** The same for a list of pools. */
export async function listNearestManagers(
  db: Db,
  where: { orgId: string; poolIds: string[] },
): Promise<{ poolId: string; personId: string }[]> {
  const asked = sql`select p::uuid as pool_id from jsonb_array_elements_text(${JSON.stringify(where.poolIds)}::jsonb) p`
  const rows = await db.execute<{ poolId: string; personId: string }>(
    sql`select pool_id as "poolId", person_id as "personId" from ${nearestManagers(where.orgId, asked)} managers`,
  )
  return [...rows]
}
