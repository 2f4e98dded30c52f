/** What is known about a finding, in words: labels and units come from the recommendation itself. Every door says it with these. */
import type { z } from 'zod'
import { formatMoney } from '../money.ts'
import type { Recommendation } from './recommendation.ts'

/** A label and what is said behind it; instants stay instants, because each door shows them in its reader's zone. */
export type Said = { label: string; value: string | Date }

/** How a field of evidence is named and measured. */
export function meaningOf(one: Recommendation, name: string): { label: string; unit: string | undefined } {
  const { label = name, unit } = ((one.evidence.shape[name] as z.ZodType | undefined)?.meta() ?? {}) as {
    label?: string
    unit?: string
  }
  return { label, unit }
}

/** All that is known, in the order the recommendation declares it; what is unknown or said already is left out. */
export function sayEvidence(one: Recommendation, evidence: Record<string, unknown>, currency: string): Said[] {
  const said = new Map<string, string | Date>()
  for (const name of Object.keys(one.evidence.shape)) {
    const { label, unit } = meaningOf(one, name)
    const value = sayValue(evidence[name], unit, currency)
    if (value !== null && !said.has(label)) said.set(label, value)
  }
  return [...said].map(([label, value]) => ({ label, value }))
}

/** A value in words; null when there is nothing to say. */
function sayValue(value: unknown, unit: string | undefined, currency: string): string | Date | null {
  if (value === null || value === undefined || value === '') return null
  if (unit === 'time') return Number(value) ? new Date(Number(value) * 1000) : 'never'
  if (unit === 'money') return formatMoney(value as string, currency)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'object') return sayList(value, unit, (amount) => ` (${formatMoney(amount, currency)} a month)`)
  const text =
    typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 2 }) : (value as string)
  return unit === '%' ? `${text}%` : unit ? `${text} ${counted(unit, value)}` : text
}

/** "1 request", "2 requests"; what is no plain plural ("GiB", "bytes/s") stays. */
export const counted = (unit: string, value: unknown): string =>
  value === 1 && /^\w+s$/.test(unit) ? unit.slice(0, -1) : unit

/** Lists and objects on one line, for people and for cells of a table; null when there is nothing in it. */
export function sayList(value: object, unit?: string, price: (amount: string) => string = () => ''): string | null {
  const list = Array.isArray(value) ? (value as unknown[]) : [value]
  if (list.length === 0) return null
  if (unit === 'periods') return sayPeriods(list as InactivePeriod[])
  if (unit === 'ports') return list.map((one) => sayPort(one as Port)).join(', ')
  if (unit === 'snapshots') return shortened(list.map((one) => saySnapshot(one as Snapshot, price)))
  return list.map(plainly).join(', ')
}

/** The first three, and how many are left out. */
function shortened(list: string[]): string {
  return [...list.slice(0, 3), ...(list.length > 3 ? [`${list.length - 3} more`] : [])].join(', ')
}

const plainly = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.values(value).map(plainly).filter(Boolean).join(' ')
    : `${(value ?? '') as string | number | boolean}`

type Snapshot = { cloud_resource_id: string; cost: string }
const saySnapshot = (one: Snapshot, price: (amount: string) => string): string =>
  `${one.cloud_resource_id}${price(one.cost)}`

export type Port = { port: number | '*'; protocol: string | null }

/** Names of the ports people know by name. Source: IANA service names. */
export const knownPorts: Record<string, string> = {
  '21/tcp': 'FTP',
  '22/tcp': 'SSH',
  '23/tcp': 'Telnet',
  '445/tcp': 'SMB',
  '1433/tcp': 'SQL Server',
  '1521/tcp': 'Oracle',
  '3306/tcp': 'MySQL',
  '3389/tcp': 'RDP',
  '5432/tcp': 'PostgreSQL',
  '5900/tcp': 'VNC',
  '6379/tcp': 'Redis',
  '9200/tcp': 'Elasticsearch',
  '27017/tcp': 'MongoDB',
}

/** "22/tcp (SSH)"; a star is every port. */
export function sayPort({ port, protocol }: Port): string {
  if (port === '*') return 'everything'
  const text = protocol ? `${port}/${protocol}` : `${port}`
  return knownPorts[text] ? `${text} (${knownPorts[text]})` : text
}

/** Hours of a week (UTC, Monday first) in which something does nothing; both ends are whole hours that belong to it. */
export type InactivePeriod = Record<'start' | 'end', { day_of_week: number; hour: number }>

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const hour = ({ day_of_week: day, hour: at }: InactivePeriod['start'], minutes: string) =>
  `${days[day]} ${String(at).padStart(2, '0')}:${minutes}`

/** "Sat 00:00 to Sun 23:59". */
const sayPeriod = ({ start, end }: InactivePeriod): string => `${hour(start, '00')} to ${hour(end, '59')}`

/** The first three stretches, and how many are left out. */
export const sayPeriods = (list: InactivePeriod[]): string => shortened(list.map(sayPeriod))
