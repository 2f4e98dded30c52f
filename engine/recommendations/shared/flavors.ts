/**
 * Machine types a cloud sells. They come from the table `machine_types`, whose prices are on-demand list prices in USD
 * per hour, good for 60 days. Only the ratio of two prices is used, so an organization's discounts, its currency and
 * part-time running carry over from what the resource really costs.
 */
import { sql, type SQL } from 'drizzle-orm'
import { ago, type Check } from '../recommendation.ts'

const validDays = 60

/** A family's sizes may differ a little in memory per CPU; less than this share of the current one is a different machine. */
const sameMemory = 0.95

const onSale = (check: Check, alias: SQL): SQL =>
  sql`${alias}.cloud = ${check.cloud} and ${alias}.seen_at > ${ago(check, validDays)}`

/** A lateral table with the machine type of `r` as it is now: `name, family, cpus, memory_gib, hourly_price, os, region`. */
export const currentFlavor = (check: Check): SQL => sql`(
  select t.* from machine_types t
  where ${onSale(check, sql`t`)} and t.region = r.region and t.name = r.facts->>'flavor'
    and t.os = coalesce(nullif(r.facts->>'os', ''), 'Linux')
)`

/**
 * A lateral table with the smallest machine type of the family of `current` that has at least `cpus`, the cheapest of
 * that size: same region and system, and no less memory per CPU, because only CPU is measured.
 */
export const smallerFlavor = (check: Check, current: SQL, cpus: SQL): SQL => sql`(
  select t.* from machine_types t
  where ${onSale(check, sql`t`)} and t.region = ${current}.region and t.os = ${current}.os
    and t.family = ${current}.family and t.cpus >= ${cpus}
    and t.memory_gib * ${current}.cpus >= ${sameMemory}::float8 * ${current}.memory_gib * t.cpus
  order by t.cpus, t.hourly_price, t.name limit 1
)`

/** One sentence when no valid machine type of the cloud is known. */
export const noPriceList = (check: Check): SQL => sql`
  select 'There is no price list of machine types for this cloud yet, so no instance was judged.' as missing
  where not exists (select from machine_types t where ${onSale(check, sql`t`)})`
