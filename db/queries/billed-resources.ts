import { sql } from 'drizzle-orm'
import { rawSql, type Db } from '../client.ts'
import { stage, type CopyText } from './staging.ts'

/** Who holds resources of a bill: by the number the bill says, '' for the account whose bill it is. New ones lie in `poolId`. */
export type Holder = { number: string; accountId: string; poolId: string }

/**
 * Takes what a bill says about resources: new ones are made in the pool of who holds them, known ones are widened. The
 * bill adds tags and fills what is empty; what discovery or a person said stays. Leaves the temporary tables
 * `billed_ids` (resource_key, holder, id). Returns the ids of the new ones.
 */
export async function mergeBilledResources(
  db: Db,
  where: { orgId: string; holders: Holder[]; now: Date; rows: CopyText },
): Promise<string[]> {
  const { orgId } = where
  await db.execute(sql`drop table if exists bill_holders`)
  await db.execute(sql`
    create temp table bill_holders on commit drop as
    select number, "accountId" as account_id, "poolId" as pool_id
    from jsonb_to_recordset(${JSON.stringify(where.holders)}::jsonb) as h (number text, "accountId" uuid, "poolId" uuid)`)
  await db.execute(sql`analyze bill_holders`)
  await stage(db, 'staged_resources', {
    definition: sql`resource_key text not null, former_key text not null, holder text not null, name text, type text, service text, region text, tags jsonb,
      facts jsonb, first_day date, last_day date`,
    by: 'resource_key',
    rows: where.rows,
  })
  await renameFormer(db)
  const first = sql`(s.first_day::timestamp at time zone 'UTC')`
  const last = sql`least(((s.last_day + 1)::timestamp at time zone 'UTC') - interval '1 second',
    greatest(${where.now.toISOString()}::timestamptz, ${first}))`
  await db.execute(sql`
    update resources r set
      first_seen_at = least(r.first_seen_at, ${first}), last_seen_at = greatest(r.last_seen_at, ${last}),
      name = coalesce(nullif(r.name, ''), s.name), type = coalesce(nullif(r.type, ''), s.type),
      service = coalesce(nullif(r.service, ''), s.service), region = coalesce(nullif(r.region, ''), s.region),
      tags = s.tags || r.tags, facts = s.facts || r.facts
    from staged_resources s join bill_holders h on h.number = s.holder
    where r.account_id = h.account_id and r.cloud_resource_id = s.resource_key and (
      r.first_seen_at > ${first} or r.last_seen_at < ${last} or not r.tags @> (s.tags || r.tags)
      or not r.facts @> (s.facts || r.facts)
      or r.name = '' and s.name <> '' or r.type = '' and s.type <> '' or r.service = '' and s.service <> ''
      or r.region = '' and s.region <> '')`)
  const made = await db.execute<{ id: string }>(sql`
    insert into resources (org_id, account_id, cloud_resource_id, name, type, service, region, pool_id, tags, facts,
      first_seen_at, last_seen_at)
    select ${orgId}, h.account_id, s.resource_key, left(s.name, 512), s.type, s.service, s.region, h.pool_id, s.tags,
      s.facts, ${first}, ${last}
    from staged_resources s join bill_holders h on h.number = s.holder
    where not exists (
      select from resources r where r.account_id = h.account_id and r.cloud_resource_id = s.resource_key)
    order by s.resource_key
    on conflict on constraint resources_once do nothing
    returning id`)
  await db.execute(sql`drop table if exists billed_ids`)
  await db.execute(sql`
    create temp table billed_ids on commit drop as
    select s.resource_key, s.holder, r.id from staged_resources s join bill_holders h on h.number = s.holder
    join resources r on r.account_id = h.account_id and r.cloud_resource_id = s.resource_key`)
  await db.execute(sql`analyze billed_ids`)
  return made.map((row) => row.id)
}

/**
 * Gives resources that older versions knew by a shorter key the key of now, so that they keep what was decided about them.
 * Where one key stood for several of one name, the one in its region gets it, and the others are made anew.
 */
async function renameFormer(db: Db): Promise<void> {
  await db.execute(sql`
    update resources r set cloud_resource_id = n.resource_key from (
      select distinct on (o.id) o.id, s.resource_key
      from staged_resources s join bill_holders h on h.number = s.holder
      join resources o on o.account_id = h.account_id and o.cloud_resource_id = s.former_key and not o.active
        and o.service = s.service
      where s.former_key <> '' and not exists (
        select from resources k where k.account_id = h.account_id and k.cloud_resource_id = s.resource_key)
      order by o.id, (s.region = o.region) desc, s.last_day desc, s.resource_key
    ) n where r.id = n.id`)
}

/** Which resource of ours the one with a key is, as `holder` has it. */
export type BilledId = { resourceKey: string; holder: string; id: string }

/** The resources of the bill, many at a time, read as fast as they are taken. Call `mergeBilledResources` before. */
export function listBilledIds(db: Db): AsyncIterable<BilledId[]> {
  return rawSql(db)<BilledId[]>`select resource_key as "resourceKey", holder, id from billed_ids`.cursor(10_000)
}
