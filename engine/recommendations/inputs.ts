/** What recommendations read of an account, and what to say when it is not there. */
import { sql, type SQL } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { listDiscoveries } from '../../db/queries/discoveries.ts'
import { inventoryKinds } from '../../db/vocabulary.ts'
import { problemOf } from '../accounts/health.ts'
import { sayProblems } from '../accounts/problems.ts'
import type { Check, Recommendation, Source } from './recommendation.ts'
import { billingAccounts } from './shared/billing-accounts.ts'
import { onSale } from './shared/flavors.ts'

/** Every source of a recommendation, alternatives too. */
export const sourcesOf = (one: Recommendation): Source[] => one.inputs.flat()

const split = (source: Source): [kind: string, of: string] => {
  const [kind = '', ...of] = source.split(' ')
  return [kind, of.join(' ')]
}

/** The part of an account a source is read as: how reading it went is noted under this name. */
export function partOf(source: Source): string {
  const [kind, of] = split(source)
  if (kind === 'discovery') return of
  return kind === 'usage' ? 'bill' : kind === 'metrics' ? 'metrics' : source
}

const things: Record<string, string> = {
  Instance: 'instances',
  Volume: 'volumes',
  Snapshot: 'snapshots',
  Bucket: 'buckets',
  'IP Address': 'addresses',
  'RDS Instance': 'databases',
  'Kinesis Stream': 'streams',
  image: 'images',
  user: 'users',
  security_group: 'security groups',
}

/** What usage and prices are of. */
const subjects: Record<string, string> = {
  ...{ compute: 'Instance', database: 'RDS Instance', stream: 'Kinesis Stream', storage: 'Bucket', requests: 'Bucket' },
  ...{ machines: 'Instance', nearby: 'Instance', spot: 'Instance', reservations: 'Instance', plans: 'Instance' },
  databases: 'RDS Instance',
}
const subjectOf = (of: string): string => subjects[of] ?? of

const wordings: Record<string, string> = {
  bill: 'costs on the bill',
  'usage compute': 'machine hours on the bill',
  'usage database': 'database hours on the bill',
  'usage stream': 'stream hours on the bill',
  'usage storage': 'stored size on the bill',
  'usage requests': 'requests on the bill',
  'usage transfer': 'traffic on the bill',
  'usage commitment': 'fees of commitments on the bill',
  'prices machines': 'prices of machine types',
  'prices databases': 'prices of database classes',
  'prices nearby': 'prices in regions nearby',
  'prices spot': 'spot prices',
  'prices reservations': 'offers of reservations',
  'prices plans': 'offers of savings plans',
}

function saySource(source: Source): string {
  const [kind, of] = split(source)
  const what = things[of] ?? of
  return wordings[source] ?? (kind === 'metrics' ? `metrics of ${what}` : what)
}

/** What a recommendation reads, in words; of alternatives one is enough. */
export const sayInputs = (one: Recommendation): string[] =>
  one.inputs.map((input) => (typeof input === 'string' ? saySource(input) : input.map(saySource).join(' or ')))

/** `readable`: can anything but bills be read of this cloud? `measurable`: can its metrics? */
export type Judged = Check & { readable?: boolean; measurable?: boolean }

/**
 * The first thing this account lacks for the recommendation, in sentences with the next step; null when it can be judged.
 * Of an account known from its bill only everything that a key would bring is named.
 */
export async function findLack(db: Db, check: Judged, one: Recommendation): Promise<string | null> {
  const inputs = one.inputs.map((input) => (typeof input === 'string' ? [input] : input))
  const tests = inputs.map(
    (any, n) =>
      sql`(${n}::int, ${sql.join(
        any.map((source) => isThere(check, source)),
        sql` or `,
      )})`,
  )
  const lacks = await db.execute<{ n: number }>(
    sql`select n from (values ${sql.join(tests, sql`, `)}) as v (n, there) where not there order by n`,
  )
  if (lacks.length === 0) return null
  const absent = inputs.filter((any, n) => lacks.some((lack) => lack.n === n) || any.every(isMeasured)).filter(byKey)
  const said = await sayLack(db, check, inputs[lacks[0]!.n]![0]!)
  return (
    said ??
    sayBillOnly(
      check,
      absent.map((any) => any.map(saySource).join(' or ')),
    )
  )
}

/** Nothing measures an account that nobody reads, so its load lacks whatever else is known. */
const isMeasured = (source: Source): boolean => split(source)[0] === 'metrics'

/** Does a key bring it? The rest stands on the bill. */
const byKey = (any: readonly Source[]): boolean =>
  any.every((source) => source !== 'bill' && split(source)[0] !== 'usage')

/** "Missing: volumes. …" of an account without a key; `splitLack` takes it apart again. */
function sayBillOnly({ readable = true }: Judged, missing: string[]): string {
  const next = readable
    ? 'It is known from its bill only; give it a read-only key on the account page.'
    : 'It is known from its bill only: nothing else can be read of this cloud yet, so there is nothing to do here.'
  return `${missingFirst}${missing.join(', ')}. ${next}`
}

const missingFirst = 'Missing: '

/** What is missing, and the sentences behind it, so that the same reason for several recommendations is said once. */
export function splitLack(text: string): { missing: string[]; why: string } {
  const end = text.indexOf('. ')
  if (!text.startsWith(missingFirst) || end < 0) return { missing: [], why: text }
  return { missing: text.slice(missingFirst.length, end).split(', '), why: text.slice(end + 2) }
}

/** Is it there? What has nothing to be judged lacks nothing. */
function isThere(check: Check, source: Source): SQL {
  const [kind, of] = split(source)
  const mine = (alias: string) => sql`${sql.raw(alias)}.account_id = ${check.accountId}`
  const some = sql`exists (select from resources r where ${mine('r')} and r.type = ${subjectOf(of)}`
  // Only the bill knows streams as long as nothing discovers them.
  const subject = of === 'stream' ? sql`${some})` : sql`${some} and r.active)`
  if (kind === 'discovery')
    return sql`(exists (select from discoveries d where ${mine('d')} and d.resource_type = ${of} and d.last_discovery_at is not null)
      or ${isInventory(of) ? sql`exists (select from inventory i where ${mine('i')} and i.kind = ${of})` : subject})`
  if (kind === 'metrics') return sql`(not ${subject} or ${some} and r.active and r.has_metrics))`
  if (kind === 'usage')
    return sql`(not ${subject} or exists (select from usage u where u.org_id = ${check.orgId} and ${isBilled(check, 'u')} and u.kind in (${kindsLike(of)})))`
  if (kind === 'prices') return sql`(not ${subject} or ${isPriced(check, of)})`
  return sql`(exists (select from ${billingAccounts(check)} b where b.last_import_at is not null)
    or exists (select from expenses e where ${isBilled(check, 'e')}))`
}

/** Lines of the account's own bill, or those about it in the bill of one that pays for it. */
const isBilled = (check: Check, alias: string): SQL => sql`(${sql.raw(alias)}.account_id = ${check.accountId}
  or exists (select from accounts l where l.id = ${check.accountId} and ${sql.raw(alias)}.account_id = any(l.payer_ids)
    and ${sql.raw(alias)}.sub_account = l.cloud_account_id))`

const isInventory = (of: string): boolean => (inventoryKinds as readonly string[]).includes(of)

/** Buckets nobody asks for anything have no requests; a bill that charges their storage would have said so. */
const kindsLike = (of: string): SQL => (of === 'requests' ? sql`'requests', 'storage', 'transfer'` : sql`${of}`)

function isPriced(check: Check, of: string): SQL {
  if (of === 'spot') return sql`exists (select from spot_prices s where s.cloud = ${check.cloud})`
  if (of === 'reservations' || of === 'plans')
    return sql`exists (select from commitment_offers o where ${onSale(check, sql`o`)} and o.kind = ${of === 'plans' ? 'sp' : 'ri'})`
  const names = of === 'databases' ? sql`like` : sql`not like`
  return sql`exists (select from machine_types t where ${onSale(check, sql`t`)} and t.name ${names} 'db.%')`
}

const lists: Record<string, string> = {
  databases: 'price list of database classes',
  reservations: 'list of offers of reservations',
  plans: 'list of offers of savings plans',
  spot: 'history of spot prices',
}

/** What to say of one source; null when the account is known from its bill only. */
async function sayLack(db: Db, check: Judged, source: Source): Promise<string | null> {
  const [kind, of] = split(source)
  const what = things[subjectOf(of)] ?? of
  const [account] = await db.execute<{ has_key: boolean }>(
    sql`select credentials is not null as has_key from accounts where id = ${check.accountId}`,
  )
  const problem = await problemWith(db, check, partOf(source))
  if (kind === 'bill')
    return 'No bill was imported yet, so nothing has a cost. Upload one on the account page, or say there where it lies.'
  if (kind === 'usage')
    return `No bill says what its ${what} used. Import the cost and usage report of the cloud itself; other bills do not have it.`
  const words = {
    discovery: {
      bad: `Its ${what} could not be read`,
      none: `Its ${what} were not read yet`,
      when: 'accounts are read every few minutes',
    },
    metrics: {
      bad: `The metrics of its ${what} could not be read`,
      none: `There are no metrics of its ${what} yet`,
      when: 'they are collected every half hour',
    },
    prices: {
      bad: 'Prices could not be read',
      none: `There is no ${lists[of] ?? 'price list of machine types'} for this cloud yet`,
      when: 'prices are read after the account',
    },
  }[kind as 'discovery' | 'metrics' | 'prices']
  if (problem) return `${words.bad}: ${problem}`
  if (!account?.has_key) return null
  if (kind === 'metrics' && check.measurable === false)
    return `${words.none.replace(/ yet$/, '')}: metrics cannot be read of this cloud yet, so there is nothing to do here.`
  return `${words.none}. Nothing to do: ${words.when}.`
}

async function problemWith(db: Db, check: Check, part: string): Promise<string | null> {
  const notes = await listDiscoveries(db, { orgId: check.orgId, accountId: check.accountId })
  const own = notes.filter(({ resourceType }) => resourceType === part || resourceType === 'regions')
  const [said] = sayProblems(own.map((note) => ({ part, region: note.region, problem: problemOf(note) })))
  return said ? [said.what, said.next].filter(Boolean).join(' ') : null
}
