/**
 * Machine types a cloud sells. They come from the table `machine_types`, whose prices are on-demand list prices in USD
 * per hour, good for 60 days. Only the ratio of two prices is used, so an organization's discounts, its currency and
 * part-time running carry over from what the resource really costs.
 */
import { sql, type SQL } from 'drizzle-orm'
import { ago, type Check } from '../recommendation.ts'

export const hoursPerMonth = 720

const validDays = 60

/** A family's sizes may differ a little in memory per CPU; less than this share of the current one is a different machine. */
const sameMemory = 0.95

/** A price of `alias` that is young enough to advise by. */
export const onSale = (check: Check, alias: SQL): SQL =>
  sql`${alias}.cloud = ${check.cloud} and ${alias}.seen_at > ${ago(check, validDays)}`

/** The system and edition of the resource `r` in the words of the price list: of machines as discovery or bills say it (`preinstalled`), of databases by engine. */
const machine = {
  os: sql`coalesce(nullif(r.facts->>'os', ''), 'Linux')`,
  software: sql`coalesce(nullif(r.facts->>'software', ''), nullif(r.facts->>'preinstalled', ''), 'NA')`,
}
const engine = sql`lower(r.facts->>'engine')`
const database = {
  os: sql`case when ${engine} = 'postgres' then 'PostgreSQL' when ${engine} = 'mysql' then 'MySQL'
    when ${engine} = 'mariadb' then 'MariaDB' when ${engine} = 'aurora-mysql' then 'Aurora MySQL'
    when ${engine} = 'aurora-postgresql' then 'Aurora PostgreSQL' when ${engine} like 'sqlserver%' then 'SQL Server'
    when ${engine} like 'oracle%' then 'Oracle' when ${engine} like 'db2%' then 'Db2' end`,
  software: sql`case when ${engine} = 'sqlserver-web' then 'Web' when ${engine} = 'sqlserver-ex' then 'Express'
    when ${engine} = 'oracle-se2' then 'Standard Two' when ${engine} like 'sqlserver-se' or ${engine} = 'db2-se' then 'Standard'
    when ${engine} like 'sqlserver-ee' or ${engine} = 'db2-ae' then 'Enterprise' when ${engine} like 'oracle-ee%' then 'Enterprise'
    else 'NA' end`,
}
const systems = { Instance: machine, 'RDS Instance': database }
export type Machine = keyof typeof systems

/**
 * A lateral table with the machine type of `r` as it is now: `name, family, series, generation, cpus, memory_gib,
 * hourly_price, os, software, region`. There is one at most; the limit keeps the planner from guessing that five equal
 * columns leave next to nothing of a million instances, and from nesting loops over them.
 */
export const currentFlavor = (check: Check, type: Machine = 'Instance'): SQL => sql`(
  select t.* from machine_types t
  where ${onSale(check, sql`t`)} and t.region = r.region and t.name = r.facts->>'flavor'
    and t.os = ${systems[type].os} and t.software = ${systems[type].software}
  limit 1
)`

/** What can stand in for `current` at all: a machine type `t` of the same system and edition, on sale. */
export const sameSystem = (check: Check, current: SQL): SQL =>
  sql`${onSale(check, sql`t`)} and t.os = ${current}.os and t.software = ${current}.software`

/**
 * A lateral table with the smallest machine type of the family of `current` that has at least `cpus`, the cheapest of
 * that size: same region and system, and no less memory per CPU, because only CPU is measured.
 */
export const smallerFlavor = (check: Check, current: SQL, cpus: SQL): SQL => sql`(
  select t.* from machine_types t
  where ${sameSystem(check, current)} and t.region = ${current}.region
    and t.family = ${current}.family and t.cpus >= ${cpus}
    and t.memory_gib * ${current}.cpus >= ${sameMemory}::float8 * ${current}.memory_gib * t.cpus
  order by t.cpus, t.hourly_price, t.name limit 1
)`

/**
 * A lateral table with the successor of the machine type `current` of `r`: of the same series the highest generation above
 * its own, the cheapest of that; same region, system, edition, CPUs and memory, and the instance's architecture (all of the
 * type's when that is not known). Nothing for a type the cloud still counts as current.
 */
export const newerFlavor = (check: Check, current: SQL): SQL => sql`(
  select t.* from machine_types t
  where ${current}.current_generation is false and t.current_generation
    and ${sameSystem(check, current)} and t.region = ${current}.region
    and t.series = ${current}.series and t.generation > ${current}.generation
    and t.cpus = ${current}.cpus and t.memory_gib = ${current}.memory_gib
    and string_to_array(t.architecture, ',') @> string_to_array(
      coalesce(nullif(r.facts->>'architecture', ''), ${current}.architecture), ',')
  order by t.generation desc, t.hourly_price, t.name limit 1
)`

/**
 * What a resource costs per 30 days, as the basis a share of list prices is taken of: its own cost `daily`; in
 * organizations that count in USD, as price lists do, at most the list price `hourly` itself, because the rest of its
 * cost (traffic, for one) would stay.
 */
export const monthlyBasis = (check: Check, daily: SQL, hourly: SQL): SQL =>
  check.currency === 'USD' ? sql`least(${daily} * 30, ${hourly} * ${hoursPerMonth}::int)` : sql`(${daily} * 30)`
