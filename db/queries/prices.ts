/** What clouds charge. Prices belong to no organization: they are public lists, read with somebody's key. */
import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import {
  cloudRegions,
  commitmentOffers,
  machineTypes,
  priceReadings,
  spotPrices,
  type CloudRegion,
  type PriceReading,
  type SpotPriceRow,
} from '../schema/prices.ts'
import type { PricePart } from '../vocabulary.ts'

/** Stores machine types; a known one gets the newer price, and keeps what the newer list does not say. Each key once. */
export async function upsertMachineTypes(db: Db, rows: (typeof machineTypes.$inferInsert)[]): Promise<void> {
  if (rows.length === 0) return
  const { cloud, region, name, os, software } = machineTypes
  await db
    .insert(machineTypes)
    .values(rows)
    .onConflictDoUpdate({
      target: [cloud, region, name, os, software],
      set: {
        ...taken({
          ...{ family: 'family', series: 'series', generation: 'generation', cpus: 'cpus', memoryGib: 'memory_gib' },
          ...{ hourlyPrice: 'hourly_price', sku: 'sku', seenAt: 'seen_at' },
        }),
        currentGeneration: sql`coalesce(excluded.current_generation, machine_types.current_generation)`,
        architecture: sql`coalesce(nullif(excluded.architecture, ''), machine_types.architecture)`,
      },
    })
}

/** Stores spot prices; what was the price then stays. */
export async function insertSpotPrices(db: Db, rows: SpotPriceRow[]): Promise<void> {
  if (rows.length) await db.insert(spotPrices).values(rows).onConflictDoNothing()
}

/** Forgets the spot prices of a region that were replaced before `before`. */
export async function deleteSpotPrices(db: Db, where: { cloud: string; region: string; before: Date }): Promise<void> {
  const { cloud, region, before } = where
  await db.execute(sql`
    delete from spot_prices s where s.cloud = ${cloud} and s.region = ${region}
      and s.at < ${before.toISOString()}::timestamptz
      and exists (select from spot_prices n where n.cloud = s.cloud and n.region = s.region and n.name = s.name
        and n.os = s.os and n.zone = s.zone and n.at > s.at and n.at < ${before.toISOString()}::timestamptz)`)
}

/** Stores commitment offers; a known one gets the newer price. Each key once. */
export async function upsertCommitmentOffers(db: Db, rows: (typeof commitmentOffers.$inferInsert)[]): Promise<void> {
  if (rows.length === 0) return
  const { cloud, region, flavor, os, software, tenancy, kind, offeringId } = commitmentOffers
  await db
    .insert(commitmentOffers)
    .values(rows)
    .onConflictDoUpdate({
      target: [cloud, region, flavor, os, software, tenancy, kind, offeringId],
      set: taken({
        ...{ family: 'family', class: 'class', payment: 'payment', termSeconds: 'term_seconds' },
        ...{ upfront: 'upfront', hourly: 'hourly', seenAt: 'seen_at' },
      }),
    })
}

/** Notes what was read when. */
export async function setPriceReadings(db: Db, rows: PriceReading[]): Promise<void> {
  if (rows.length === 0) return
  const { cloud, part, region, name } = priceReadings
  await db
    .insert(priceReadings)
    .values(rows)
    .onConflictDoUpdate({ target: [cloud, part, region, name], set: taken({ readAt: 'read_at' }) })
}

/** Makes a cloud's regions what its map says. */
export async function replaceCloudRegions(db: Db, cloud: string, rows: CloudRegion[]): Promise<void> {
  await db.execute(sql`delete from cloud_regions where cloud = ${cloud}
    and region <> all(${sql.param(rows.map(({ region }) => region))}::text[])`)
  if (rows.length === 0) return
  await db
    .insert(cloudRegions)
    .values(rows)
    .onConflictDoUpdate({
      target: [cloudRegions.cloud, cloudRegions.region],
      set: taken({ name: 'name', continent: 'continent', partition: 'partition' }),
    })
}

/** The columns that take the value of the row that could not be inserted. */
const taken = (columns: Record<string, string>) =>
  Object.fromEntries(Object.entries(columns).map(([key, column]) => [key, sql.raw(`excluded.${column}`)]))

/** A price that should be read again: `name` is a machine type, or empty for a whole region; null = never read. */
export type DuePrice = { part: PricePart; region: string; name: string; readAt: Date | null }

/** What of an account's active machines and databases has prices older than `since`, or none. */
export async function listDuePrices(
  db: Db,
  where: { orgId: string; accountId: string; cloud: string; since: Date },
): Promise<DuePrice[]> {
  const rows = await db.execute<Omit<DuePrice, 'readAt'> & { read_at: string | null }>(sql`
    with used as (
      select distinct r.type, r.region, r.facts->>'flavor' as flavor from resources r
      where r.org_id = ${where.orgId} and r.account_id = ${where.accountId} and r.active
        and r.type in ('Instance', 'RDS Instance') and r.region <> ''
    ), wanted as (
      select 'machines' as part, region, '' as name from used where type = 'Instance'
      union select 'databases', region, '' from used where type = 'RDS Instance'
      union select p.part, region, flavor from used
        cross join unnest(array['nearby', 'spot', 'reservations', 'plans']) as p (part)
        where type = 'Instance' and flavor <> ''
    )
    select w.part, w.region, w.name, r.read_at from wanted w
    left join price_readings r on r.cloud = ${where.cloud} and r.part = w.part and r.region = w.region and r.name = w.name
    where r.read_at is null or r.read_at < ${where.since.toISOString()}::timestamptz
    order by w.region, w.part, w.name`)
  return [...rows].map(({ part, region, name, read_at: at }) => ({
    ...{ part, region, name, readAt: at === null ? null : new Date(at) },
  }))
}
