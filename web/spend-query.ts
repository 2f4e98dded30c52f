/** What the address of the spend page asks for. The download reads the same, so a table and its file never differ. */
import { z } from 'zod'
import { clouds } from '../db/vocabulary.ts'
import type { SpendGroup, SpendQuery, SpendScope } from '../engine/spend/breakdown.ts'
import { previousRange } from '../engine/spend/ranges.ts'
import { addDays, addMonths, dayOf, monthOf, type DayRange } from '../engine/time.ts'
import { askedDay } from './times.ts'

/** Stretches people ask for, by the word in the address. */
export const ranges = {
  month: 'This month',
  last: 'Last month',
  '7d': 'Last 7 days',
  '14d': 'Last 14 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  '12m': 'Last 12 months',
} as const

/** What costs can be grouped by; tags come on top. */
export const groupings = {
  service: 'Service',
  pool: 'Pool',
  owner: 'Owner',
  account: 'Account',
  region: 'Region',
  type: 'Resource type',
  resource: 'Resource',
  cloud: 'Cloud',
} as const

const text = z.string().max(200).optional().catch(undefined)
const id = z.uuid().optional().catch(undefined)

const asked = z.object({
  by: z.string().max(140).catch('service'),
  range: z.enum(Object.keys(ranges) as (keyof typeof ranges)[]).catch('30d'),
  from: askedDay,
  to: askedDay,
  grain: z.enum(['day', 'week', 'month']).optional().catch(undefined),
  pool: id,
  owner: id,
  account: id,
  resource: id,
  cloud: z.enum(clouds).optional().catch(undefined),
  service: text,
  region: text,
  tag: text,
})
export type Asked = z.infer<typeof asked>

/** Reads the address; what cannot be read falls back to the default. */
export const readAsked = (query: Record<string, string>): Asked =>
  asked.parse(Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '')))

/** The question to the engine, compared with the equally long stretch before. */
export function spendQuery(ask: Asked, now: Date): SpendQuery {
  const range = rangeOf(ask, now)
  const long = Date.parse(range.to) - Date.parse(range.from) > 100 * 86_400_000
  return {
    scope: scopeOf(ask),
    groupBy: groupOf(ask.by),
    range,
    grain: ask.grain ?? (long ? 'month' : 'day'),
    compare: previousRange(range),
    top: 8,
  }
}

const groupOf = (by: string): SpendGroup =>
  Object.hasOwn(groupings, by) || by === 'none' || /^tag:./.test(by) ? (by as SpendGroup) : 'service'

function rangeOf({ range, from, to }: Asked, now: Date): DayRange {
  const today = dayOf(now)
  if (from) return { from, to: to ?? today }
  if (range === 'month') return { from: monthOf(today), to: today }
  if (range === 'last') return { from: addMonths(today, -1), to: addDays(monthOf(today), -1) }
  if (range === '12m') return { from: addMonths(today, -11), to: today }
  return { from: addDays(today, 1 - Number.parseInt(range, 10)), to: today }
}

function scopeOf({ pool, owner, account, resource, cloud, service, region, tag }: Asked): SpendScope {
  const [key, ...value] = tag?.split('=') ?? []
  return {
    ...(pool ? { poolId: pool } : {}),
    ...(owner ? { ownerId: owner } : {}),
    ...(account ? { accountId: account } : {}),
    ...(resource ? { resourceId: resource } : {}),
    ...(cloud ? { cloud } : {}),
    ...(service ? { service } : {}),
    ...(region ? { region } : {}),
    ...(key && value.length ? { tag: { key, value: value.join('=') } } : {}),
  }
}

/** The address parameter that limits the page to one group of the current grouping. */
export function drillDown(by: string, key: string): Record<string, string> | null {
  if (by === 'service' || by === 'pool' || by === 'owner' || by === 'account' || by === 'region' || by === 'cloud')
    return key ? { [by]: key } : null
  return by.startsWith('tag:') && key ? { tag: `${by.slice(4)}=${key}` } : null
}

/** The address of the same question, as parameters. */
export const asQuery = (ask: Asked): Record<string, string | undefined> => ({ ...ask, grain: ask.grain })
