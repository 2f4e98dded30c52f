/** DuckDB, shut in: it sees one folder, loads nothing, and its settings cannot be changed by anything it reads. */
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'

export type Duck = {
  run: (sql: string) => Promise<void>
  rows: <T extends Record<string, unknown>>(sql: string) => Promise<T[]>
  /** The first column of every chunk of the answer. */
  chunks: (sql: string) => AsyncIterable<string[]>
  /** Adds rows of texts to a table. */
  append: (table: string, rows: string[][]) => Promise<void>
  /** How far the running statement is, 0 to 1, as DuckDB guesses it. */
  fraction: () => number
}

export type OpenDuck = Duck & { interrupt: () => void; close: () => void }

/**
 * Opens an in-memory DuckDB that spills into `folder` and reads only files below it and beside the bill's own files.
 * `memoryMb` is DuckDB's own limit; the process needs about 150 MB more.
 */
export async function openDuck(options: { folder: string; readable: string[]; memoryMb: number }): Promise<OpenDuck> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${options.memoryMb}MB`,
    temp_directory: join(options.folder, 'spill'),
    threads: '2',
  })
  const connection = await instance.connect()
  const folders = [...new Set([options.folder, ...options.readable])].map((path) => quoted(`${path}/`))
  for (const setting of [
    `TimeZone = 'UTC'`,
    'enable_progress_bar = true',
    'enable_progress_bar_print = false',
    'preserve_insertion_order = false',
    `allocator_flush_threshold = '16MB'`,
    `allocator_bulk_deallocation_flush_threshold = '16MB'`,
    'autoinstall_known_extensions = false',
    'autoload_known_extensions = false',
    `allowed_directories = [${folders.join(', ')}]`,
    'enable_external_access = false',
    'lock_configuration = true',
  ])
    await connection.run(`set ${setting}`)
  return {
    ...duckOf(connection),
    interrupt: () => connection.interrupt(),
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

function duckOf(connection: DuckDBConnection): Duck {
  return {
    run: async (sql) => void (await connection.run(sql)),
    rows: async <T extends Record<string, unknown>>(sql: string) =>
      (await connection.runAndReadAll(sql)).getRowObjectsJson() as T[],
    chunks: (sql) => chunks(connection, sql),
    append: async (table, rows) => {
      const appender = await connection.createAppender(table)
      for (const row of rows) {
        for (const text of row) appender.appendVarchar(text)
        appender.endRow()
      }
      appender.closeSync()
    },
    fraction: () => Math.max(0, connection.progress.percentage / 100),
  }
}

async function* chunks(connection: DuckDBConnection, sql: string): AsyncIterable<string[]> {
  const result = await connection.stream(sql)
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk())
    yield chunk.getColumnValues(0) as string[]
}

/** Whether a statement needed more than its memory, even with what it could put on disk. */
export const isOutOfMemory = (error: unknown): boolean => error instanceof Error && /Out of Memory/i.test(error.message)

/** A text literal. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** A column name. */
export const named = (name: string): string => `"${name.replaceAll('"', '""')}"`
