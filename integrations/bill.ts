/**
 * The contract for reading a bill: files in, daily charges per resource out. The reader verifies first and reads second,
 * aggregates before the database sees anything, and sets bad lines aside with a reason.
 */
import type { ChargeCategory } from '../db/vocabulary.ts'

/** `focus` is FOCUS 1.0–1.2; `aws_cur` is the legacy cost and usage report or CUR 2.0; found by the header. */
export type BillFormat = 'focus' | 'aws_cur'

/**
 * One day of one resource's cost in one combination of service, region, category … as it will be stored.
 * Amounts are decimal strings, exact to the last digit of the file. `period` and `day` are YYYY-MM-DD (period = first of month).
 */
export type DailyCharge = {
  period: string
  day: string
  resourceKey: string
  subAccount: string
  service: string
  region: string
  category: ChargeCategory
  class: string
  commitment: string
  commitmentStatus: string
  billed: string
  effective: string
  list: string
  contracted: string
  lines: number
}

/**
 * What the bill says about a resource. `kind` facts (flavor, os, plan terms) go to `facts`. Days are the first and last
 * charged. `holder` is the account inside the bill that has it, one of those asked for; '' is the account of the bill.
 * `formerKey` is the key under which older versions knew it, '' when it is the same.
 */
export type BilledResource = {
  resourceKey: string
  formerKey: string
  holder: string
  name: string
  type: string
  service: string
  region: string
  tags: Record<string, string>
  facts: Record<string, unknown>
  firstDay: string
  lastDay: string
}

export type RejectedLine = { file: string; line: number; reason: string; sample: string }

export type PeriodTotal = {
  period: string
  firstDay: string
  lastDay: string
  lines: number
  billed: string
  effective: string
}

export type BillProgress = {
  step: 'verifying' | 'reading' | 'grouping'
  bytesRead: number
  bytesTotal: number
  lines: number
}

export type BilledIds = AsyncIterable<{ resourceKey: string; holder: string; id: string }[]>

/** `before` are columns of the store that the bill does not know, free of what COPY would escape. */
export type PeriodText = (period: string, before: readonly string[]) => AsyncIterable<string>

/** A bill that was read and is ready to be stored; `close` frees its memory and temporary files. */
export type ReadBill = {
  format: BillFormat
  currency: string
  periods: PeriodTotal[]
  rejected: RejectedLine[]
  rejectedCount: number
  /** Sum of the whole file as the file itself adds up, rejected lines left out: billed and effective. */
  total: { billed: string; effective: string; lines: number }
  /** The holders asked for that the bill charges something. */
  holders: string[]
  /** Resources of the bill as COPY text chunks (tab separated, columns `resourceCopyColumns`). */
  resources: () => AsyncIterable<string>
  /**
   * Takes which resource of the store each of `resources` is, many at a time. Called before `charges` and `usage`; what has
   * no id is left out of them.
   */
  identify: (ids: BilledIds) => Promise<void>
  /** Daily charges of one period as COPY text chunks (columns `chargeCopyColumns`), `before` in front of every row. */
  charges: PeriodText
  /** What was used in one period, per day and resource, as COPY text chunks (columns `usageCopyColumns`; `\N` is not said). */
  usage: PeriodText
  close: () => Promise<void>
}

export const resourceCopyColumns = [
  'resource_key',
  'former_key',
  'holder',
  'name',
  'type',
  'service',
  'region',
  'tags',
  'facts',
  'first_day',
  'last_day',
] as const
/** What tells charges of one resource and day apart. */
export const chargeTexts = [
  'sub_account',
  'service',
  'region',
  'category',
  'class',
  'commitment',
  'commitment_status',
] as const
export const costColumns = ['billed', 'effective', 'list', 'contracted'] as const
export const chargeCopyColumns = ['day', 'resource_id', ...chargeTexts, ...costColumns, 'lines'] as const

/** Moments are UTC; texts that the bill does not say are empty. */
export const usageCopyColumns = [
  ...(['day', 'resource_id', 'kind', 'item', 'sub_account', 'usage_type', 'operation', 'flavor', 'os'] as const),
  ...(['software', 'tenancy', 'sku', 'region', 'zone', 'term', 'unit', 'commitment', 'quantity'] as const),
  ...(['billed', 'effective', 'list', 'rate', 'normalization', 'committed', 'committed_units'] as const),
  ...(['starts_at', 'ends_at', 'lines'] as const),
] as const

export type BillRequest = {
  files: string[]
  /** Scratch folder for this bill. */
  folder: string
  /** The organization's currency: a bill in another one is refused. */
  currency: string
  /** Numbers of accounts inside the bill whose resources are told apart from the others of equal name; none without it. */
  holders?: readonly string[]
  progress: (progress: BillProgress) => Promise<void> | void
  signal?: AbortSignal
}

/** Reads a bill. Throws `BillError` when the file as a whole must be refused. */
export type BillReader = (request: BillRequest) => Promise<ReadBill>

/** The file cannot be used; the message names the file, the line when known, and why. Nothing was stored. */
export class BillError extends Error {
  readonly file: string
  readonly line: number | null

  constructor(message: string, file: string, line: number | null = null) {
    super(message)
    this.name = 'BillError'
    this.file = file
    this.line = line
  }
}

/** The costs are in other currencies than the one asked for; `found` names them. */
export class CurrencyError extends BillError {
  readonly found: string

  constructor(message: string, file: string, found: string) {
    super(message, file)
    this.name = 'CurrencyError'
    this.found = found
  }
}
