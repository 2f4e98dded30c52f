import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql, type SQL } from 'drizzle-orm'
import { rawSql, type Db } from '../client.ts'

/** Rows on their way in: COPY text (tab, newline, `\N` for a number that is not said) and the columns it holds, in order. */
export type CopyText = { columns: readonly string[]; chunks: () => AsyncIterable<string> }

/** Rows of one scope on their way in: `before` are the values of columns that all of them have in common, put in front. */
export type ScopeText = { columns: readonly string[]; chunks: (before: readonly string[]) => AsyncIterable<string> }

/** Fills a table by COPY, which a tenant cannot: no policy would hold. `common` are columns that are the same in all rows. */
export async function copyInto(
  db: Db,
  table: string,
  { common, rows }: { common: Record<string, string>; rows: ScopeText },
): Promise<void> {
  const raw = rawSql(db)
  const columns = [...Object.keys(common), ...rows.columns]
  const copy = await raw`copy ${raw(table)} (${raw(columns)}) from stdin`.writable()
  await pipeline(Readable.from(rows.chunks(Object.values(common))), copy)
}

/**
 * Makes a temporary table that lives as long as the transaction, and fills it by COPY. `definition` is its columns in
 * SQL. The planner gets numbers about the column `by`; without it, it knows the size only, which is enough to hash it.
 */
export async function stage(
  db: Db,
  table: string,
  { definition, by, rows }: { definition: SQL; by?: string; rows: CopyText },
) {
  const name = sql.identifier(table)
  await db.execute(sql`drop table if exists ${name}`)
  await db.execute(sql`create temp table ${name} (${definition}) on commit drop`)
  await copyInto(db, table, { common: {}, rows })
  if (by) await db.execute(sql`analyze ${name} (${sql.identifier(by)})`)
}

/**
 * Runs a statement that joins and adds up rows written in this transaction. The planner takes them for a handful and would
 * look each up by an index and sort them by seven texts, which takes several times as long as hashing.
 */
export async function byHash(db: Db, statement: SQL): Promise<void> {
  const others = (on: boolean) =>
    db.execute(
      sql`select set_config(name, ${on ? 'on' : 'off'}, true) from unnest(array['enable_sort', 'enable_nestloop']) name`,
    )
  await others(false)
  await db.execute(statement)
  await others(true)
}

/** A bulk transaction may take long and wait long for another one of the same account; nobody clicks and waits for it. */
export async function allowBulk(db: Db): Promise<void> {
  await db.execute(sql`select set_config('statement_timeout', '30min', true), set_config('lock_timeout', '10min', true),
    set_config('idle_in_transaction_session_timeout', '10min', true)`)
}

/** One statement over a big organization may take longer than a person's; locks are waited for no longer than elsewhere. */
export async function allowLong(db: Db): Promise<void> {
  await db.execute(sql`select set_config('statement_timeout', '20min', true)`)
}

/** Makes the monthly partitions of facts for these days. Not inside the bulk transaction: attaching one locks readers out for a moment. */
export async function ensureMonths(db: Db, days: { from: string; to: string }): Promise<void> {
  await db.execute(sql`select ensure_months(parent, ${days.from}::date, ${days.to}::date)
    from (values ('expenses'), ('usage')) as facts (parent)`)
}

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '\uFFFD' }

/** One line of COPY text: tab between columns, backslash before what would be mistaken; NUL, which no text holds, is replaced. */
export const copyLine = (values: (string | number)[]): string =>
  `${values.map((value) => (typeof value === 'number' ? value : value.replaceAll(/[\\\t\n\r\0]/g, (sign) => escapes[sign]!))).join('\t')}\n`
