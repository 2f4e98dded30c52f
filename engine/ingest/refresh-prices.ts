import { findAccount } from '../../db/queries/cloud-accounts.ts'
import { listDiscoveries } from '../../db/queries/discoveries.ts'
import { listDuePrices, replaceCloudRegions, setPriceReadings, type DuePrice } from '../../db/queries/prices.ts'
import type { PricePart } from '../../db/vocabulary.ts'
import { CloudError, type CloudAdapter } from '../../integrations/cloud.ts'
import { openForJob } from '../accounts/credentials.ts'
import { noteResults, problemOf } from '../accounts/health.ts'
import type { PartResult } from '../accounts/problems.ts'
import type { Context } from '../context.ts'
import { checkSoon } from '../recommendations/force-check.ts'
import { dayMs } from '../time.ts'
import { readPart, type PriceSource } from './store-prices.ts'

/** List prices move rarely; advice needs them younger than 60 days. */
const refreshAfterMs = 7 * dayMs
const historyMs = 30 * dayMs

/**
 * Brings the prices up to date that the account's machines and databases are judged by: what their regions sell, and for the
 * machine types in use spot prices, commitment offers and the price elsewhere on the continent. What fails is noted on the
 * account per region and asked again at the next discovery; the rest goes on. Prices nobody had yet have recommendations
 * checked soon.
 */
export async function refreshPrices(ctx: Context, input: { accountId: string; signal?: AbortSignal }): Promise<void> {
  const account = await findAccount(ctx.db, { orgId: ctx.orgId, id: input.accountId })
  const adapter = account && ctx.outside.clouds[account.cloud]
  const credentials = account && (await openForJob(ctx, account))
  if (!adapter?.prices || !credentials) return
  const source: PriceSource = { ctx, cloud: account.cloud, credentials, roles: adapter.prices }
  const where = { orgId: ctx.orgId, accountId: account.id, cloud: account.cloud }
  const all = await listDuePrices(ctx.db, { ...where, since: new Date(ctx.now().getTime() - refreshAfterMs) })
  const due = all.filter(({ part }) => adapter.prices?.[part])
  if (due.length) await keepPlaces(ctx, account.cloud, adapter)
  const results: PartResult[] = []
  let news = false
  for (const wanted of Map.groupBy(due, ({ part, region }) => `${region} ${part}`).values()) {
    input.signal?.throwIfAborted()
    const result = await refresh(source, wanted)
    results.push(result)
    news ||= result.problem === null && wanted.some(({ readAt }) => readAt === null)
  }
  const noted = [...results, ...(await settled(ctx, { accountId: account.id, results }))]
  if (noted.length) await noteResults(ctx, { accountId: account.id, results: noted })
  if (news) await checkSoon(ctx)
}

const noteOf = (part: PricePart) => `prices ${part}`

/** One part in one region. */
async function refresh(source: PriceSource, wanted: DuePrice[]): Promise<PartResult> {
  const { ctx, cloud } = source
  const { part, region } = wanted[0]!
  const names = wanted.map(({ name }) => name).filter(Boolean)
  const begun = ctx.now()
  const since = Math.min(...wanted.map(({ readAt }) => readAt?.getTime() ?? 0))
  const from = new Date(Math.max(since, begun.getTime() - historyMs))
  try {
    await readPart(source, { part, region, names, from })
    await setPriceReadings(
      ctx.db,
      wanted.map(({ name }) => ({ cloud, part, region, name, readAt: begun })),
    )
    return { part: noteOf(part), region, problem: null }
  } catch (error) {
    if (!(error instanceof CloudError)) throw error
    return { part: noteOf(part), region, problem: { kind: error.kind, message: error.message } }
  }
}

/** Failures of before that are over because nothing there is wanted any more, or another account read it. */
async function settled(
  ctx: Context,
  { accountId, results }: { accountId: string; results: PartResult[] },
): Promise<PartResult[]> {
  const notes = await listDiscoveries(ctx.db, { orgId: ctx.orgId, accountId })
  return notes
    .filter(({ resourceType }) => resourceType.startsWith('prices '))
    .filter((note) => problemOf(note) !== null)
    .map(({ resourceType: part, region }) => ({ part, region, problem: null }))
    .filter(({ part, region }) => !results.some((one) => one.part === part && one.region === region))
}

async function keepPlaces(ctx: Context, cloud: string, { places = {} }: CloudAdapter): Promise<void> {
  const rows = Object.entries(places).map(([region, place]) => ({ cloud, region, ...place }))
  await replaceCloudRegions(ctx.db, cloud, rows)
}
