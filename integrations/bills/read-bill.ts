/**
 * Reads a bill with DuckDB: verify, find the columns by name, group in one pass, check, hand out COPY text.
 * Nothing of a bill that is refused ever leaves this folder.
 */
import { mkdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { BillError, type BillReader, type BillRequest, type PeriodTotal, type ReadBill } from '../bill.ts'
import { chargeRows, periodText, resourceText, takeIds, usageRows } from './bill-text.ts'
import { describeResources } from './describe-resources.ts'
import { isOutOfMemory, openDuck, type Duck, type OpenDuck } from './duck.ts'
import { readHeader, type Header } from './header.ts'
import { groupLines, spreadGroups } from './groups.ts'
import { linesSql } from './lines.ts'
import type { Mapping } from './mapping.ts'
import { settleGroups } from './unused-commitments.ts'
import { demandCurrency, inspectRejects } from './quarantine.ts'
import { recognise } from './recognise.ts'
import { verifyApart } from './verify-apart.ts'
import { verifyLimits, type VerifyLimits } from './verify.ts'

/**
 * `memoryMb` is DuckDB's own limit. With 250 a process that imports a million lines of 4,200 resources (0.7 GB unpacked) grows
 * to 467 MB, one that imports five million (3.3 GB) to 556 MB (`test/bench/ingest-scale.ts`, started as `run.mjs` starts it).
 */
export type BillReaderSettings = { memoryMb?: number; limits?: Partial<VerifyLimits> }

/** More periods than that in one bill are a mistake. */
const mostPeriods = 36

/** Makes the reader of FOCUS and AWS bills, CSV (plain, gzip or zip) and Parquet. */
export const billReader =
  ({ memoryMb = 250, limits = {} }: BillReaderSettings = {}): BillReader =>
  async (request) => {
    const folder = join(request.folder, 'unpacked')
    await mkdir(folder, { recursive: true })
    const duck = await openDuck({ folder, readable: [...new Set(request.files.map((f) => dirname(f)))], memoryMb })
    const interrupt = () => duck.interrupt()
    request.signal?.addEventListener('abort', interrupt)
    const close = async () => {
      request.signal?.removeEventListener('abort', interrupt)
      duck.close()
      await rm(folder, { recursive: true, force: true })
    }
    try {
      return { ...(await read(duck, request, { folder, limits: { ...verifyLimits, ...limits } })), close }
    } catch (error) {
      await close()
      throw said(error, request)
    }
  }

type Reading = Omit<ReadBill, 'close'>

async function read(
  duck: OpenDuck,
  request: BillRequest,
  { folder, limits }: { folder: string; limits: VerifyLimits },
): Promise<Reading> {
  const sizes = await Promise.all(request.files.map(async (file) => (await stat(file)).size))
  const bytesTotal = sizes.reduce((sum, size) => sum + size, 0)
  let bytesRead = 0
  const files = await verifyApart(request.files, {
    folder,
    limits,
    bytes: bytesTotal,
    signal: request.signal,
    read: (bytes) => request.progress({ step: 'verifying', bytesRead: (bytesRead += bytes), bytesTotal, lines: 0 }),
  })
  const headers: Header[] = []
  for (const file of files) headers.push(await readHeader(duck, file))
  const mapping = recognise(headers)

  const tell = (step: 'reading' | 'grouping', part: number, lines = 0) =>
    request.progress({ step, bytesRead: Math.round(bytesTotal * part), bytesTotal, lines })
  let at = { part: 0, parts: 1 }
  const read = () => (at.part + Math.min(1, duck.fraction())) / at.parts
  const timer = setInterval(() => void tell('reading', read()), 500)
  try {
    await groupLines(duck, { mapping, headers, begins: (part) => (at = part) })
  } finally {
    clearInterval(timer)
  }
  request.signal?.throwIfAborted()
  return check(duck, { mapping, headers, request, tell: (lines) => tell('grouping', 1, lines) })
}

type Grouped = {
  mapping: Mapping
  headers: Header[]
  request: BillRequest
  tell: (lines: number) => Promise<void> | void
}

async function check(duck: OpenDuck, { mapping, headers, request, tell }: Grouped): Promise<Reading> {
  await settleGroups(duck)
  const first = headers[0]!.file.name
  const [total] = await duck.rows<{ lines: string; billed: string; effective: string }>(`
    select coalesce(sum(lines), 0) as lines, coalesce(sum(billed), 0)::varchar as billed,
      coalesce(sum(effective), 0)::varchar as effective from groups where not bad`)
  const kept = Number(total!.lines)
  await tell(kept)
  const { rejected, count } = await inspectRejects(duck, {
    lines: (header) => linesSql(mapping, header, { numbered: true }),
    kept,
    headers,
  })
  if (kept === 0)
    throw new BillError(`${first} has a header but no lines. The figures of before stay as they are.`, first, 1)
  await demandCurrency(duck, request.currency, first)
  const periods = await readPeriods(duck)
  if (periods.length > mostPeriods)
    throw new BillError(
      `${first} spans ${periods.length} billing periods; no bill has more than ${mostPeriods}.`,
      first,
    )
  const { holders = [] } = request
  await describeResources(duck, { mapping, headers, holders })
  const seen = await duck.rows<{ holder: string }>(
    `select distinct holder from billed_resources where holder <> '' order by holder`,
  )
  await spreadGroups(duck)
  return {
    format: mapping.format,
    currency: request.currency,
    periods,
    rejected,
    rejectedCount: count,
    total: { lines: kept, billed: trimmed(total!.billed), effective: trimmed(total!.effective) },
    holders: seen.map(({ holder }) => holder),
    resources: () => handOut(request, resourceText(duck, mapping)),
    identify: (ids) => takeIds(duck, ids),
    charges: (period, before) => handOut(request, periodText(duck, { ...chargeRows, period, before })),
    usage: (period, before) => handOut(request, periodText(duck, { ...usageRows, period, before })),
  }
}

/** Sums per period as the lines themselves add up, before anything is spread. */
async function readPeriods(duck: Duck): Promise<PeriodTotal[]> {
  const rows = await duck.rows<Record<'period' | 'first_day' | 'last_day' | 'lines' | 'billed' | 'effective', string>>(`
    select period::varchar as period, min(first_day)::varchar as first_day,
      max(first_day + (days - 1)::integer)::varchar as last_day, sum(lines) as lines,
      sum(billed)::varchar as billed, sum(effective)::varchar as effective
    from groups where not bad group by period order by period`)
  return rows.map((row) => ({
    period: row.period,
    firstDay: row.first_day,
    lastDay: row.last_day,
    lines: Number(row.lines),
    billed: trimmed(row.billed),
    effective: trimmed(row.effective),
  }))
}

/** Without the zeros after the last digit that counts. */
const trimmed = (amount: string): string => (amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount)

async function* handOut(request: BillRequest, rows: AsyncIterable<string>): AsyncIterable<string> {
  try {
    request.signal?.throwIfAborted()
    yield* rows
  } catch (error) {
    throw said(error, request)
  }
}

/** An error as whoever waits for the bill should hear it. Throws the reason when the reading was told to stop. */
function said(error: unknown, { files, signal }: BillRequest): unknown {
  signal?.throwIfAborted()
  if (!isOutOfMemory(error)) return error
  const name = basename(files[0] ?? 'The bill')
  return new BillError(
    `${name} needs more memory than the reader may use. Send it as Parquet, in smaller files, or raise BILL_MEMORY_MB.`,
    name,
  )
}
