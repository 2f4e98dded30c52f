import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { constants, createGzip, gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import { billReader } from '../../../integrations/bills/read-bill.ts'
import { zipOf } from '../../fixtures/bills/zip-of.ts'
import type { World } from '../../world.ts'
import { figures, fileOf, focusSample, importFiles, ingestWorld, scratch } from './ingest-world.ts'

const good = readFileSync(focusSample, 'utf8')
const lines = good.trimEnd().split('\n')
const packed = gzipSync(good)
const edited = (edit: (bytes: Buffer) => void) => {
  const bytes = Buffer.from(packed)
  edit(bytes)
  return bytes
}
/** The sample with its lines changed by number (1 = header). */
const withLines = (changes: Record<number, (line: string) => string>) =>
  `${lines.map((line, at) => changes[at + 1]?.(line) ?? line).join('\n')}\n`
const header = (change: (line: string) => string) => withLines({ 1: change })
/** The first amount (BilledCost) of two lines. */
const cost = (value: string) =>
  withLines(
    Object.fromEntries([5, 6].map((n) => [n, (line: string) => line.replace(/^(".*?"|NULL),[^,]*,/, `$1,${value},`)])),
  )
const month = (value: string) =>
  withLines(
    Object.fromEntries(
      [5, 6].map((n) => [
        n,
        (line: string) => line.replaceAll(/2024-09-\d\d (\d\d:00:00)",("2024-09-\d\d)/g, `${value} $1","${value}`),
      ]),
    ),
  )

let parquet: Buffer
async function makeParquet(): Promise<Buffer> {
  const path = join(await scratch(), 'sample.parquet')
  const instance = await DuckDBInstance.create()
  const connection = await instance.connect()
  await connection.run(
    `copy (select * from read_csv('${focusSample}', all_varchar = true, nullstr = 'NULL')) to '${path}' (format parquet)`,
  )
  connection.closeSync()
  return readFileSync(path)
}

let cutAtLineEnd: Buffer
/** Flushed after a whole line, then cut: what comes out of it looks complete. */
async function makeCutAtLineEnd(): Promise<Buffer> {
  const gzip = createGzip()
  const parts: Buffer[] = []
  gzip.on('data', (part: Buffer) => parts.push(part))
  gzip.write(`${lines.slice(0, 600).join('\n')}\n`)
  await new Promise<void>((flushed) => gzip.flush(constants.Z_SYNC_FLUSH, flushed))
  const whole = Buffer.concat(parts)
  gzip.end(lines.slice(600).join('\n'))
  return whole
}

let w: World
let account: Account
let before: Awaited<ReturnType<typeof figures>>
beforeAll(async () => {
  w = await ingestWorld()
  account = await w.account('focus')
  await importFiles(w, account, [focusSample])
  before = await figures(w, account)
  parquet = await makeParquet()
  cutAtLineEnd = await makeCutAtLineEnd()
})

const bomb = (size: number, block: string) => gzipSync(Buffer.alloc(size, block), { level: 9 })
const stranger = [Array.from({ length: 200 }, (_, n) => `column_${n}`).join(','), Array(200).fill('1').join(',')].join(
  '\n',
)

describe('a file that cannot be trusted is refused as a whole, with a sentence a person can act on', () => {
  const cases: [name: string, file: string, content: () => string | Uint8Array, reason: RegExp][] = [
    ['gzip cut in the middle', 'a.csv.gz', () => packed.subarray(0, packed.length / 2), /a\.csv\.gz is cut/],
    ['gzip without its trailer', 'a.csv.gz', () => packed.subarray(0, -8), /is cut: the end of the gzip data/],
    [
      'gzip with a wrong checksum',
      'a.csv.gz',
      () => edited((b) => b.writeUInt32LE(1, b.length - 8)),
      /is damaged: the gzip check failed/,
    ],
    [
      'bytes flipped inside gzip',
      'a.csv.gz',
      () => edited((b) => b.fill(0x55, b.length >> 1, (b.length >> 1) + 40)),
      /is damaged/,
    ],
    ['text called gzip', 'a.csv.gz', () => `${good}\n`, /is not a gzip file, although it is called one/],
    ['an empty file', 'a.csv', () => '', /a\.csv is empty/],
    [
      'garbage after gzip',
      'a.csv.gz',
      () => Buffer.concat([packed, Buffer.from('garbage')]),
      /is damaged: the gzip check failed|goes on after the end/,
    ],
    ['a cut Parquet file', 'a.parquet', () => parquet.subarray(0, parquet.length - 100), /Parquet footer is missing/],
    [
      'a Parquet file with a broken footer',
      'a.parquet',
      () => Buffer.concat([parquet.subarray(0, 400), parquet.subarray(-8)]),
      /Parquet/,
    ],
    ['gzip cut exactly at a line end', 'a.csv.gz', () => cutAtLineEnd, /a\.csv\.gz is cut/],
    [
      'a zip that climbs out of its folder',
      'a.csv.zip',
      () => zipOf({ name: '../../etc/evil.csv', content: good }),
      /a\.csv\.zip is a zip archive with "\.\.\/\.\.\/etc\/evil\.csv" inside/,
    ],
    [
      'a zip with a link',
      'a.csv.zip',
      () => zipOf({ name: 'a.csv', content: '/etc/passwd', unixMode: 0o120777 }),
      /is a zip archive with a link inside/,
    ],
    [
      'a zip of ten thousand files',
      'a.csv.zip',
      () => zipOf(...Array.from({ length: 10_000 }, (_, n) => ({ name: `${n}.csv`, content: '' }))),
      /is a zip archive of 10000 files; a bill is one/,
    ],
    [
      'a zip in a zip',
      'a.csv.zip',
      () => zipOf({ name: 'b.zip', content: zipOf({ name: 'a.csv', content: good }) }),
      /is a zip archive with "b\.zip" inside, not a \.csv file/,
    ],
    [
      'a zip in a zip that calls itself CSV',
      'a.csv.zip',
      () => zipOf({ name: 'a.csv', content: zipOf({ name: 'a.csv', content: good }) }),
      /holds NUL bytes|is not UTF-8 text/,
    ],
    [
      'a zip with a password',
      'a.csv.zip',
      () => zipOf({ name: 'a.csv', content: good, flags: 1 }),
      /is a zip archive with a password/,
    ],
    [
      'a zip with a wrong checksum',
      'a.csv.zip',
      () => zipOf({ name: 'a.csv', content: good, crc: 1 }),
      /is damaged: the zip check failed/,
    ],
    [
      'a cut zip',
      'a.csv.zip',
      () => zipOf({ name: 'a.csv', content: good }).subarray(0, -60),
      /is cut: its zip directory is missing/,
    ],
    [
      'a zip bomb',
      'a.csv.zip',
      () => zipOf({ name: 'a.csv', content: Buffer.alloc(300_000_000, `${','.repeat(43)}\n`) }),
      /unpacks to more than 200 times its size/,
    ],
    [
      'a renamed cost column',
      'a.csv',
      () => header((h) => h.replace('"BilledCost"', '"BiledCost"')),
      /lacks BilledCost \(there is "BiledCost"\)/,
    ],
    [
      'a column that occurs twice',
      'a.csv',
      () => header((h) => h.replace('"ListCost"', '"BilledCost"')),
      /two columns named "BilledCost"/,
    ],
    [
      'a stranger of 200 columns',
      'a.csv',
      () => stranger,
      /no bill this product knows. Expected are FOCUS .* It has 200 columns, beginning with "column_0"/,
    ],
    [
      'long and short rows',
      'a.csv',
      () => withLines({ 7: (l) => `${l},1`, 2: (l) => l.replace(/,NULL$/, '') }),
      /2 of 1,000 lines are not usable. The first is line 2: it has 43 columns, the header 44/,
    ],
    [
      'a quote that is never closed',
      'a.csv',
      () => withLines({ 40: (l) => l.replace(/^(NULL|".*?"),/, '"open,') }),
      /line \d+: (a quote is never closed|it has)/,
    ],
    ['NUL bytes', 'a.csv', () => good.replace('SunBird', 'Sun\0Bird'), /holds NUL bytes/],
    [
      'Latin-1 instead of UTF-8',
      'a.csv',
      () => Buffer.from(good.replaceAll('SunBird', 'SüdVogel'), 'latin1'),
      /is not UTF-8 text/,
    ],
    ['a header without lines', 'a.csv', () => `${lines[0]}\n`, /a header but no lines. The figures of before stay/],
    [
      'NaN as a cost',
      'a.csv',
      () => cost('NaN'),
      /2 of 1,000 lines are not usable. The first is line 5: BilledCost is "NaN", not a number/,
    ],
    ['Infinity as a cost', 'a.csv', () => cost('Infinity'), /BilledCost is "Infinity"/],
    ['a thousands separator in a cost', 'a.csv', () => cost('"1,234.56"'), /BilledCost is "1,234.56"/],
    ['text in a cost', 'a.csv', () => cost('abc'), /BilledCost is "abc"/],
    ['nothing as a cost', 'a.csv', () => cost('NULL'), /BilledCost is "", not a number/],
    ['a cost of 40 digits', 'a.csv', () => cost('1'.repeat(40)), /BilledCost is "1{40}"/],
    ['two lines of a billion', 'a.csv', () => cost('2000000000'), /a billion or more/],
    [
      'another currency',
      'a.csv',
      () => good.replaceAll('"USD"', '"EUR"'),
      /has costs in EUR; this organization counts in USD/,
    ],
    [
      'one line in another currency',
      'a.csv',
      () => withLines({ 9: (l) => l.replace('"USD"', '"GBP"') }),
      /has costs in GBP/,
    ],
    [
      'one line without a currency',
      'a.csv',
      () => withLines({ 9: (l) => l.replace('"USD"', 'NULL') }),
      /no currency at all/,
    ],
    ['days of 1970', 'a.csv', () => month('1970-01-01'), /lines are not usable/],
    ['days of 9999', 'a.csv', () => month('9999-12-31'), /lines are not usable/],
    [
      'days outside the billing period',
      'a.csv',
      () => month('2024-07-15'),
      /charged on 2024-07-15, outside the billing period 2024-09-01/,
    ],
    ['a bomb of one line', 'a.csv.gz', () => bomb(300_000_000, 'a'), /line longer than|unpacks to more than 200 times/],
    [
      'a bomb of rows',
      'a.csv.gz',
      () => bomb(300_000_000, `${','.repeat(43)}\n`),
      /unpacks to more than 200 times its size/,
    ],
  ]

  it.each(cases)(
    '%s',
    async (_, name, content, reason) => {
      const ended = await importFiles(w, account, [await fileOf(name, content())])
      expect(ended.reason).toMatch(reason)
      expect(ended).toMatchObject({ state: 'failed', billed: null })
      expect(await figures(w, account)).toEqual(before)
      const [report] = await w.database
        .sql`select person_ids from notifications where key = ${`import-report ${ended.id}`}`
      expect(report).toMatchObject({ person_ids: [w.lea.id] })
    },
    60_000,
  )
})

describe('a bomb', () => {
  const idle = () => process.memoryUsage().rss / 2 ** 20
  it.each([
    ['of one line, 2 GB', 'a'],
    ['of rows, 2 GB', `${','.repeat(43)}\n`],
  ])('%s is refused within two seconds and 300 MB', async (_, block) => {
    const member = gzipSync(Buffer.alloc(2 ** 24, block), { level: 9 })
    const file = await fileOf('bomb.csv.gz', Buffer.concat(Array<Buffer>(128).fill(member)))
    // Processor time: other tests share the machine.
    const [rss, started] = [idle(), process.cpuUsage()]
    let most = rss
    const watch = setInterval(() => (most = Math.max(most, idle())), 20)
    const folder = await scratch()
    const reading = billReader()({ files: [file], folder, currency: 'USD', progress: () => {} })
    await expect(reading).rejects.toThrow(/line longer than|unpacks to more than 200 times/)
    clearInterval(watch)
    const { user, system } = process.cpuUsage(started)
    expect((user + system) / 1e6).toBeLessThan(2)
    expect(most - rss).toBeLessThan(300)
  })
})

describe('what only looks odd is read, and adds up to the same', () => {
  const cases: [name: string, file: string, content: () => string | Uint8Array][] = [
    ['gzip', 'a.csv.gz', () => packed],
    [
      'several gzip members',
      'a.csv.gz',
      () => Buffer.concat([gzipSync(good.slice(0, 9000)), gzipSync(good.slice(9000))]),
    ],
    ['Parquet', 'a.parquet', () => parquet],
    ['zip', 'a.csv.zip', () => zipOf({ name: 'report-1.csv', content: good })],
    ['a byte order mark and CRLF', 'a.csv', () => `\uFEFF${good.replaceAll('\n', '\r\n')}`],
    ['no newline at the end', 'a.csv', () => good.trimEnd()],
    ['unknown extra columns', 'a.csv', () => lines.map((line, at) => `${line},${at ? 'x' : '"x_Extra"'}`).join('\n')],
    ['columns in another order', 'a.csv', () => turned()],
  ]

  it.each(cases)('%s', async (_, name, content) => {
    const ended = await importFiles(w, account, [await fileOf(name, content())])
    expect(ended).toMatchObject({ state: 'completed', quarantined: 0 })
    expect(await figures(w, account)).toEqual(before)
  })
})

/** The sample with its last column first. */
function turned(): string {
  const cells = lines.map((line) =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell]) => cell!).slice(0, 44),
  )
  return cells.map((row) => [row.at(-1), ...row.slice(0, -1)].join(',')).join('\n')
}
