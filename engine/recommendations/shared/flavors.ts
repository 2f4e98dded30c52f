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

/** A lateral table with the machine type of `r` as it is now (bills call the software `preinstalled`): `name, family, cpus, memory_gib, hourly_price, os, software, region`. */
export const currentFlavor = (check: Check): SQL => sql`(
  select t.* from machine_types t
  where ${onSale(check, sql`t`)} and t.region = r.region and t.name = r.facts->>'flavor'
    and t.os = coalesce(nullif(r.facts->>'os', ''), 'Linux')
    and t.software = coalesce(nullif(r.facts->>'software', ''), nullif(r.facts->>'preinstalled', ''), 'NA')
)`

/**
 * A lateral table with the smallest machine type of the family of `current` that has at least `cpus`, the cheapest of
 * that size: same region, system and software, and no less memory per CPU, because only CPU is measured.
 */
export const smallerFlavor = (check: Check, current: SQL, cpus: SQL): SQL => sql`(
  select t.* from machine_types t
  where ${onSale(check, sql`t`)} and t.region = ${current}.region and t.os = ${current}.os and t.software = ${current}.software
    and t.family = ${current}.family and t.cpus >= ${cpus}
    and t.memory_gib * ${current}.cpus >= ${sameMemory}::float8 * ${current}.memory_gib * t.cpus
  order by t.cpus, t.hourly_price, t.name limit 1
)`

/**
 * A lateral table with the successor of the machine type `current` of `r`: of the same series the highest generation above
 * its own, the cheapest of that; same region, system, software, CPUs and memory, and the instance's architecture (all of the
 * type's when that is not known). Nothing for a type the cloud still counts as current.
 */
export const newerFlavor = (check: Check, current: SQL): SQL => sql`(
  select t.* from machine_types t
  where ${current}.current_generation is false and t.current_generation
    and ${onSale(check, sql`t`)} and t.region = ${current}.region and t.os = ${current}.os
    and t.software = ${current}.software and t.series = ${current}.series and t.generation > ${current}.generation
    and t.cpus = ${current}.cpus and t.memory_gib = ${current}.memory_gib
    and string_to_array(t.architecture, ',') @> string_to_array(
      coalesce(nullif(r.facts->>'architecture', ''), ${current}.architecture), ',')
  order by t.generation desc, t.hourly_price, t.name limit 1
)`

/** One sentence when no valid machine type of the cloud is known. */
export const noPriceList = (check: Check): SQL => sql`
  select 'There is no price list of machine types for this cloud yet, so no instance was judged.' as missing
  where not exists (select from machine_types t where ${onSale(check, sql`t`)})`
