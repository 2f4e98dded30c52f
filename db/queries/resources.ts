import { and, asc, desc, eq, inArray, isNull, or, sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { resources, type Resource } from '../schema/resources.ts'

/** A resource of the organization, gone ones too, or null. */
export async function findResource(db: Db, where: { orgId: string; id: string }): Promise<Resource | null> {
  const [row] = await db
    .select()
    .from(resources)
    .where(and(eq(resources.orgId, where.orgId), eq(resources.id, where.id)))
  return row ?? null
}

/** The same, once nobody else changes it; call it in a transaction. */
export async function lockResource(db: Db, where: { orgId: string; id: string }): Promise<Resource | null> {
  const [row] = await db
    .select()
    .from(resources)
    .where(and(eq(resources.orgId, where.orgId), eq(resources.id, where.id)))
    .for('update')
  return row ?? null
}

/** The resources with these ids, in no order. */
export async function listResourcesByIds(db: Db, where: { orgId: string; ids: string[] }): Promise<Resource[]> {
  if (where.ids.length === 0) return []
  return db
    .select()
    .from(resources)
    .where(and(eq(resources.orgId, where.orgId), inArray(resources.id, where.ids)))
}

/**
 * Resources a person may mean by `text`: our id, the cloud's id, the tail of an ARN, the name; exact ones first, then
 * those that begin with it, then those that hold it, the dearest first.
 */
export async function searchResources(
  db: Db,
  where: { orgId: string; text: string; limit?: number },
): Promise<Resource[]> {
  const text = where.text.trim().toLowerCase()
  if (!text) return []
  const tail = text.startsWith('arn:') ? text.split(/[/:]/).at(-1)! : text
  const part = `%${tail.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`
  const [id, name] = [sql`lower(${resources.cloudResourceId})`, sql`lower(${resources.name})`]
  const rank = sql`case
    when ${resources.id}::text = ${text} or ${id} in (${text}, ${tail}) then 0
    when ${name} = ${text} then 1
    when starts_with(${id}, ${tail}) or starts_with(${name}, ${tail}) then 2
    else 3 end`
  return db
    .select()
    .from(resources)
    .where(
      and(
        eq(resources.orgId, where.orgId),
        or(sql`${resources.id}::text = ${text}`, sql`${id} like ${part}`, sql`${name} like ${part}`),
      ),
    )
    .orderBy(rank, desc(resources.active), desc(resources.totalCost), asc(resources.id))
    .limit(where.limit ?? 10)
}

/** What to list. `poolId` includes the pools below it; `ownerId` null means nobody owns it. */
export type ResourceFilter = {
  orgId: string
  /** In this pool or below it. */
  poolId?: string
  /** In this pool itself. */
  directlyIn?: string
  ownerId?: string | null
  accountId?: string
  type?: string
  service?: string
  region?: string
  active?: boolean
  /** Active, or with costs of the seven days before this one. */
  living?: Date
  tag?: { key: string; value: string }
}

function matching(where: ResourceFilter): SQL | undefined {
  const { poolId, tag } = where
  return and(
    eq(resources.orgId, where.orgId),
    poolId ? sql`${resources.poolId} in (select pool_id from pool_ancestors where ancestor_id = ${poolId})` : undefined,
    where.directlyIn ? eq(resources.poolId, where.directlyIn) : undefined,
    where.ownerId === undefined
      ? undefined
      : where.ownerId === null
        ? isNull(resources.ownerId)
        : eq(resources.ownerId, where.ownerId),
    where.accountId ? eq(resources.accountId, where.accountId) : undefined,
    where.type ? eq(resources.type, where.type) : undefined,
    where.service ? eq(resources.service, where.service) : undefined,
    where.region ? eq(resources.region, where.region) : undefined,
    where.active === undefined ? undefined : eq(resources.active, where.active),
    where.living
      ? sql`(${resources.active} or ${resources.lastExpenseDay} >= (${where.living.toISOString()}::timestamptz at time zone 'utc')::date - 7)`
      : undefined,
    tag ? sql`${resources.tags} ->> ${tag.key} = ${tag.value}` : undefined,
  )
}

/** One page of resources, the dearest (all its cost so far) first; `after` is the last row of the page before. */
export async function listResources(
  db: Db,
  where: ResourceFilter & { after?: Pick<Resource, 'totalCost' | 'id'>; limit?: number },
): Promise<Resource[]> {
  const { after } = where
  return db
    .select()
    .from(resources)
    .where(
      and(
        matching(where),
        after
          ? sql`(${resources.totalCost}, ${resources.id}) < (${after.totalCost}::numeric, ${after.id}::uuid)`
          : undefined,
      ),
    )
    .orderBy(desc(resources.totalCost), desc(resources.id))
    .limit(where.limit ?? 50)
}

/** How many there are in all pages of the list. */
export async function countResources(db: Db, where: ResourceFilter): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(resources)
    .where(matching(where))
  return row!.count
}
