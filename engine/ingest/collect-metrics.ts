import { findAccount, updateAccount } from '../../db/queries/cloud-accounts.ts'
import { insertMetricPoints, listMeasuredResources, type MeasuredResource } from '../../db/queries/metrics.ts'
import type { MetricPointRow } from '../../db/schema/metrics.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { CloudError, type CloudAdapter, type Credentials, type MetricPoint } from '../../integrations/cloud.ts'
import { openCredentials } from '../accounts/credentials.ts'
import { noteResults, type PartResult } from '../accounts/health.ts'
import { inTransaction, type Context } from '../context.ts'
import { checkSoon } from '../recommendations/force-check.ts'
import { dayMs, hourMs, minuteMs } from '../time.ts'
import { inTurns } from './in-turns.ts'

const measuredTypes = ['Instance', 'RDS Instance']
const backFillMs = 30 * dayMs
/** A resource is asked about again when this much of its life is not known yet: a request per interval would cost more than it tells. */
const worthAskingMs = 2 * hourMs
/** Clouds are late: an interval counts as complete this long after its end. */
const settledMs = 10 * minuteMs
/** Resources per request, and how far apart their newest points may lie to share one. */
const batchSize = 100
const batchSpreadMs = 6 * hourMs
/** What is stored in one transaction, so that a resource's newest point says what it has. */
const sliceMs = 2 * dayMs
const regionsAtOnce = 4

/**
 * Brings the monitoring of an account's instances up to date: 30 days for a new one, else from its newest point on.
 * A region that fails is noted on the account and asked again at the next tick. Jobs may.
 */
export async function collectMetrics(ctx: Context, input: { accountId: string; signal?: AbortSignal }): Promise<void> {
  const account = await findAccount(ctx.db, { orgId: ctx.orgId, id: input.accountId })
  const read = account && ctx.outside.clouds[account.cloud]?.metrics
  const credentials = account && openCredentials(ctx, account)
  if (!read || !credentials) return
  const sweep: Sweep = { ctx, account, read, credentials, ...(input.signal ? { signal: input.signal } : {}) }
  const all = await listMeasuredResources(ctx.db, { orgId: ctx.orgId, accountId: account.id, types: measuredTypes })
  const regions = Map.groupBy(all, ({ region }) => region)
  const results = await inTurns([...regions], regionsAtOnce, ([region, own]) => collectRegion(sweep, region, own))
  await noteResults(ctx, { accountId: account.id, results })
  if (results.some(({ problem }) => problem !== null)) return
  await updateAccount(ctx.db, { orgId: ctx.orgId, id: account.id, set: { lastMetricsAt: ctx.now() } })
  if (account.lastMetricsAt === null) await checkSoon(ctx)
}

type Sweep = {
  ctx: Context
  account: Account
  read: NonNullable<CloudAdapter['metrics']>
  credentials: Credentials
  signal?: AbortSignal
}
type Wanted = { resource: MeasuredResource; from: Date }

async function collectRegion(sweep: Sweep, region: string, resources: MeasuredResource[]): Promise<PartResult> {
  const { ctx, account } = sweep
  const wanted = resources.flatMap((resource) => wantedOf(resource, { now: ctx.now(), account }))
  try {
    for (const batch of batches(wanted)) await collectBatch(sweep, region, batch)
    return { part: 'metrics', region, problem: null }
  } catch (error) {
    if (!(error instanceof CloudError)) throw error
    return { part: 'metrics', region, problem: { kind: error.kind, message: error.message } }
  }
}

/** From when on a resource is asked about; not at all while it cannot have told much more than we know. */
function wantedOf(resource: MeasuredResource, { now, account }: { now: Date; account: Account }): Wanted[] {
  const { newestAt, lastSeenAt, lastNotStoppedAt } = resource
  const from = new Date(Math.max(newestAt?.getTime() ?? 0, now.getTime() - backFillMs))
  const neverRan = newestAt === null && lastNotStoppedAt === null && account.lastMetricsAt !== null
  const until = Math.min(lastSeenAt.getTime(), lastNotStoppedAt?.getTime() ?? Infinity)
  return neverRan || from.getTime() + worthAskingMs > until ? [] : [{ resource, from }]
}

/** Resources that can share a request: those whose newest points lie close together. */
function batches(wanted: Wanted[]): Wanted[][] {
  const found: Wanted[][] = []
  for (const each of wanted.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    const last = found.at(-1)
    const fits = last && last.length < batchSize && each.from.getTime() - last[0]!.from.getTime() <= batchSpreadMs
    if (fits) last.push(each)
    else found.push([each])
  }
  return found
}

async function collectBatch(sweep: Sweep, region: string, batch: Wanted[]): Promise<void> {
  const { ctx, read, credentials, signal } = sweep
  const end = ctx.now().getTime() - settledMs
  const cloudResourceIds = batch.map(({ resource }) => resource.cloudResourceId)
  for (let at = batch[0]!.from.getTime(); at < end; at += sliceMs) {
    signal?.throwIfAborted()
    const window = { from: new Date(at), to: new Date(Math.min(at + sliceMs, end)) }
    const points: MetricPoint[] = []
    for await (const point of read(credentials, { region, cloudResourceIds, ...window })) points.push(point)
    await store(sweep, batch, points)
  }
}

/** Jobs may; no event: points are readings, not changes. */
async function store({ ctx, account }: Sweep, batch: Wanted[], points: MetricPoint[]): Promise<void> {
  const rows = pointRows({ account, batch }, points)
  await inTransaction(ctx, async (ctx) => {
    for (let n = 0; n < rows.length; n += 20_000) await insertMetricPoints(ctx.db, rows.slice(n, n + 20_000))
  })
}

function pointRows({ account, batch }: { account: Account; batch: Wanted[] }, points: MetricPoint[]): MetricPointRow[] {
  const ids = new Map(batch.map(({ resource }) => [resource.cloudResourceId, resource.id]))
  return points.flatMap(({ cloudResourceId, metric, at, value }) => {
    const resourceId = ids.get(cloudResourceId)
    return resourceId ? [{ orgId: account.orgId, accountId: account.id, resourceId, metric, at, value }] : []
  })
}
