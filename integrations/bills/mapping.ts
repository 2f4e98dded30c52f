import type { BillFormat } from '../bill.ts'
import type { Header } from './header.ts'

/** What the bill says about a resource, once its raw columns were understood. */
export type Described = { name: string; tags: Record<string, string>; facts: Record<string, unknown> }

/**
 * `when` is SQL over the texts: elsewhere the column is not looked at (casting is what reading a bill costs most).
 * `like` names an amount that is often written the same. `demanded`: it must not be empty.
 */
export type Money = { column: string; when?: string; like?: string; demanded?: true }
export type Detail = { column: string; when?: string }

/**
 * How a format's columns become ours. `texts` and `money` bring columns under short names; `fields` are SQL over these
 * names and never see a header. A column the file lacks is null.
 */
export type Mapping = {
  format: BillFormat
  title: string
  /** Columns without which the file is refused. */
  required: readonly string[]
  /** Short name → column. `period_from`, `period_to`, `starts`, `ends`, `currency` are needed by every format. */
  texts: Record<string, string>
  /** Short name → column that holds an amount, and when it counts; what is no number there puts the line aside. */
  money: Record<string, Money>
  fields: Record<Field, string>
  /** SQL over `resource_key`: under which key older versions knew the resource; null or '' where it is the same. */
  formerKey?: string
  usage: UsageMapping
  /** What is kept about the resource besides: its own name here → the file's column, and SQL over short names when it counts. */
  details: (header: Header) => Record<string, Detail>
  /** Reads the details of the resource with this key. */
  describe: (details: Record<string, string | null>, key: string) => Described
}

/**
 * `type` begins with a digit, its rank: of several types a resource is billed under, the highest rank wins.
 * `committed` is what a fee promises to spend on use that other lines of the bill tell, 0 for lines that promise nothing or
 * whose bill says itself what was not used.
 */
export const fields = [
  'resource_key',
  'type',
  'service',
  'region',
  'sub_account',
  'category',
  'class',
  'commitment',
  'commitment_status',
  'billed',
  'effective',
  'committed',
  'list',
  'contracted',
] as const
export type Field = (typeof fields)[number]

/** How a format tells what was used. `kind` and `fields` are SQL over the texts and amounts of the mapping and over these. */
export type UsageMapping = {
  texts: Record<string, string>
  /** Short name → column that holds a number; what is no number there is not said: costs decide whether a line is good. */
  numbers: Record<string, string>
  /** One of `usageKinds`; null: the line is kept as cost only. `fields` may ask for it. */
  kind: string
  fields: Record<(typeof usageTexts)[number] | (typeof usageNumbers)[number], string>
}

export const usageTexts = [
  ...(['item', 'usage_type', 'operation', 'flavor', 'os', 'software', 'tenancy', 'sku'] as const),
  ...(['zone', 'term', 'unit', 'commitment', 'normalization'] as const),
] as const
export const usageNumbers = ['quantity', 'rate', 'committed', 'committed_units'] as const
