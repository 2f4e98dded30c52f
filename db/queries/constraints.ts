import { and, eq, sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { resourceConstraints } from '../schema/constraints.ts'
import { constraintTypes, type ConstraintType } from '../vocabulary.ts'

/**
 * What holds for a resource in one type: its own constraint, else the active policy of its pool. `limit` null = nothing
 * set; "0" = unlimited. Money per day, or for a TTL its end in epoch seconds (`endsAt` the same as an instant).
 */
export type ConstraintState = {
  resourceId: string
  type: ConstraintType
  source: 'own' | 'policy' | null
  limit: string | null
  endsAt: Date | null
  /** The pool's policy even where an own constraint stands above it: hours or money. */
  policy: string | null
  setBy: string | null
}

/** Own constraint `own` and active policy `policy` of `resources r`, joined. */
export const withConstraint = (type: SQL): SQL => sql`
  left join resource_constraints own on own.resource_id = r.id and own.type = ${type}
  left join pool_policies policy on policy.pool_id = r.pool_id and policy.type = ${type} and policy.active`

/** The end of life in epoch seconds; policies count from the first sight. Only for a raw limit above zero. */
export const ttlEnd = sql`coalesce(own."limit", floor(extract(epoch from r.first_seen_at)) + policy."limit" * 3600)`

/** Every type for each resource, whether something is set or not. */
export async function listConstraintsOf(
  db: Db,
  where: { orgId: string; resourceIds: string[] },
): Promise<ConstraintState[]> {
  const rows = await db.execute<Omit<ConstraintState, 'endsAt'>>(sql`
    select r.id as "resourceId", type.name as type,
      case when own.id is not null then 'own' when policy.id is not null then 'policy' end as source,
      case when type.name = 'ttl' and coalesce(own."limit", policy."limit") > 0 then ${ttlEnd}
        else coalesce(own."limit", policy."limit") end as "limit",
      policy."limit" as policy, own.set_by as "setBy"
    from resources r cross join jsonb_array_elements_text(${JSON.stringify(constraintTypes)}::jsonb) type(name) ${withConstraint(sql`type.name`)}
    where r.org_id = ${where.orgId}
      and r.id in (select i::uuid from jsonb_array_elements_text(${JSON.stringify(where.resourceIds)}::jsonb) i)`)
  return rows.map((row) => ({
    ...row,
    endsAt:
      row.type === 'ttl' && row.limit !== null && Number(row.limit) > 0 ? new Date(Number(row.limit) * 1000) : null,
  }))
}

/** Gives a resource its own constraint of a type. */
export async function setResourceConstraint(db: Db, row: typeof resourceConstraints.$inferInsert): Promise<void> {
  const { limit, setBy, setAt } = row
  await db
    .insert(resourceConstraints)
    .values(row)
    .onConflictDoUpdate({
      target: [resourceConstraints.resourceId, resourceConstraints.type],
      set: { limit, setBy: setBy ?? null, ...(setAt ? { setAt } : {}) },
    })
}

/** Takes the own constraint away, so that the pool's policy holds again. */
export async function deleteResourceConstraint(
  db: Db,
  where: { orgId: string; resourceId: string; type: ConstraintType },
): Promise<void> {
  const { orgId, resourceId, type } = where
  await db
    .delete(resourceConstraints)
    .where(
      and(
        eq(resourceConstraints.orgId, orgId),
        eq(resourceConstraints.resourceId, resourceId),
        eq(resourceConstraints.type, type),
      ),
    )
}

/** Counts the decisions about a resource, so that a stale button is recognised. */
export async function setResourceRevision(db: Db, where: { orgId: string; id: string }): Promise<void> {
  await db.execute(sql`update resources set rev = rev + 1 where org_id = ${where.orgId} and id = ${where.id}`)
}
