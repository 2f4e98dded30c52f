/**
 * What buckets hold, while a check runs: an unlogged table per check, filled by COPY in short statements, dropped at the
 * end. No transaction stays open while a cloud is asked, and a table that a crash of the database emptied is noticed by
 * its count.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql, type SQL } from 'drizzle-orm'
import { rawSql, type Db } from '../client.ts'

const prefix = 'duplicate_listing_'
const nameOf = (checkId: string) => `${prefix}${checkId.replaceAll('-', '')}`

/** The table of a check, for queries over it. Columns: bucket_n, tag, size, key. */
export const listingOf = (checkId: string): SQL => sql`${sql.identifier(nameOf(checkId))}`

/** Makes the table, empty; what an earlier attempt left is gone. */
export async function replaceListing(db: Db, checkId: string): Promise<void> {
  await deleteListing(db, checkId)
  await db.execute(sql`
    create unlogged table ${listingOf(checkId)} (bucket_n integer not null, tag text not null, size bigint not null,
      key text not null) with (autovacuum_enabled = false)`)
}

/** Adds COPY text: bucket number, tag, size, key. */
export async function insertListed(db: Db, checkId: string, text: string): Promise<void> {
  const raw = rawSql(db)
  const copy = await raw`copy ${raw(nameOf(checkId))} (bucket_n, tag, size, key) from stdin`.writable()
  await pipeline(Readable.from([text]), copy)
}

/** Takes a bucket out again. */
export async function deleteListed(db: Db, where: { checkId: string; bucketN: number }): Promise<void> {
  await db.execute(sql`delete from ${listingOf(where.checkId)} where bucket_n = ${where.bucketN}`)
}

/** How many objects were listed so far. */
export async function countListed(db: Db, checkId: string): Promise<number> {
  const [row] = await db.execute<{ count: number }>(sql`select count(*)::float8 as count from ${listingOf(checkId)}`)
  return row!.count
}

/** Drops the table of a check; nothing happens when there is none. */
export async function deleteListing(db: Db, checkId: string): Promise<void> {
  await db.execute(sql`drop table if exists ${listingOf(checkId)}`)
}

/** Drops the tables of checks that no longer run: their process died and nobody went on. */
export async function deleteStrayListings(db: Db): Promise<void> {
  const rows = await db.execute<{ name: string }>(sql`
    select c.relname as name from pg_class c
    where c.relkind = 'r' and starts_with(c.relname, ${prefix}) and c.relnamespace = current_schema()::regnamespace
      and not exists (select from duplicate_checks d where ${prefix} || replace(d.id::text, '-', '') = c.relname
        and d.state in ('queued', 'running'))`)
  for (const { name } of rows) await db.execute(sql`drop table if exists ${sql.identifier(name)}`)
}
