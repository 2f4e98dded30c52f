/** Clean-up scripts: the bot never deletes; a person runs a script that looks again and acts. Which exist is read from the folder. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { Decimal } from 'decimal.js'
import { z } from 'zod'
import { listFindings, type FindingRow } from '../../db/queries/recommendations.ts'
import type { Cloud } from '../../db/vocabulary.ts'
import { assertCan, can } from '../access.ts'
import type { Context } from '../context.ts'
import { csvLine, type Cell } from '../csv.ts'
import { notFound } from '../errors.ts'
import type { Amount } from '../money.ts'
import { meaningOf, sayList } from './evidence.ts'
import { getRecommendation } from './options.ts'
import type { Recommendation } from './recommendation.ts'

const folder = new URL('./scripts/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8').trimEnd()
const part = (one: Recommendation, cloud: Cloud) => `${one.id.replaceAll('_', '-')}.${cloud}.sh`

/** The clouds whose findings of this recommendation a script can clean up. */
export const scriptClouds = (one: Recommendation): Cloud[] =>
  one.clouds.filter((cloud) => existsSync(new URL(part(one, cloud), folder)))

/** Is there a script for findings in one of these clouds? A button for it is shown only then. */
export const hasScript = (one: Recommendation, clouds: Cloud[]): boolean =>
  scriptClouds(one).some((cloud) => clouds.includes(cloud))

export const CleanUp = z.object({
  recommendation: z.string(),
  findingIds: z.array(z.uuid()).optional(),
  accountId: z.uuid().optional(),
})
export type CleanUp = z.infer<typeof CleanUp>

/** A script and the list it works on. `sha256` is of the list; `saving` per 30 days; `leftOut` findings the person may not clean up, `findingIds` the others. */
export type CleanUpFiles = {
  script: string
  json: string
  csv: string
  fileNames: { script: string; json: string; csv: string }
  sha256: string
  count: number
  saving: Amount
  leftOut: number
  findingIds: string[]
}

/** No list is longer; the next check and another script take care of the rest. */
export const longestList = 10_000

/**
 * The script and the frozen list for the active findings of a recommendation, or for the given ones. Changes nothing.
 * NotFound when no script can do it or nothing is left to do; Forbidden when none of it is the person's.
 */
export async function cleanUp(ctx: Context, input: CleanUp): Promise<CleanUpFiles> {
  const { recommendation, findingIds, accountId } = CleanUp.parse(input)
  const one = getRecommendation(recommendation)
  const clouds = scriptClouds(one)
  if (clouds.length === 0)
    throw notFound(`There is no clean-up script for ${one.title}. Nothing was changed.`, { next: one.advice })
  const rows = await listFindings(ctx.db, {
    ...{ orgId: ctx.orgId, now: ctx.now(), recommendation, limit: longestList },
    ...(findingIds ? { ids: findingIds } : { status: 'active' }),
    ...(accountId ? { accountId } : {}),
  })
  const doable = rows.filter((row) => clouds.includes(row.cloud))
  if (doable.length === 0) throw notFound(`Nothing is left to clean up for ${one.title}. Nothing was changed.`)
  const allowed = await allowedOf(ctx, doable)
  const json = listOf(one, allowed)
  const fileNames = fileNamesOf(one, ctx.now())
  return {
    ...{ json, fileNames, count: allowed.length, leftOut: rows.length - allowed.length },
    script: scriptOf(one, { json, accounts: accountsOf(allowed) }, { name: fileNames.script, made: ctx.now() }),
    csv: toCsv(one, allowed),
    findingIds: allowed.map(({ id }) => id),
    sha256: sha256Of(json),
    saving: allowed.reduce((sum, row) => sum.plus(row.saving ?? 0), new Decimal(0)).toString(),
  }
}

/** The list a script works on. */
export const listOf = (one: Recommendation, rows: FindingRow[]): string => jsonOf(rows.map(toItem(one)))

/** A list as its file holds it. */
export const jsonOf = (entries: unknown[]): string => `${JSON.stringify(entries, null, 1)}\n`

/** What the files are called. */
export function fileNamesOf(one: Recommendation, made: Date): { script: string; json: string; csv: string } {
  const stem = `${one.id}-${made.toISOString().slice(0, 10)}`
  return { script: `cleanup_${one.id}.sh`, json: `${stem}.json`, csv: `${stem}.csv` }
}

/** An account as a script knows it. */
export type ScriptAccount = { id: string; name: string; cloud: Cloud; number: string }

/** The accounts of a list, each once. */
export const accountsOf = (rows: FindingRow[]): ScriptAccount[] =>
  [...new Map(rows.map((row) => [row.accountId, row])).values()].map((row) => ({
    ...{ id: row.accountId, name: row.accountName, cloud: row.cloud, number: row.cloudAccountId },
  }))

/** Those the person may clean up; Forbidden when there are none. Asked once per pool and owner, not per finding. */
export async function allowedOf(ctx: Context, rows: FindingRow[]): Promise<FindingRow[]> {
  const answers = new Map<string, boolean>()
  const allowed: FindingRow[] = []
  for (const row of rows) {
    const key = `${row.poolId} ${row.ownerId}`
    if (!answers.has(key)) answers.set(key, await can(ctx, 'get_scripts', row))
    if (answers.get(key)) allowed.push(row)
  }
  if (allowed.length === 0) await assertCan(ctx, 'get_scripts', rows[0])
  return allowed
}

/** One item of the list, names and units as they are downloaded: money in the organization's currency with 2 decimals. */
export const toItem = (one: Recommendation) => (row: FindingRow) => {
  const evidence = Object.entries(row.evidence).map(([name, value]) => [
    name,
    meaningOf(one, name).unit === 'money' ? amount(value as string) : value,
  ])
  const item = {
    cloud_account_id: row.accountId,
    cloud_account_name: row.accountName,
    cloud_resource_id: row.cloudResourceId,
    cloud_type: row.cloud,
    detected_at: Math.floor(row.detectedAt.getTime() / 1000),
    is_excluded: row.isExcluded,
    region: row.region,
    resource_id: row.resourceId,
    resource_name: row.resourceName,
    zone_id: row.zoneId,
    owner: row.ownerId ? { id: row.ownerId, name: row.ownerName } : null,
    pool: row.poolId ? { id: row.poolId, name: row.poolName } : null,
    ...(row.saving === null ? {} : { saving: amount(row.saving) }),
    ...(row.status === 'dismissed' ? { is_dismissed: true } : {}),
    ...Object.fromEntries(evidence),
  }
  return Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

const amount = (value: Amount) => new Decimal(value).toDecimalPlaces(2).toNumber()

/** The list as a table for a spreadsheet; what would be a formula there is quoted. */
function toCsv(one: Recommendation, rows: FindingRow[]): string {
  const names = Object.keys(one.evidence.shape)
  const head = [
    'Resource',
    'Id',
    'Account',
    'Region',
    'Pool',
    'Owner',
    'Saving per month',
    ...names.map((name) => meaningOf(one, name).label),
  ]
  const lines = rows.map((row) => [
    ...[row.resourceName, row.cloudResourceId, row.accountName, row.region, row.poolName, row.ownerName, row.saving],
    ...names.map((name) => csvValue(row.evidence[name], meaningOf(one, name).unit)),
  ])
  return [head, ...lines].map(csvLine).join('')
}

function csvValue(value: unknown, unit: string | undefined): Cell {
  if (unit === 'time') return value ? new Date(Number(value) * 1000).toISOString() : 'never'
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'string' || typeof value === 'number' ? value : sayList(value, unit)
}

const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The script for a list that touches these accounts; it works on no other list. */
export function scriptOf(
  one: Recommendation,
  { json, accounts }: { json: string; accounts: ScriptAccount[] },
  { name, made }: { name: string; made: Date },
): string {
  const clouds = [...new Set(accounts.map(({ cloud }) => cloud))].toSorted()
  const parts = clouds.map((cloud) => `\n${read(`cloud.${cloud}.sh`)}\n\n${read(part(one, cloud))}\n`)
  const values: Record<string, string> = {
    ...{ TITLE: one.title, NAME: name, MADE: made.toISOString(), CLOUDS: parts.join('') },
    ...{ ACCOUNTS: quoted(JSON.stringify(accounts)), LIST: sha256Of(json), ADVICE: quoted(one.advice) },
  }
  return `${read('frame.sh').replaceAll(/@([A-Z]+)@/g, (_, key: string) => values[key]!)}\n`
}

/** Inside single quotes of the shell. */
const quoted = (text: string) => text.replaceAll("'", `'\\''`)
