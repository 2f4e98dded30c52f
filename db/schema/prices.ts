import { integer, pgTable, primaryKey, text, doublePrecision } from 'drizzle-orm/pg-core'
import { instant, money } from './columns.ts'

/** Machine types a cloud sells in a region and their on-demand price per hour in USD; valid 60 days after `seenAt`. */
export const machineTypes = pgTable(
  'machine_types',
  {
    cloud: text('cloud').notNull(),
    region: text('region').notNull(),
    name: text('name').notNull(),
    os: text('os').notNull().default('Linux'),
    family: text('family').notNull(),
    cpus: integer('cpus').notNull(),
    memoryGib: doublePrecision('memory_gib').notNull(),
    hourlyPrice: money('hourly_price').notNull(),
    seenAt: instant('seen_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.cloud, t.region, t.name, t.os] })],
)
export type MachineType = typeof machineTypes.$inferSelect
