import { and, asc, desc, eq, inArray, isNull, lt, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { accounts, type Account } from '../schema/cloud-accounts.ts'
import {
  duplicateBuckets,
  duplicateChecks,
  duplicatePairs,
  type DuplicateBucket,
  type DuplicateCheck,
  type DuplicatePair,
} from '../schema/duplicates.ts'
import { resources } from '../schema/resources.ts'

/** Checks that have not ended. */
const open = ['created', 'queued', 'running'] as const

export type BucketChoice = { id: string; name: string; region: string; accountId: string; accountName: string }

/** Buckets that can be listed: of connected accounts of these clouds, the dearest first. `ids` or `names` narrow it. */
export async function listBuckets(
  db: Db,
  where: { orgId: string; clouds: Account['cloud'][]; ids?: string[]; names?: string[]; like?: string; limit: number },
): Promise<BucketChoice[]> {
  if (where.clouds.length === 0) return []
  return db
    .select({
      id: resources.id,
      name: resources.cloudResourceId,
      region: resources.region,
      accountId: accounts.id,
      accountName: accounts.name,
    })
    .from(resources)
    .innerJoin(accounts, eq(accounts.id, resources.accountId))
    .where(
      and(
        eq(resources.orgId, where.orgId),
        eq(resources.type, 'Bucket'),
        isNull(accounts.deletedAt),
        sql`${accounts.credentials} is not null`,
        inArray(accounts.cloud, where.clouds),
        where.ids ? inArray(resources.id, where.ids) : undefined,
        where.names ? inArray(resources.cloudResourceId, where.names) : undefined,
        where.like ? sql`strpos(lower(${resources.cloudResourceId}), ${where.like.toLowerCase()}) > 0` : undefined,
      ),
    )
    .orderBy(desc(resources.active), desc(resources.totalCost), asc(resources.cloudResourceId))
    .limit(where.limit)
}

/** Stores a check with its buckets, numbered in their order. */
export async function insertDuplicateCheck(
  db: Db,
  row: typeof duplicateChecks.$inferInsert,
  buckets: BucketChoice[],
): Promise<DuplicateCheck> {
  const [made] = await db.insert(duplicateChecks).values(row).returning()
  await db.insert(duplicateBuckets).values(
    buckets.map(({ id: resourceId, name, region, accountId }, at) => ({
      ...{ checkId: made!.id, n: at + 1, resourceId, name, region, accountId },
    })),
  )
  return made!
}

/** A check of the organization, or null. */
export async function findDuplicateCheck(db: Db, where: { orgId: string; id: string }): Promise<DuplicateCheck | null> {
  const [row] = await db
    .select()
    .from(duplicateChecks)
    .where(and(eq(duplicateChecks.orgId, where.orgId), eq(duplicateChecks.id, where.id)))
  return row ?? null
}

/** Checks, newest first, one page; `before` is `createdAt` of the last row of the page before. */
export async function listDuplicateChecks(
  db: Db,
  where: { orgId: string; state?: DuplicateCheck['state']; before?: Date; limit: number },
): Promise<DuplicateCheck[]> {
  return db
    .select()
    .from(duplicateChecks)
    .where(
      and(
        eq(duplicateChecks.orgId, where.orgId),
        where.state ? eq(duplicateChecks.state, where.state) : undefined,
        where.before ? lt(duplicateChecks.createdAt, where.before) : undefined,
      ),
    )
    .orderBy(desc(duplicateChecks.createdAt), desc(duplicateChecks.id))
    .limit(where.limit)
}

/** The buckets of a check, the dearest first, those of unknown cost last. */
export async function listDuplicateBuckets(
  db: Db,
  checkId: string,
): Promise<(DuplicateBucket & { accountName: string })[]> {
  const rows = await db
    .select({ bucket: duplicateBuckets, accountName: accounts.name })
    .from(duplicateBuckets)
    .innerJoin(accounts, eq(accounts.id, duplicateBuckets.accountId))
    .where(eq(duplicateBuckets.checkId, checkId))
    .orderBy(sql`${duplicateBuckets.monthlyCost} desc nulls last`, asc(duplicateBuckets.n))
  return rows.map(({ bucket, accountName }) => ({ ...bucket, accountName }))
}

/** What every two buckets of a check share, in no order. */
export async function listDuplicatePairs(db: Db, checkId: string): Promise<DuplicatePair[]> {
  return db.select().from(duplicatePairs).where(eq(duplicatePairs.checkId, checkId))
}

/** Changes a check that has not ended; false when it has. */
export async function updateOpenCheck(
  db: Db,
  where: { id: string; set: Partial<typeof duplicateChecks.$inferInsert> },
): Promise<boolean> {
  const rows = await db
    .update(duplicateChecks)
    .set(where.set)
    .where(and(eq(duplicateChecks.id, where.id), inArray(duplicateChecks.state, [...open])))
    .returning({ id: duplicateChecks.id })
  return rows.length > 0
}

/** Begins a check, anew when an earlier attempt was cut off: everything that attempt found is forgotten. Null when it has ended. */
export async function setCheckRunning(
  db: Db,
  where: { orgId: string; id: string; now: Date },
): Promise<DuplicateCheck | null> {
  const [row] = await db
    .update(duplicateChecks)
    .set({
      ...{ state: 'running', attempts: sql`${duplicateChecks.attempts} + 1`, updatedAt: where.now, reason: null },
      ...{ startedAt: sql`coalesce(${duplicateChecks.startedAt}, ${where.now.toISOString()})` },
      ...{ bucketsDone: 0, objects: 0, filteredObjects: 0, totalBytes: 0 },
    })
    .where(
      and(
        eq(duplicateChecks.orgId, where.orgId),
        eq(duplicateChecks.id, where.id),
        inArray(duplicateChecks.state, [...open]),
      ),
    )
    .returning()
  if (!row) return null
  await db
    .update(duplicateBuckets)
    .set({ state: 'waiting', note: null, objects: 0, filteredObjects: 0, bytes: 0 })
    .where(eq(duplicateBuckets.checkId, where.id))
  return row
}

/** Changes the `n`th bucket of a check. */
export async function updateDuplicateBucket(
  db: Db,
  where: { checkId: string; n: number; set: Partial<typeof duplicateBuckets.$inferInsert> },
): Promise<void> {
  await db
    .update(duplicateBuckets)
    .set(where.set)
    .where(and(eq(duplicateBuckets.checkId, where.checkId), eq(duplicateBuckets.n, where.n)))
}

/** Ends checks with a reason: those of an account, or those that said nothing since `silentSince`. Answers which. */
export async function setChecksFailed(
  db: Db,
  where: { orgId?: string; accountId?: string; silentSince?: Date; reason: string; now: Date },
): Promise<{ id: string; orgId: string }[]> {
  const of = (accountId: string) => sql`exists (
    select from duplicate_buckets b where b.check_id = ${duplicateChecks.id} and b.account_id = ${accountId})`
  return db
    .update(duplicateChecks)
    .set({ state: 'failed', reason: where.reason, finishedAt: where.now, updatedAt: where.now })
    .where(
      and(
        inArray(duplicateChecks.state, where.silentSince ? ['running'] : [...open]),
        where.orgId ? eq(duplicateChecks.orgId, where.orgId) : undefined,
        where.accountId ? of(where.accountId) : undefined,
        where.silentSince ? lt(duplicateChecks.updatedAt, where.silentSince) : undefined,
      ),
    )
    .returning({ id: duplicateChecks.id, orgId: duplicateChecks.orgId })
}

/** Checks whose lists of objects go: those of an account, or all of the organization but the newest `keep`. */
export async function listCheckIds(
  db: Db,
  where: { orgId: string; accountId?: string; keep?: number },
): Promise<string[]> {
  const rows = await db.execute<{ id: string }>(sql`
    select id from duplicate_checks c where org_id = ${where.orgId}
      ${where.accountId ? sql`and exists (select from duplicate_buckets b where b.check_id = c.id and b.account_id = ${where.accountId})` : sql``}
    order by created_at desc offset ${where.keep ?? 0}`)
  return rows.map(({ id }) => id)
}
