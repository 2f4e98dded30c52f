import { numeric, timestamp, uuid } from 'drizzle-orm/pg-core'

/** An instant, stored in UTC. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** An exact amount in the organization's currency, read as a decimal string. */
export const money = (name: string) => numeric(name)

/** A primary key nobody has to guess or count. */
export const id = () => uuid('id').primaryKey().defaultRandom()

/** Columns to change; undefined ones stay as they are. */
export type Changes<Row> = { [Column in keyof Row]?: Row[Column] | undefined }
