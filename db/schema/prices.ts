import { boolean, index, integer, pgTable, primaryKey, text, doublePrecision } from 'drizzle-orm/pg-core'
import { commitmentKinds, priceParts } from '../vocabulary.ts'
import { instant, money } from './columns.ts'

/**
 * Machine types a cloud sells in a region and their on-demand price per hour in USD; valid 60 days after `seenAt`.
 * Databases are here too (`db.…`): their `os` is the engine and their `software` its edition, as the price list says.
 */
export const machineTypes = pgTable(
  'machine_types',
  {
    cloud: text('cloud').notNull(),
    region: text('region').notNull(),
    name: text('name').notNull(),
    os: text('os').notNull().default('Linux'),
    /** What comes installed and is paid with the hour: `NA`, `SQL Std` … in the words of the price list and of bills. */
    software: text('software').notNull().default('NA'),
    family: text('family').notNull(),
    /** What newer generations of the family share, and which one this is: `m5ad` is series `m`, generation 5. */
    series: text('series').notNull().default(''),
    generation: integer('generation'),
    /** Whether the cloud still counts the type as current; null when it does not say. */
    currentGeneration: boolean('current_generation'),
    /** The architectures it runs, sorted, with commas: `arm64`, `i386,x86_64`; empty when the cloud does not say. */
    architecture: text('architecture').notNull().default(''),
    cpus: integer('cpus').notNull(),
    memoryGib: doublePrecision('memory_gib').notNull(),
    hourlyPrice: money('hourly_price').notNull(),
    sku: text('sku').notNull().default(''),
    seenAt: instant('seen_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.cloud, t.region, t.name, t.os, t.software] }),
    index('machine_types_family').on(t.cloud, t.region, t.family, t.os, t.software),
    index('machine_types_name').on(t.cloud, t.name, t.os, t.software),
  ],
)
export type MachineType = typeof machineTypes.$inferSelect

/** Spot prices in USD per hour; each holds from `at` until the next one of the same zone, name and os. */
export const spotPrices = pgTable(
  'spot_prices',
  {
    cloud: text('cloud').notNull(),
    region: text('region').notNull(),
    zone: text('zone').notNull(),
    name: text('name').notNull(),
    os: text('os').notNull(),
    hourlyPrice: money('hourly_price').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.cloud, t.region, t.name, t.os, t.zone, t.at] })],
)
export type SpotPriceRow = typeof spotPrices.$inferSelect

/**
 * What a commitment to one machine type costs in USD; valid 60 days after `seenAt`. `os` and `software` are those of
 * `machine_types`. `ri`: `upfront` once and `hourly` for every hour of the term, used or not. `sp`: `hourly` is the
 * plan's rate for an hour of use whatever the payment option, `upfront` is 0.
 */
export const commitmentOffers = pgTable(
  'commitment_offers',
  {
    cloud: text('cloud').notNull(),
    region: text('region').notNull(),
    kind: text('kind', { enum: commitmentKinds }).notNull(),
    offeringId: text('offering_id').notNull(),
    flavor: text('flavor').notNull(),
    family: text('family').notNull(),
    os: text('os').notNull().default('Linux'),
    software: text('software').notNull().default('NA'),
    /** `default` (shared hardware) or `dedicated`. */
    tenancy: text('tenancy').notNull().default('default'),
    /** `standard` and `convertible` reservations, `compute` and `ec2_instance` plans. */
    class: text('class').notNull(),
    /** `All Upfront`, `Partial Upfront` or `No Upfront`. */
    payment: text('payment').notNull(),
    termSeconds: integer('term_seconds').notNull(),
    upfront: money('upfront').notNull(),
    hourly: money('hourly').notNull(),
    seenAt: instant('seen_at').notNull(),
  },
  (t) => [
    primaryKey({
      name: 'commitment_offers_once',
      columns: [t.cloud, t.region, t.flavor, t.os, t.software, t.tenancy, t.kind, t.offeringId],
    }),
  ],
)
export type CommitmentOfferRow = typeof commitmentOffers.$inferSelect

/** When a part of a cloud's prices was read last: of a whole region (`name` is empty) or of one machine type in use. */
export const priceReadings = pgTable(
  'price_readings',
  {
    cloud: text('cloud').notNull(),
    part: text('part', { enum: priceParts }).notNull(),
    region: text('region').notNull(),
    name: text('name').notNull().default(''),
    readAt: instant('read_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.cloud, t.part, t.region, t.name] })],
)
export type PriceReading = typeof priceReadings.$inferSelect

/** Where a cloud's regions lie: what is on the same `continent` and in the same `partition` is close. Kept from the adapter's map. */
export const cloudRegions = pgTable(
  'cloud_regions',
  {
    cloud: text('cloud').notNull(),
    region: text('region').notNull(),
    name: text('name').notNull(),
    continent: text('continent').notNull(),
    /** Regions of two partitions share neither accounts nor networks (public, government, China). */
    partition: text('partition').notNull(),
  },
  (t) => [primaryKey({ columns: [t.cloud, t.region] })],
)
export type CloudRegion = typeof cloudRegions.$inferSelect
