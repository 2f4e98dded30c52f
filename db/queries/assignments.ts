import { and, asc, eq, sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client.ts'
import type { Changes } from '../schema/columns.ts'
import { rules, type Rule } from '../schema/assignments.ts'
import { lockSpend, moveSpend } from './expenses.ts'
import { mayOwn } from './pools.ts'

/** All rules, the first to be checked first; those of one pool on request. */
export async function listRules(db: Db, where: { orgId: string; poolId?: string; active?: boolean }): Promise<Rule[]> {
  const { orgId, poolId, active } = where
  return db
    .select()
    .from(rules)
    .where(
      and(
        eq(rules.orgId, orgId),
        poolId ? eq(rules.poolId, poolId) : undefined,
        active === undefined ? undefined : eq(rules.active, active),
      ),
    )
    .orderBy(asc(rules.priority), asc(rules.createdAt), asc(rules.id))
}

/** A rule of the organization, or null. */
export async function findRule(db: Db, where: { orgId: string; id: string }): Promise<Rule | null> {
  const [row] = await db
    .select()
    .from(rules)
    .where(and(eq(rules.orgId, where.orgId), eq(rules.id, where.id)))
  return row ?? null
}

/** Changes of the order of rules follow each other. Held until the transaction ends. */
export async function lockRules(db: Db, orgId: string): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended('rules ' || ${orgId}, 0))`)
}

/** Adds a rule; call `setRuleOrder` afterwards. Throws 23505 `rules_name` when the name is taken. */
export async function insertRule(db: Db, row: typeof rules.$inferInsert): Promise<Rule> {
  const [made] = await db.insert(rules).values(row).returning()
  return made!
}

/** Changes a rule that exists; its place among the others has a query of its own. */
export async function setRule(
  db: Db,
  where: { orgId: string; id: string; set: Changes<typeof rules.$inferInsert> },
): Promise<Rule> {
  const [row] = await db
    .update(rules)
    .set(where.set)
    .where(and(eq(rules.orgId, where.orgId), eq(rules.id, where.id)))
    .returning()
  return row!
}

/** Leaves a gap in the order; `setRuleOrder` closes it. */
export async function deleteRuleRow(db: Db, where: { orgId: string; id: string }): Promise<void> {
  await db.delete(rules).where(and(eq(rules.orgId, where.orgId), eq(rules.id, where.id)))
}

/** Numbers the rules 1…N without gaps: in the given order, or in the one they have. */
export async function setRuleOrder(db: Db, where: { orgId: string; ids?: string[] }): Promise<void> {
  const given = JSON.stringify(where.ids ?? [])
  await db.execute(sql`
    update rules set priority = wanted.place from (
      select r.id, row_number() over (order by asked.place nulls last, r.priority, r.created_at, r.id) as place
      from rules r left join jsonb_array_elements_text(${given}::jsonb) with ordinality as asked(id, place)
        on asked.id::uuid = r.id
      where r.org_id = ${where.orgId}
    ) wanted where wanted.id = rules.id and rules.priority <> wanted.place`)
}

/** Points every rule of a pool at another, whose default owner takes the place of owners who may not own there; returns how many. */
export async function setRulesPool(db: Db, where: { orgId: string; from: string; to: string }): Promise<number> {
  const moved = await db
    .update(rules)
    .set({
      poolId: where.to,
      ownerId: sql`case when ${mayOwn(where.orgId, { person: sql`${rules.ownerId}`, pool: sql`${where.to}::uuid` })} then ${rules.ownerId} end`,
    })
    .where(and(eq(rules.orgId, where.orgId), eq(rules.poolId, where.from)))
    .returning({ id: rules.id })
  return moved.length
}

/** Switches off the active rules whose owner may no longer own in their pool, and returns them. */
export async function setStaleRulesOff(db: Db, orgId: string): Promise<Rule[]> {
  return db
    .update(rules)
    .set({ active: false })
    .where(
      and(
        eq(rules.orgId, orgId),
        eq(rules.active, true),
        sql`${rules.ownerId} is not null`,
        sql`not ${mayOwn(orgId, { person: sql`${rules.ownerId}`, pool: sql`${rules.poolId}` })}`,
      ),
    )
    .returning()
}

/** Ids of the rules, on or off, whose owner may not own in their pool. */
export async function listStaleRules(db: Db, orgId: string): Promise<string[]> {
  const rows = await db.execute<{ id: string }>(sql`
    select r.id from rules r where r.org_id = ${orgId} and r.owner_id is not null
      and not ${mayOwn(orgId, { person: sql`r.owner_id`, pool: sql`r.pool_id` })}`)
  return rows.map(({ id }) => id)
}

/** Where resources go: a relation with resource_id, pool_id, owner_id, assigned_by, rule_id. */
export type Places = SQL

/** What an assignment changed, per rule; `ruleId` null holds everything no rule decided. */
export type Assigned = { ruleId: string | null; count: number }

/**
 * Puts resources where `places` says and moves their spend with them, in the caller's transaction. `scope` is the relation of
 * their accounts: an import or another move of the same account waits, so `places` is read when nobody else changes them.
 * Resources that already are there, by the same hand, are left alone.
 */
export async function setAssignments(
  db: Db,
  where: { orgId: string; scope: SQL; places: Places },
): Promise<Assigned[]> {
  await lockSpend(db, where.scope)
  await db.execute(sql`drop table if exists assigning`)
  await db.execute(sql`create temp table assigning on commit drop as ${where.places}`)
  await moveSpend(db, { orgId: where.orgId, moves: sql`select resource_id, pool_id, owner_id from assigning` })
  const changed = await db.execute<Assigned>(sql`
    with changed as (
      update resources r set pool_id = a.pool_id, owner_id = a.owner_id, assigned_by = a.assigned_by,
        rule_id = a.rule_id, rev = r.rev + 1
      from assigning a
      where r.id = a.resource_id and r.org_id = ${where.orgId}
        and (r.pool_id, r.owner_id, r.assigned_by, r.rule_id) is distinct from (a.pool_id, a.owner_id, a.assigned_by, a.rule_id)
      returning r.rule_id
    ) select rule_id as "ruleId", count(*)::int as count from changed group by 1`)
  await db.execute(sql`drop table assigning`)
  return [...changed]
}

/** Moves all resources of a pool to another; an owner who may not own there is replaced by that pool's default owner. Returns how many. */
export async function setResourcesPool(db: Db, where: { orgId: string; from: string; to: string }): Promise<number> {
  const { orgId, from, to } = where
  const changed = await setAssignments(db, {
    orgId,
    scope: sql`select distinct account_id from resources where org_id = ${orgId} and pool_id = ${from}`,
    places: sql`
      select r.id as resource_id, p.id as pool_id, r.assigned_by, r.rule_id,
        case when r.owner_id is null or ${mayOwn(orgId, { person: sql`r.owner_id`, pool: sql`${to}::uuid` })}
          then r.owner_id else p.default_owner_id end as owner_id
      from resources r join pools p on p.id = ${to} where r.org_id = ${orgId} and r.pool_id = ${from}`,
  })
  return changed.reduce((sum, { count }) => sum + count, 0)
}

/** A list of places as `setAssignments` takes it. */
export function placesOf(
  places: { resourceId: string; poolId: string; ownerId: string | null; assignedBy: string; ruleId: string | null }[],
): { scope: SQL; relation: Places } {
  const relation = sql`
    select "resourceId" as resource_id, "poolId" as pool_id, "ownerId" as owner_id, "assignedBy" as assigned_by, "ruleId" as rule_id
    from jsonb_to_recordset(${JSON.stringify(places)}::jsonb)
      as place("resourceId" uuid, "poolId" uuid, "ownerId" uuid, "assignedBy" text, "ruleId" uuid)`
  return { relation, scope: sql`select r.account_id from resources r join (${relation}) p on p.resource_id = r.id` }
}
