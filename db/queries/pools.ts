import { and, asc, eq, isNull, ne, sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client.ts'
import type { Changes } from '../schema/columns.ts'
import { memberships } from '../schema/organizations.ts'
import { poolPolicies, pools, type Pool, type PoolPolicy } from '../schema/pools.ts'
import { slackBindings } from '../schema/slack.ts'
import type { ConstraintType } from '../vocabulary.ts'

/** A pool in its tree: the root has depth 0; `path` is "A->B" without the root, the root's path is its name. */
export type PoolRow = Pool & { depth: number; path: string }

/** Ids of a pool and everything below it, to be used after `in`. */
export const poolAndBelow = (where: { orgId: string; poolId: string }): SQL => sql`(
  with recursive below as (
    select id from pools where id = ${where.poolId} and org_id = ${where.orgId}
    union all select p.id from pools p join below on p.parent_id = below.id
  ) select id from below)`

/** Every pool of the organization with itself and all above it, as a relation (pool_id, ancestor_id, distance). */
export const poolsAbove = (orgId: string): SQL => sql`(
  with recursive above as (
    select id as pool_id, id as ancestor_id, parent_id, 0 as distance from pools where org_id = ${orgId}
    union all
    select above.pool_id, p.id, p.parent_id, above.distance + 1 from above join pools p on p.id = above.parent_id
  ) select pool_id, ancestor_id, distance from above)`

/** All pools of the organization, depth-first, siblings by name. Costs are in `listPoolSpend`, everything together in `readPools` of the engine. */
export async function listPools(db: Db, orgId: string): Promise<PoolRow[]> {
  const rows = await db.execute<Omit<PoolRow, 'createdAt'> & { createdAt: string }>(sql`
    with recursive tree as (
      select p.id, 0 as depth, p.name as path, array[]::text[] as sort
      from pools p where p.org_id = ${orgId} and p.parent_id is null
      union all
      select p.id, tree.depth + 1, case when tree.depth = 0 then p.name else tree.path || '->' || p.name end,
        tree.sort || lower(p.name) || p.id::text
      from pools p join tree on p.parent_id = tree.id where p.org_id = ${orgId}
    )
    select p.id, p.org_id as "orgId", p.parent_id as "parentId", p.name, p.monthly_limit as "monthlyLimit", p.purpose,
      p.default_owner_id as "defaultOwnerId", p.rev, p.created_at as "createdAt", tree.depth, tree.path
    from tree join pools p on p.id = tree.id order by tree.sort`)
  return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt) }))
}

/** A pool of the organization, or null. */
export async function findPool(db: Db, where: { orgId: string; id: string }): Promise<Pool | null> {
  const [row] = await db
    .select()
    .from(pools)
    .where(and(eq(pools.orgId, where.orgId), eq(pools.id, where.id)))
  return row ?? null
}

/** Pools whose name or path contains the text, whatever its case: equal names first, then those that start with it. At most 20. */
export async function findPoolsByName(db: Db, where: { orgId: string; text: string }): Promise<PoolRow[]> {
  const text = where.text.trim().toLowerCase()
  if (!text) return []
  const rank = ({ name, path }: PoolRow): number => {
    const [short, long] = [name.toLowerCase(), path.toLowerCase()]
    if (short === text || long === text) return 0
    return short.startsWith(text) ? 1 : long.includes(text) ? 2 : 3
  }
  const found = (await listPools(db, where.orgId)).filter((pool) => rank(pool) < 3)
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, 20)
}

/** The organization's root pool, or throws: every organization is made with one. */
export async function getRootPool(db: Db, orgId: string): Promise<Pool> {
  const [row] = await db
    .select()
    .from(pools)
    .where(and(eq(pools.orgId, orgId), isNull(pools.parentId)))
  if (!row) throw new Error('No root pool')
  return row
}

/**
 * Money of a pool. Directly in it: both months' cost up to today, this month's, and the first day with any within both.
 * `cost` is this month's with everything below.
 */
export type PoolSpend = { poolId: string; sincePrevious: string; month: string; firstDay: string | null; cost: string }

/** Money of every pool from `from` (the previous month's first day) to `today`. One range scan of `spend_days_once`; sums are exact. */
export async function listPoolSpend(
  db: Db,
  where: { orgId: string; from: string; month: string; today: string },
): Promise<PoolSpend[]> {
  const rows = await db.execute<PoolSpend>(sql`
    with own as (
      select pool_id, sum(effective) as since_previous, min(day) as first_day,
        coalesce(sum(effective) filter (where day >= ${where.month}), 0) as month
      from spend_days where org_id = ${where.orgId} and day between ${where.from} and ${where.today}
      group by pool_id
    ), below as (
      select above.ancestor_id, sum(own.month) as cost
      from ${poolsAbove(where.orgId)} above join own using (pool_id) group by 1
    )
    select p.id as "poolId", coalesce(own.since_previous, 0) as "sincePrevious", coalesce(own.month, 0) as month,
      own.first_day as "firstDay", coalesce(below.cost, 0) as cost
    from pools p left join own on own.pool_id = p.id left join below on below.ancestor_id = p.id
    where p.org_id = ${where.orgId}`)
  return [...rows]
}

/** How many resources directly in each pool violate a constraint; pools without any are left out. */
export async function countViolations(db: Db, orgId: string): Promise<{ poolId: string; count: number }[]> {
  const rows = await db.execute<{ poolId: string; count: number }>(sql`
    select pool_id as "poolId", count(*)::int as count from resources
    where org_id = ${orgId} and constraint_violated group by pool_id`)
  return [...rows]
}

/** Policies of a pool, or of all pools of the organization. */
export async function listPoolPolicies(db: Db, where: { orgId: string; poolId?: string }): Promise<PoolPolicy[]> {
  return db
    .select()
    .from(poolPolicies)
    .where(and(eq(poolPolicies.orgId, where.orgId), where.poolId ? eq(poolPolicies.poolId, where.poolId) : undefined))
    .orderBy(asc(poolPolicies.type))
}

/** Changes of limits in one organization follow each other: they compare several pools. Locks the root until the transaction ends. */
export async function lockPoolTree(db: Db, orgId: string): Promise<void> {
  await db.execute(sql`select 1 from pools where org_id = ${orgId} and parent_id is null for update`)
}

/** Sum of the limits directly below a pool, one of them left out if wanted. */
export async function sumChildLimits(
  db: Db,
  where: { orgId: string; parentId: string; exceptId?: string },
): Promise<{ total: string; count: number }> {
  const [row] = await db
    .select({ total: sql<string>`coalesce(sum(${pools.monthlyLimit}), 0)`, count: sql<number>`count(*)::int` })
    .from(pools)
    .where(
      and(
        eq(pools.orgId, where.orgId),
        eq(pools.parentId, where.parentId),
        where.exceptId ? ne(pools.id, where.exceptId) : undefined,
      ),
    )
  return row!
}

/** May the person own resources in the pool? They need a role of manager or engineer on it, above it, or on the organization. */
export async function hasOwnership(
  db: Db,
  where: { orgId: string; personId: string; poolId: string },
): Promise<boolean> {
  const [row] = await db.execute<{ may: boolean }>(
    sql`select ${mayOwn(where.orgId, { person: sql`${where.personId}::uuid`, pool: sql`${where.poolId}::uuid` })} as may`,
  )
  return row!.may
}

/** The same question for columns, as a condition. */
export const mayOwn = (orgId: string, { person, pool }: { person: SQL; pool: SQL }): SQL => sql`exists (
  select 1 from memberships m where m.org_id = ${orgId} and m.person_id = ${person} and m.role in ('manager', 'engineer')
    and (m.pool_id is null or m.pool_id in (
      with recursive above as (
        select id, parent_id from pools where id = ${pool}
        union all select p.id, p.parent_id from pools p join above on p.id = above.parent_id
      ) select id from above)))`

/** Throws SQL state 23505 when a sibling has the name. */
export async function insertPool(db: Db, row: typeof pools.$inferInsert): Promise<Pool> {
  const [made] = await db.insert(pools).values(row).returning()
  return made!
}

/** Changes a pool and counts its revision up, so that stale buttons are recognised. */
export async function updatePoolRow(
  db: Db,
  where: { orgId: string; id: string; set: Changes<typeof pools.$inferInsert> },
): Promise<Pool> {
  const [row] = await db
    .update(pools)
    .set({ ...where.set, rev: sql`${pools.rev} + 1` })
    .where(and(eq(pools.orgId, where.orgId), eq(pools.id, where.id)))
    .returning()
  return row!
}

/** Removes an empty pool; what named it goes to `parentId`, its roles and channel bindings end. Resources and rules are moved before. */
export async function deletePoolRow(db: Db, where: { orgId: string; id: string; parentId: string }): Promise<void> {
  const { orgId, id, parentId } = where
  await db.execute(sql`update accounts set pool_id = ${parentId} where org_id = ${orgId} and pool_id = ${id}`)
  await db.execute(sql`update environments set pool_id = ${parentId} where org_id = ${orgId} and pool_id = ${id}`)
  await db.delete(memberships).where(and(eq(memberships.orgId, orgId), eq(memberships.poolId, id)))
  await db.delete(slackBindings).where(and(eq(slackBindings.orgId, orgId), eq(slackBindings.poolId, id)))
  await db.delete(pools).where(and(eq(pools.orgId, orgId), eq(pools.id, id)))
}

/** Sets the policy of a type; there is one per pool and type. */
export async function setPolicy(db: Db, row: typeof poolPolicies.$inferInsert): Promise<PoolPolicy> {
  const [made] = await db
    .insert(poolPolicies)
    .values(row)
    .onConflictDoUpdate({
      target: [poolPolicies.poolId, poolPolicies.type],
      set: { limit: row.limit, active: row.active ?? true },
    })
    .returning()
  return made!
}

/** The policy of one kind that is set on the pool itself, or null. */
export async function findPolicy(
  db: Db,
  where: { orgId: string; poolId: string; type: ConstraintType },
): Promise<PoolPolicy | null> {
  const found = await listPoolPolicies(db, where)
  return found.find(({ type }) => type === where.type) ?? null
}

/** How many resources of the organization meet a condition on `resources r`. */
export async function countResourcesIn(db: Db, { orgId, within }: { orgId: string; within: SQL }): Promise<number> {
  const [row] = await db.execute<{ count: number }>(
    sql`select count(*)::int as count from resources r where r.org_id = ${orgId} and ${within}`,
  )
  return row!.count
}
