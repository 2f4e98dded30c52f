import { and, asc, eq, isNull, sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { poolPolicies, pools, type Pool, type PoolPolicy } from '../schema/pools.ts'

/** A pool in its tree: the root has depth 0; `path` is "A->B" without the root, the root's path is its name. */
export type PoolRow = Pool & { depth: number; path: string }

/** Ids of a pool and everything below it, to be used after `in`. */
export const poolAndBelow = (where: { orgId: string; poolId: string }): SQL => sql`(
  with recursive below as (
    select id from pools where id = ${where.poolId} and org_id = ${where.orgId}
    union all select p.id from pools p join below on p.parent_id = below.id
  ) select id from below)`

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
    with recursive own as (
      select pool_id, sum(effective) as since_previous, min(day) as first_day,
        coalesce(sum(effective) filter (where day >= ${where.month}), 0) as month
      from spend_days where org_id = ${where.orgId} and day between ${where.from} and ${where.today}
      group by pool_id
    ), above as (
      select id as pool_id, id as ancestor_id, parent_id from pools where org_id = ${where.orgId}
      union all
      select above.pool_id, p.id, p.parent_id from above join pools p on p.id = above.parent_id
    ), below as (
      select above.ancestor_id, sum(own.month) as cost from above join own using (pool_id) group by 1
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
