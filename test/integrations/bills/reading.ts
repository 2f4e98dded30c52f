/** Reads a bill and takes the COPY text apart again. */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  chargeCopyColumns,
  resourceCopyColumns,
  usageCopyColumns,
  type BillRequest,
  type ReadBill,
} from '../../../integrations/bill.ts'
import { billReader } from '../../../integrations/bills/read-bill.ts'
import { csvField } from '../../fixtures/bills/live-demo.ts'

type Row = Record<string, string>
export type Reading = Omit<ReadBill, 'charges' | 'resources' | 'usage'> & {
  charges: (Row & { period: string })[]
  usage: (Row & { period: string })[]
  resources: Row[]
}

export const scratch = () => mkdtemp(join(tmpdir(), 'finops-read-'))

/** Writes the text as one file and reads it. */
export async function readText(text: string, more: Partial<BillRequest> & { name?: string } = {}): Promise<Reading> {
  const path = join(await scratch(), more.name ?? 'bill.csv')
  await writeFile(path, text)
  return readFiles([path], more)
}

export async function readFiles(files: string[], more: Partial<BillRequest> = {}): Promise<Reading> {
  const bill = await billReader()({ files, folder: await scratch(), currency: 'USD', progress: () => {}, ...more })
  const resources = await rowsOf(bill.resources(), resourceCopyColumns)
  const charges: Reading['charges'] = []
  const usage: Reading['usage'] = []
  const ids = resources.map(({ resource_key: key, holder }, id) => ({
    resourceKey: key!,
    holder: holder!,
    id: String(id),
  }))
  await bill.identify(Readable.from([ids]))
  const keyed = ({ resource_id: id, ...row }: Row, period: string) => ({
    ...{ ...row, period, resource_key: resources[Number(id)]!['resource_key']! },
  })
  for (const { period } of bill.periods) {
    charges.push(...(await rowsOf(bill.charges(period, []), chargeCopyColumns)).map((row) => keyed(row, period)))
    usage.push(...(await rowsOf(bill.usage(period, []), usageCopyColumns)).map((row) => keyed(row, period)))
  }
  await bill.close()
  return { ...bill, resources, charges, usage }
}

const unescaped: Record<string, string> = { '\\t': '\t', '\\n': '\n', '\\r': '\r', '\\\\': '\\' }

async function rowsOf(chunks: AsyncIterable<string>, columns: readonly string[]): Promise<Row[]> {
  let text = ''
  for await (const chunk of chunks) text += chunk
  const lines = text.split('\n').slice(0, -1)
  return lines.map((line) => {
    const cells = line.split('\t').map((cell) => cell.replaceAll(/\\[tnr\\]/g, (sign) => unescaped[sign]!))
    return Object.fromEntries(columns.map((name, at) => [name, cells[at]!]))
  })
}

/** FOCUS lines as CSV; what a line does not say is an hour of plain usage in October 2026. */
export function focusCsv(rows: Record<string, string>[]): string {
  const usual = {
    BillingPeriodStart: '2026-10-01T00:00:00Z',
    BillingPeriodEnd: '2026-11-01T00:00:00Z',
    ChargePeriodStart: '2026-10-05T10:00:00Z',
    ChargePeriodEnd: '2026-10-05T11:00:00Z',
    BillingCurrency: 'USD',
    ChargeCategory: 'Usage',
    ServiceName: 'S3',
    ResourceId: 'bucket',
    BilledCost: '1',
  }
  return csv(rows.map((row) => ({ ...usual, EffectiveCost: row['BilledCost'] ?? '1', ...row })))
}

/** Lines of a legacy AWS report as CSV; what a line does not say is an hour of an instance in October 2026. */
export function awsCsv(rows: Record<string, string>[]): string {
  const usual: Record<string, string> = {
    'bill/BillingPeriodStartDate': '2026-10-01T00:00:00Z',
    'bill/BillingPeriodEndDate': '2026-11-01T00:00:00Z',
    'bill/BillingEntity': 'AWS',
    'lineItem/UsageAccountId': '123',
    'lineItem/LineItemType': 'Usage',
    'lineItem/UsageStartDate': '2026-10-05T10:00:00Z',
    'lineItem/UsageEndDate': '2026-10-05T11:00:00Z',
    'lineItem/ProductCode': 'AmazonEC2',
    'lineItem/CurrencyCode': 'USD',
    'lineItem/UnblendedCost': '1',
  }
  return csv(rows.map((row) => ({ ...usual, ...row })))
}

function csv(rows: Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  return [columns, ...rows.map((row) => columns.map((name) => row[name]))]
    .map((cells) => cells.map(csvField).join(','))
    .join('\n')
}
