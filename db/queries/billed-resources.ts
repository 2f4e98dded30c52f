import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { stage, type CopyText } from './staging.ts'

/**
 * Takes what a bill says about resources: new ones are made in `poolId`, known ones are widened. The bill adds tags and
 * fills what is empty; what discovery or a person said stays. Leaves the temporary table `billed_ids` (resource_key,
 * id). Returns the ids of the new ones.
 */
export async function mergeBilledResources(
  db: Db,
  where: { orgId: string; accountId: string; poolId: string; now: Date; rows: CopyText },
): Promise<string[]> {
  const { orgId, accountId, poolId } = where
  await stage(db, 'staged_resources', {
    definition: sql`resource_key text not null, name text, type text, service text, region text, tags jsonb,
      facts jsonb, first_day date, last_day date`,
    rows: where.rows,
  })
  const first = sql`(s.first_day::timestamp at time zone 'UTC')`
  const last = sql`least(((s.last_day + 1)::timestamp at time zone 'UTC') - interval '1 second',
    greatest(${where.now.toISOString()}::timestamptz, ${first}))`
  await db.execute(sql`
    update resources r set
      first_seen_at = least(r.first_seen_at, ${first}), last_seen_at = greatest(r.last_seen_at, ${last}),
      name = coalesce(nullif(r.name, ''), s.name), type = coalesce(nullif(r.type, ''), s.type),
      service = coalesce(nullif(r.service, ''), s.service), region = coalesce(nullif(r.region, ''), s.region),
      tags = s.tags || r.tags, facts = s.facts || r.facts
    from staged_resources s
    where r.account_id = ${accountId} and r.cloud_resource_id = s.resource_key and (
      r.first_seen_at > ${first} or r.last_seen_at < ${last} or not r.tags @> (s.tags || r.tags)
      or not r.facts @> (s.facts || r.facts)
      or r.name = '' and s.name <> '' or r.type = '' and s.type <> '' or r.service = '' and s.service <> ''
      or r.region = '' and s.region <> '')`)
  const made = await db.execute<{ id: string }>(sql`
    insert into resources (org_id, account_id, cloud_resource_id, name, type, service, region, pool_id, tags, facts,
      first_seen_at, last_seen_at)
    select ${orgId}, ${accountId}, s.resource_key, left(s.name, 512), s.type, s.service, s.region, ${poolId}, s.tags,
      s.facts, ${first}, ${last}
    from staged_resources s
    where not exists (
      select from resources r where r.account_id = ${accountId} and r.cloud_resource_id = s.resource_key)
    order by s.resource_key
    on conflict on constraint resources_once do nothing
    returning id`)
  await db.execute(sql`drop table if exists billed_ids`)
  await db.execute(sql`
    create temp table billed_ids on commit drop as
    select s.resource_key, r.id from staged_resources s
    join resources r on r.account_id = ${accountId} and r.cloud_resource_id = s.resource_key`)
  await db.execute(sql`analyze billed_ids`)
  return made.map((row) => row.id)
}
