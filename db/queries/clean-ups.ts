/** Clean-ups: what people chose, what was approved, what is left of it. */
import { and, desc, eq, gte, inArray, lt, or, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { cleanUps, type CleanUp } from '../schema/clean-ups.ts'
import type { Changes } from '../schema/columns.ts'
import { people } from '../schema/organizations.ts'
import type { ArchiveReason } from '../vocabulary.ts'

type Person = { orgId: string; personId: string }

/** A clean-up of the organization, or null. */
export async function findCleanUp(db: Db, where: { orgId: string; id: string }): Promise<CleanUp | null> {
  const [row] = await db
    .select()
    .from(cleanUps)
    .where(and(eq(cleanUps.orgId, where.orgId), eq(cleanUps.id, where.id)))
  return row ?? null
}

/** The clean-up, locked until the transaction ends, or null. */
export async function lockCleanUp(db: Db, where: { orgId: string; id: string }): Promise<CleanUp | null> {
  const [row] = await db
    .select()
    .from(cleanUps)
    .where(and(eq(cleanUps.orgId, where.orgId), eq(cleanUps.id, where.id)))
    .for('update')
  return row ?? null
}

/** The list the person is choosing, or null. */
export async function findChoosing(db: Db, where: Person): Promise<CleanUp | null> {
  const [row] = await db
    .select()
    .from(cleanUps)
    .where(and(eq(cleanUps.orgId, where.orgId), eq(cleanUps.personId, where.personId), eq(cleanUps.state, 'choosing')))
  return row ?? null
}

/** Requests of a person follow each other, until the transaction ends. */
export async function lockCleanUpsOf(db: Db, { orgId, personId }: Person): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`clean-ups ${orgId} ${personId}`}, 0))`)
}

/** The same list the person asked for before and that is not done yet, or null. */
export async function findRequested(db: Db, where: Person & { sha256: string }): Promise<CleanUp | null> {
  const [row] = await db
    .select()
    .from(cleanUps)
    .where(
      and(
        eq(cleanUps.orgId, where.orgId),
        eq(cleanUps.personId, where.personId),
        eq(cleanUps.sha256, where.sha256),
        inArray(cleanUps.state, ['waiting_approval', 'handed_over']),
      ),
    )
  return row ?? null
}

/** Puts a finding on the person's list; being there already is fine. */
export async function upsertChosen(db: Db, row: Person & { findingId: string; at: Date }): Promise<void> {
  const chosen = JSON.stringify([row.findingId])
  await db.execute(sql`
    insert into clean_ups (org_id, person_id, chosen, created_at)
    values (${row.orgId}, ${row.personId}, ${chosen}::text::jsonb, ${row.at.toISOString()})
    on conflict (org_id, person_id) where state = 'choosing' do update
    set chosen = clean_ups.chosen || excluded.chosen where not clean_ups.chosen @> excluded.chosen`)
}

/** Takes a finding off the person's list, or all of them. */
export async function deleteChosen(db: Db, where: Person & { findingId?: string }): Promise<void> {
  const left = where.findingId === undefined ? sql`'[]'::jsonb` : sql`chosen - ${where.findingId}::text`
  await db.execute(sql`update clean_ups set chosen = ${left}
    where org_id = ${where.orgId} and person_id = ${where.personId} and state = 'choosing'`)
}

/** A new clean-up, as chosen so far. */
export async function insertCleanUp(db: Db, row: typeof cleanUps.$inferInsert): Promise<CleanUp> {
  const [made] = await db.insert(cleanUps).values(row).returning()
  return made!
}

/** Changes a clean-up and counts the change, so that older buttons are recognised. */
export async function updateCleanUp(
  db: Db,
  where: { orgId: string; id: string; set: Changes<CleanUp> },
): Promise<CleanUp> {
  const [row] = await db
    .update(cleanUps)
    .set({ ...where.set, rev: sql`${cleanUps.rev} + 1` })
    .where(and(eq(cleanUps.orgId, where.orgId), eq(cleanUps.id, where.id)))
    .returning()
  return row!
}

/** A clean-up with the name of who asked for it. */
export type CleanUpRow = CleanUp & { personName: string }

/** Clean-ups that wait, are out, or were looked at to the end since `since`, the newest first; at most `limit`. */
export async function listCleanUps(
  db: Db,
  where: { orgId: string; since: Date; limit: number },
): Promise<CleanUpRow[]> {
  const rows = await db
    .select({ cleanUp: cleanUps, personName: people.name })
    .from(cleanUps)
    .innerJoin(people, eq(people.id, cleanUps.personId))
    .where(
      and(
        eq(cleanUps.orgId, where.orgId),
        or(
          inArray(cleanUps.state, ['waiting_approval', 'handed_over']),
          and(eq(cleanUps.state, 'verified'), gte(cleanUps.verifiedAt, where.since)),
        ),
      ),
    )
    .orderBy(desc(cleanUps.requestedAt), desc(cleanUps.id))
    .limit(where.limit)
  return rows.map(({ cleanUp, personName }) => ({ ...cleanUp, personName }))
}

/** Requests nobody answered in time, of all organizations. */
export async function listOverdueCleanUps(db: Db, now: Date): Promise<CleanUp[]> {
  return db
    .select()
    .from(cleanUps)
    .where(and(eq(cleanUps.state, 'waiting_approval'), lt(cleanUps.expiresAt, now)))
}

/** What is known now about an item of a clean-up that is out. */
export type CleanUpTrace = {
  id: string
  n: number
  /** Still advised. */
  advised: boolean
  /** Why the finding ended since the request. */
  reason: ArchiveReason | null
  active: boolean | null
  type: string | null
  state: string | null
  attached: boolean | null
  /** An image that needs this snapshot. */
  image: string | null
  /** Of a thing that is no resource: whether discovery still sees it. */
  present: boolean | null
  /** Was the account looked at since the scripts ran (or were handed over)? */
  seen: boolean
}

/** The items of clean-ups that are out, or were verified since `since` with something left, in order. */
export async function listCleanUpTraces(db: Db, where: { orgId: string; since: Date }): Promise<CleanUpTrace[]> {
  const rows = await db.execute<CleanUpTrace>(sql`
    select c.id, (i.n - 1)::int as n, f.id is not null as advised, a.reason, r.active, r.type, r.facts->>'state' as state,
      r.attached, image.cloud_id as image, thing.active as present,
      not exists (select from discoveries d where d.account_id = (i.item->>'accountId')::uuid and d.last_discovery_at is not null)
        or exists (select from discoveries d where d.account_id = (i.item->>'accountId')::uuid
          and d.resource_type = coalesce(r.type, thing.kind, d.resource_type)
          and (r.region is null or d.region in ('', r.region))
          and d.last_discovery_at >= coalesce(c.ran_at, c.requested_at)) as seen
    from clean_ups c
    cross join lateral jsonb_array_elements(c.items) with ordinality i (item, n)
    left join findings f on f.org_id = c.org_id and f.recommendation = i.item->>'recommendation'
      and f.account_id = (i.item->>'accountId')::uuid and f.key = i.item->>'key'
    left join lateral (
      select e.reason from archived_findings e
      where e.org_id = c.org_id and e.recommendation = i.item->>'recommendation'
        and e.account_id = (i.item->>'accountId')::uuid and e.key = i.item->>'key' and e.archived_at >= c.requested_at
      order by e.archived_at desc limit 1
    ) a on true
    left join resources r on r.id = (i.item->>'resourceId')::uuid
    left join lateral (
      select v.active, v.kind from inventory v
      where r.id is null and v.account_id = (i.item->>'accountId')::uuid and v.cloud_id = i.item->>'key' limit 1
    ) thing on true
    left join lateral (
      select v.cloud_id from inventory v
      where r.type = 'Snapshot' and v.account_id = r.account_id and v.kind = 'image' and v.active
        and v.facts->'snapshotIds' ? r.cloud_resource_id limit 1
    ) image on true
    where c.org_id = ${where.orgId} and (c.state = 'handed_over' or c.state = 'verified'
      and c.verified_at >= ${where.since.toISOString()}::timestamptz)
    order by c.id, i.n`)
  return [...rows]
}

/** Is there a clean-up of this account whose scripts ran since then and that nobody has verified yet? */
export async function hasRunCleanUp(
  db: Db,
  where: { orgId: string; accountId: string; since: Date },
): Promise<boolean> {
  const [row] = await db.execute<{ there: boolean }>(sql`
    select exists (select from clean_ups c where c.org_id = ${where.orgId} and c.state = 'handed_over'
      and c.ran_at >= ${where.since.toISOString()}::timestamptz
      and c.items @> ${JSON.stringify([{ accountId: where.accountId }])}::text::jsonb) as there`)
  return row!.there
}
