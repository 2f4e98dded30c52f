import { and, asc, eq, getTableColumns, isNotNull, isNull, ne, notInArray, sql, type SQL } from 'drizzle-orm'
import { rawSql, type Db } from '../client.ts'
import { accounts, discoveries, type Discovery } from '../schema/cloud-accounts.ts'
import type { Cloud } from '../vocabulary.ts'

/** What was read of an account: a resource type in a region, 'metrics', 'prices …' or 'bill' (region ''). */
export type DiscoveryKey = { orgId: string; accountId: string; resourceType: string; region: string }

/** Whether the resources of the account `accountId` (SQL) were ever read; its bill or metrics alone show nothing of what lives. */
export const wasDiscovered = (accountId: SQL): SQL => sql`exists (
  select 1 from discoveries d
  where d.account_id = ${accountId} and d.last_discovery_at is not null and d.resource_type not in ('bill', 'metrics')
    and d.resource_type not like 'prices%')`

/** Notes that these were read completely; their errors are over. */
export async function setDiscovered(db: Db, keys: DiscoveryKey[], at: Date): Promise<void> {
  if (keys.length === 0) return
  await db
    .insert(discoveries)
    .values(keys.map((key) => ({ ...key, lastDiscoveryAt: at })))
    .onConflictDoUpdate({
      target: [discoveries.accountId, discoveries.resourceType, discoveries.region],
      set: { lastDiscoveryAt: sql`excluded.last_discovery_at`, lastErrorAt: null, lastError: null },
    })
}

/** Notes what could not be read and why; when it was last read stays. */
export async function setNotDiscovered(
  db: Db,
  failures: (DiscoveryKey & { error: string })[],
  at: Date,
): Promise<void> {
  if (failures.length === 0) return
  await db
    .insert(discoveries)
    .values(failures.map(({ error, ...key }) => ({ ...key, lastErrorAt: at, lastError: error })))
    .onConflictDoUpdate({
      target: [discoveries.accountId, discoveries.resourceType, discoveries.region],
      set: { lastErrorAt: sql`excluded.last_error_at`, lastError: sql`excluded.last_error` },
    })
}

/** What was read of an account and when, by type and region. */
export async function listDiscoveries(db: Db, where: { orgId: string; accountId: string }): Promise<Discovery[]> {
  return db
    .select()
    .from(discoveries)
    .where(and(eq(discoveries.orgId, where.orgId), eq(discoveries.accountId, where.accountId)))
    .orderBy(asc(discoveries.resourceType), asc(discoveries.region))
}

/** What went wrong when checked accounts of the organization were read last, with the account it befell. */
export async function listFailedDiscoveries(
  db: Db,
  orgId: string,
): Promise<(Discovery & { accountName: string; cloud: Cloud })[]> {
  const rows = await db
    .select({ ...getTableColumns(discoveries), accountName: accounts.name, cloud: accounts.cloud })
    .from(discoveries)
    .innerJoin(accounts, eq(accounts.id, discoveries.accountId))
    .where(
      and(
        eq(discoveries.orgId, orgId),
        isNotNull(discoveries.lastError),
        isNull(accounts.deletedAt),
        eq(accounts.processRecommendations, true),
      ),
    )
    .orderBy(asc(accounts.name), asc(discoveries.resourceType), asc(discoveries.region))
  return rows
}

/** Forgets what went wrong with an account: its key or settings are new. */
export async function setErrorsForgotten(db: Db, accountId: string): Promise<void> {
  await db.update(discoveries).set({ lastErrorAt: null, lastError: null }).where(eq(discoveries.accountId, accountId))
}

/** Forgets the notes of regions that are not in the list any more. */
export async function deleteOtherRegions(db: Db, where: { accountId: string; regions: string[] }): Promise<void> {
  await db
    .delete(discoveries)
    .where(
      and(
        eq(discoveries.accountId, where.accountId),
        ne(discoveries.region, ''),
        where.regions.length ? notInArray(discoveries.region, where.regions) : undefined,
      ),
    )
}

/** A resource as `upsertSeenResources` stores it; the `last…At` instants are null when the good state was not seen now. */
export type SeenRow = {
  cloudResourceId: string
  name: string
  type: string
  service: string
  region: string
  tags: Record<string, string>
  facts: Record<string, unknown>
  firstSeenAt: Date
  cloudCreatedAt: Date | null
  attached: boolean | null
  lastAttachedAt: Date | null
  available: boolean | null
  lastUsedAt: Date | null
  stoppedAllocated: boolean | null
  lastNotStoppedAt: Date | null
  spot: boolean
}

/**
 * Stores what discovery saw at `at` and makes it active; returns the ids of resources that are new, which lie in `poolId`
 * until rules speak. Tags are replaced except those the bill alone knows (`aws:…`); facts of the bill stay beside ours.
 */
export async function upsertSeenResources(
  db: Db,
  where: { orgId: string; accountId: string; poolId: string; at: Date },
  seen: SeenRow[],
): Promise<string[]> {
  const ourFacts = [...new Set(seen.flatMap((each) => Object.keys(each.facts)))]
  const rows = await rawSql(db)`
    insert into resources as r (org_id, account_id, pool_id, active, last_seen_at, first_seen_at, cloud_resource_id, name,
      type, service, region, tags, facts, cloud_created_at, attached, last_attached_at, available, last_used_at,
      stopped_allocated, last_not_stopped_at, spot)
    select ${where.orgId}, ${where.accountId}, ${where.poolId}, true, ${where.at.toISOString()}, s."firstSeenAt",
      s."cloudResourceId", s.name, s.type, s.service, s.region, s.tags, s.facts, s."cloudCreatedAt",
      s.attached, s."lastAttachedAt", s.available, s."lastUsedAt", s."stoppedAllocated", s."lastNotStoppedAt", s.spot
    from jsonb_to_recordset(${JSON.stringify(seen)}::text::jsonb) as s ("cloudResourceId" text, name text, type text,
      service text, region text, tags jsonb, facts jsonb, "firstSeenAt" timestamptz, "cloudCreatedAt" timestamptz,
      attached boolean, "lastAttachedAt" timestamptz, available boolean, "lastUsedAt" timestamptz,
      "stoppedAllocated" boolean, "lastNotStoppedAt" timestamptz, spot boolean)
    order by s."cloudResourceId"
    on conflict (account_id, cloud_resource_id) do update set
      active = true, name = excluded.name, type = excluded.type, region = excluded.region,
      service = coalesce(nullif(r.service, ''), excluded.service),
      tags = (select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(r.tags) where key like 'aws:%')
        || excluded.tags,
      facts = (r.facts - ${ourFacts}::text[]) || excluded.facts,
      last_seen_at = greatest(r.last_seen_at, excluded.last_seen_at),
      first_seen_at = least(r.first_seen_at, excluded.first_seen_at),
      cloud_created_at = coalesce(excluded.cloud_created_at, r.cloud_created_at),
      attached = excluded.attached, last_attached_at = greatest(r.last_attached_at, excluded.last_attached_at),
      available = excluded.available, last_used_at = greatest(r.last_used_at, excluded.last_used_at),
      stopped_allocated = coalesce(excluded.stopped_allocated, r.stopped_allocated),
      last_not_stopped_at = greatest(r.last_not_stopped_at, excluded.last_not_stopped_at), spot = excluded.spot
    returning id, (xmax = 0) as made`
  return rows.filter((row) => row.made).map((row) => row.id as string)
}

/**
 * Notes at `at` which snapshots of an account are needed now, because clouds do not say when one last was: its source
 * volume lives, an image is made from it, or a volume made from it lives. Returns how many.
 */
export async function setSnapshotsUsed(db: Db, where: { orgId: string; accountId: string; at: Date }): Promise<number> {
  const { orgId, accountId } = where
  const used = await db.execute(sql`
    with needed as (
      select jsonb_array_elements_text(i.facts->'snapshotIds') as id from inventory i
      where i.account_id = ${accountId} and i.kind = 'image' and i.active
      union
      select v.facts->>'snapshotId' from resources v
      where v.account_id = ${accountId} and v.type = 'Volume' and v.active and v.facts ? 'snapshotId'
      union
      select s.cloud_resource_id from resources s join resources v on v.account_id = s.account_id and v.type = 'Volume'
        and v.cloud_resource_id = s.facts->>'volumeId' and v.active
      where s.account_id = ${accountId} and s.type = 'Snapshot'
    )
    update resources r set last_used_at = greatest(r.last_used_at, ${where.at.toISOString()}::timestamptz)
    from needed n
    where r.org_id = ${orgId} and r.account_id = ${accountId} and r.type = 'Snapshot' and r.cloud_resource_id = n.id`)
  return used.count
}
