import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { quickly, type Pulse } from './pulse.ts'

/** The raw connection pool: COPY, LISTEN and transactions that drizzle cannot express. */
export type Sql = postgres.Sql

/** A connection or an open transaction; queries take it first and never ask which. */
export type Db = Omit<PostgresJsDatabase, '$client'>

export type Database = { db: PostgresJsDatabase & { $client: Sql }; sql: Sql; close: () => Promise<void> }

export type ConnectOptions = {
  max?: number
  name?: string
  lockTimeoutMs?: number
  statementTimeoutMs?: number
  /** Cuts the pool's connections when the way to the database is gone; without one they wait. */
  pulse?: Pulse
}

/**
 * Connects a pool. A dead client must not keep its backends waiting, so every session has lock, statement and
 * idle-in-transaction time-outs (measured in spec: 69 backends stayed without them). Money and dates stay strings.
 */
export function connect(url: string, options: ConnectOptions = {}): Database {
  const sql = postgres(url, {
    ...quickly,
    ...options.pulse?.dialed,
    max: options.max ?? 10,
    connection: {
      application_name: options.name ?? 'finops',
      lock_timeout: options.lockTimeoutMs ?? 10_000,
      statement_timeout: options.statementTimeoutMs ?? 60_000,
      idle_in_transaction_session_timeout: 60_000,
      TimeZone: 'UTC',
    },
  })
  const db = drizzle(sql)
  return { db, sql, close: () => sql.end({ timeout: 5 }) }
}

/**
 * The postgres.js handle under a drizzle connection or transaction, for COPY and cursors.
 * Guarantee: both are made by drizzle's postgres-js driver, whose session keeps the client it was given.
 */
export function rawSql(db: Db): Sql {
  return (db as unknown as { _: { session: { client: Sql } } })._.session.client
}
