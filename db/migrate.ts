import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { keepApart } from './row-security.ts'

const folder = fileURLToPath(new URL('./migrations', import.meta.url))

/**
 * Applies the migrations in order, once, and keeps organizations apart by row-level security. Two processes that start
 * together take turns by an advisory lock. What is new is applied in one transaction: when a step fails, none of it is
 * there, and the error says which and why. `withoutRowSecurity` says why this user cannot have it; null when it is in force.
 */
export async function migrateDatabase(url: string): Promise<{ withoutRowSecurity: string | null }> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await sql`select pg_advisory_lock(hashtextextended('finops migrations', 0))`
    await migrate(drizzle(sql), { migrationsFolder: folder }).catch(async (error: unknown) => {
      throw await inWords(error)
    })
    return { withoutRowSecurity: await keepApart(sql) }
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** The driver's error holds the whole statement; whoever starts the product wants the step and the reason. */
async function inWords(error: unknown): Promise<unknown> {
  const { query, cause } = error as { query?: string; cause?: unknown }
  if (query === undefined || !(cause instanceof Error)) return error
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql'))
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
  const step = files.find((_, n) => texts[n]!.includes(query.trim()))?.replace(/\.sql$/, '')
  return new Error(
    `the migration${step ? ` ${step}` : ''} failed (${cause.message}) and was rolled back, so the version that ran before still works`,
    { cause: error },
  )
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
