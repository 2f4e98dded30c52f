/**
 * The rows the demo is made of (data/README.md): resources, and what each cost on each day, moved so that the newest day is
 * yesterday. What is invented joins them here.
 */
import { Decimal } from 'decimal.js'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { Charge, DemoResource } from './demo-charge.ts'
import { inventedCharges, inventedResources } from './demo-invented.ts'

export type DemoAccount = {
  /** The number its rows carry in the data. */
  number: string
  name: string
  cloud: 'aws' | 'azure' | 'alibaba' | 'focus'
  cloudAccountId: string
  provider: string
}

/** The clouds of the demo organization by their number in the data. */
export const demoAccounts: Record<string, Omit<DemoAccount, 'number'>> = {
  'fd09fa10-1b30-4a39-9a6b-fc1d7e85d9f3': {
    name: 'AWS HQ',
    cloud: 'aws',
    cloudAccountId: '203689795269',
    provider: 'AWS',
  },
  '63ca99d2-0426-4953-9170-834cba2b5a1e': {
    name: 'AWS Marketing',
    cloud: 'aws',
    cloudAccountId: '044478323321',
    provider: 'AWS',
  },
  '6453416e-70ec-4e25-afef-1edb7d4e4a52': {
    name: 'GCP dev',
    cloud: 'focus',
    cloudAccountId: 'gcp-dev',
    provider: 'Google Cloud',
  },
  '95ef6678-4fdd-4bb5-a4cd-7b96968ae2b8': {
    name: 'Azure dev',
    cloud: 'azure',
    cloudAccountId: 'azure-dev',
    provider: 'Microsoft',
  },
  'd2af0153-66c2-4fc5-b9c2-50bc42fc11f5': {
    name: 'Azure QA',
    cloud: 'azure',
    cloudAccountId: 'azure-qa',
    provider: 'Microsoft',
  },
  '9a319952-b959-4a86-aec1-57ba93a50aa3': {
    name: 'Alibaba dev',
    cloud: 'alibaba',
    cloudAccountId: 'alibaba-dev',
    provider: 'Alibaba Cloud',
  },
  '360fb86a-1fe8-40a9-a1d6-6edf04e421c2': {
    name: 'Kubernetes dev',
    cloud: 'focus',
    cloudAccountId: 'kubernetes-dev',
    provider: 'Kubernetes',
  },
}

/** The account that buys commitments for both, and the one that uses them too. */
const numbers = { hq: 'fd09fa10-1b30-4a39-9a6b-fc1d7e85d9f3', marketing: '63ca99d2-0426-4953-9170-834cba2b5a1e' }

const dayMs = 86_400_000

/** The demo accounts of one cloud. */
export const demoAccountsOf = (cloud: DemoAccount['cloud']): DemoAccount[] =>
  Object.entries(demoAccounts).flatMap(([number, account]) => (account.cloud === cloud ? [{ ...account, number }] : []))

/** The resources of the demo by their number, real ones with readable tags and invented ones. */
export const demoResources = (): Map<string, DemoResource> =>
  new Map([...realResources(), ...inventedResources(numbers).map((one) => [one.id, owned(one)] as const)])

/** With the number its account has in its cloud; the bucket of an account's bills is named after it. */
function owned(resource: DemoResource): DemoResource {
  const owner = demoAccounts[resource.account]?.cloudAccountId ?? ''
  return { ...resource, owner, cloudResourceId: resource.cloudResourceId || billBucket(owner) }
}

export const billBucket = (account: string): string => `bills-${account}`

function realResources(): [id: string, resource: DemoResource][] {
  const plain = (value: unknown) => (typeof value === 'string' ? value : '')
  return rows('resources').map((row) => {
    const id = plain(row['_id'])
    const cloudResourceId = plain(row['cloud_resource_id']) || plain(row['cloud_resource_hash']) || id
    const resource: DemoResource = {
      ...{
        id,
        cloudResourceId,
        account: plain(row['cloud_account_id']),
        owner: '',
        name: plain(row['name']),
        type: plain(row['resource_type']),
      },
      ...{ service: plain(row['service_name']), region: plain(row['region']), tags: decodeTags(row['tags']) },
      ...{ facts: (row['meta'] ?? {}) as Record<string, unknown>, active: row['active'] === true },
      createdSecondsAgo: Number(row['created_at_offset'] ?? 0),
    }
    return [id, owned(resource)]
  })
}

/** The rows of a data file: one JSON object a line. */
export function rows(name: string): Record<string, unknown>[] {
  const text = gunzipSync(readFileSync(new URL(`./data/${name}.jsonl.gz`, import.meta.url))).toString('utf8')
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

function decodeTags(tags: unknown): Record<string, string> {
  const entries = Object.entries((tags ?? {}) as Record<string, string>)
  return Object.fromEntries(entries.map(([key, value]) => [Buffer.from(key, 'base64').toString('utf8'), value]))
}

/** What every resource cost on every day, in the order of days; the newest is the one before `now`. */
export function demoCharges(now: Date): Charge[] {
  const invented = inventedCharges(now, numbers).map((charge) => ({ ...charge, resource: owned(charge.resource) }))
  return [...realCharges(now), ...invented].toSorted((a, b) => a.day.localeCompare(b.day))
}

/** Sum of cost × sign per resource and day: a correction cancels what it corrects. */
function realCharges(now: Date): Charge[] {
  const known = new Map(realResources().map(([id, resource]) => [id, withTerm(resource, now)]))
  const today = Math.floor(now.getTime() / dayMs) * dayMs
  const sums = new Map<string, { day: string; resource: DemoResource; cost: Decimal }>()
  for (const row of rows('clean_expenses')) {
    const resource = known.get(String(row['resource_id']))
    if (!resource || !demoAccounts[resource.account]) continue
    const day = new Date(today - Number(row['date_offset']) * 1000).toISOString().slice(0, 10)
    const key = `${resource.id} ${day}`
    const sum = sums.get(key) ?? { day, resource, cost: new Decimal(0) }
    sums.set(key, { ...sum, cost: sum.cost.plus(new Decimal(String(row['cost'])).times(Number(row['sign']))) })
  }
  const found = [...sums.values()].filter(({ cost }) => !cost.isZero())
  return found.map(({ day, resource, cost }) => ({ day, resource, cost: cost.toFixed() }))
}

/** When a commitment began and when it ends: its bill says both. */
function withTerm(resource: DemoResource, now: Date): DemoResource {
  const { facts, createdSecondsAgo } = resource
  if (facts['purchase_term'] !== '1yr') return resource
  // At midnight: a sandbox started twice on one day finds the same bills.
  const today = Math.floor(now.getTime() / dayMs)
  const start = new Date((today - Math.ceil((createdSecondsAgo * 1000) / dayMs)) * dayMs)
  const end = new Date(start.getTime() + 365 * dayMs - 1000)
  return { ...resource, facts: { ...facts, start: start.toISOString(), end: end.toISOString() } }
}
