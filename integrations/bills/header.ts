/** Columns are found by name, never by position: a renamed or doubled header must not be read as something else. */
import { open } from 'node:fs/promises'
import { BillError } from '../bill.ts'
import { named, quoted, type Duck } from './duck.ts'
import type { VerifiedFile } from './verify.ts'

/** The columns of one file. `from` reads its rows as SQL; `text` is a column as text or null, by its canonical name. */
export type Header = {
  file: VerifiedFile
  names: string[]
  from: (options?: { keepRejects?: boolean }) => string
  has: (name: string) => boolean
  /** SQL of a column as text, empty ones and the word NULL as null; `null` when the file has no such column. */
  text: (name: string) => string
  /** What the file itself calls a column. */
  called: (name: string) => string
  /** SQL of the column that is literally called so. */
  column: (name: string) => string
}

/** One spelling for `lineItem/UnblendedCost`, `line_item_unblended_cost` and `LineItemUnblendedCost`. */
export const canonical = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

/** Reads the header of a file. Throws `BillError` when a name occurs twice or there is none. */
export async function readHeader(duck: Duck, file: VerifiedFile): Promise<Header> {
  const { names, from, column } = file.kind === 'csv' ? await csvHeader(file) : await parquetHeader(duck, file)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new BillError(`${file.name} has two columns named "${twice}".`, file.name, 1)
  const byCanonical = Map.groupBy(names.keys(), (at) => canonical(names[at]!))
  const text = (name: string) => {
    const found = (byCanonical.get(canonical(name)) ?? []).map(column)
    return found.length > 1 ? `coalesce(${found.join(', ')})` : (found[0] ?? 'null::varchar')
  }
  return {
    file,
    names,
    from,
    text,
    has: (name) => byCanonical.has(canonical(name)),
    called: (name) => names[byCanonical.get(canonical(name))?.[0] ?? -1] ?? name,
    column: (name) => column(names.indexOf(name)),
  }
}

type Layout = { names: string[]; from: Header['from']; column: (at: number) => string }

async function csvHeader(file: VerifiedFile): Promise<Layout> {
  const record = await firstRecord(file)
  const delimiter = [',', ';', '\t'].toSorted((a, b) => split(record, b).length - split(record, a).length)[0]!
  const names = split(record, delimiter).map((name) => name.trim())
  const columns = names.map((_, at) => `c${at}: 'VARCHAR'`).join(', ')
  const options = [
    `delim = ${quoted(delimiter)}, quote = '"', escape = '"', header = true, auto_detect = false`,
    `nullstr = ['', 'NULL', 'null'], ignore_errors = true, columns = {${columns}}`,
    // Buffers of 2 MB instead of 32: their memory is not part of DuckDB's limit, and comes page by page from the system each
    // time. `verify.ts` refuses longer lines.
    `max_line_size = 1000100, buffer_size = 2000000`,
  ].join(', ')
  return {
    names,
    from: ({ keepRejects = false } = {}) =>
      `read_csv(${quoted(file.path)}, ${options}${keepRejects ? ', store_rejects = true, rejects_limit = 100000' : ''})`,
    column: (at) => `c${at}`,
  }
}

async function firstRecord({ path, name }: VerifiedFile): Promise<string> {
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(1 << 20), position: 0 })
    const text = buffer.toString('utf8', 0, bytesRead).replace(/^\uFEFF/, '')
    let quotes = false
    for (let at = 0; at < text.length; at++) {
      if (text[at] === '"') quotes = !quotes
      else if (!quotes && (text[at] === '\n' || text[at] === '\r')) return text.slice(0, at)
    }
    if (quotes) throw new BillError(`${name} has a quote in its header that is never closed.`, name, 1)
    return text
  } finally {
    await handle.close()
  }
}

function split(record: string, delimiter: string): string[] {
  const fields = ['']
  let quotes = false
  for (const sign of record) {
    if (sign === '"') quotes = !quotes
    else if (sign === delimiter && !quotes) fields.push('')
    else fields[fields.length - 1] += sign
  }
  return fields
}

async function parquetHeader(duck: Duck, file: VerifiedFile): Promise<Layout> {
  const from = `read_parquet(${quoted(file.path)})`
  const rows = await duck
    .rows<{ column_name: string; column_type: string }>(`describe select * from ${from}`)
    .catch((error: Error) => {
      throw new BillError(`${file.name} cannot be read as Parquet: ${error.message.split('\n')[0]}`, file.name)
    })
  const column = (at: number) => {
    const { column_name: name, column_type: type } = rows[at]!
    const value = /^(MAP|STRUCT)/.test(type) ? `to_json(${named(name)})` : named(name)
    return `nullif(cast(${value} as varchar), '')`
  }
  return { names: rows.map((row) => row.column_name), from: () => from, column }
}

/** Throws a `BillError` that names what is missing and what the file has instead. */
export function demand({ file, names, has }: Header, title: string, required: readonly string[]): void {
  const missing = required.filter((name) => !has(name))
  if (missing.length === 0) return
  const words = missing.map((name) => {
    const near = nearest(name, names)
    return near ? `${name} (there is "${near}")` : name
  })
  throw new BillError(`${file.name} looks like ${title}, but lacks ${list(words)}. Nothing was read.`, file.name, 1)
}

const list = (words: string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`

/** The name that is most like `name`, if any is: at most a third of its letters differ, or one holds the other. */
function nearest(name: string, names: string[]): string | null {
  const wanted = canonical(name)
  const scored = names
    .map((candidate) => ({ candidate, distance: distance(wanted, canonical(candidate)) }))
    .toSorted((a, b) => a.distance - b.distance)
  const best = scored[0]
  return best && best.distance <= Math.ceil(wanted.length / 3) ? best.candidate : null
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (const [i, sign] of Array.from(a).entries()) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++)
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (sign === b[j] ? 0 : 1)))
    row = next
  }
  return row.at(-1)!
}
