import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { keepApart } from './row-security.ts'

/**
 * Applies the migrations in order, once, and keeps organizations apart by row-level security. Two processes that start
 * together take turns by an advisory lock. `withoutRowSecurity` says why this user cannot have it; null when it is in force.
 */
export async function migrateDatabase(url: string): Promise<{ withoutRowSecurity: string | null }> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await sql`select pg_advisory_lock(hashtextextended('finops migrations', 0))`
    await migrate(drizzle(sql), { migrationsFolder: fileURLToPath(new URL('./migrations', import.meta.url)) })
    return { withoutRowSecurity: await keepApart(sql) }
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** Makes the database of that name when it is missing, and returns its address. `url` must name a database that exists. */
export async function ensureDatabase(url: string, name: string): Promise<string> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    const [found] = await sql`select 1 from pg_database where datname = ${name}`
    if (!found) await sql`create database ${sql(name)}`
  } finally {
    await sql.end({ timeout: 5 })
  }
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.href
}
