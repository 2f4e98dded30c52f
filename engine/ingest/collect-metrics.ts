import { findAccount, updateAccount } from '../../db/queries/cloud-accounts.ts'
import { listDiscoveries } from '../../db/queries/discoveries.ts'
import { insertMetricPoints, listMeasuredResources, type MeasuredResource } from '../../db/queries/metrics.ts'
import type { MetricPointRow } from '../../db/schema/metrics.ts'
import type { Account, Discovery } from '../../db/schema/cloud-accounts.ts'
import type { ResourceType } from '../../db/vocabulary.ts'
import { CloudError, type Credentials, type MetricPoint, type MetricsRole } from '../../integrations/cloud.ts'
import { openForJob } from '../accounts/credentials.ts'
import { noteResults, problemOf } from '../accounts/health.ts'
import type { PartResult, Problem } from '../accounts/problems.ts'
import { inTransaction, type Context } from '../context.ts'
import { checkSoon } from '../recommendations/force-check.ts'
import { dayMs, hourMs, minuteMs } from '../time.ts'
import { inTurns } from './in-turns.ts'

const backFillMs = 30 * dayMs
/** Clouds are late: an interval counts as complete this long after its end. */
const settledMs = 10 * minuteMs
/** Resources per request, and how far apart their newest points may lie to share one. */
const batchSize = 100
const batchSpreadMs = 6 * hourMs
/**
 * `worthAskingMs`: a resource is asked about again when this much of its life is not known yet, because a request per
 * interval would cost more than it tells. `lateMs`: what says nothing at all is asked about that much of the past again,
 * should the cloud be late. `sliceMs`: what is stored in one transaction, so that a newest point says what there is.
 */
type Pace = { worthAskingMs: number; lateMs: number; sliceMs: number }
const quarterly: Pace = { worthAskingMs: 2 * hourMs, lateMs: 6 * hourMs, sliceMs: 2 * dayMs }
const daily: Pace = { worthAskingMs: dayMs + 2 * hourMs, lateMs: 4 * dayMs, sliceMs: backFillMs }
const paceOf = (type: string) => (type === 'Bucket' ? daily : quarterly)
const regionsAtOnce = 4

/**
 * Brings the monitoring of what the cloud measures up to date: 30 days for a new resource, else from its newest point on.
 * A region that fails is noted on the account and asked again at the next tick; what the others told is not asked again.
 * Jobs may.
 */
export async function collectMetrics(ctx: Context, input: { accountId: string; signal?: AbortSignal }): Promise<void> {
  const account = await findAccount(ctx.db, { orgId: ctx.orgId, id: input.accountId })
  const roles = account && ctx.outside.clouds[account.cloud]?.metrics
  const credentials = account && (await openForJob(ctx, account))
  if (!roles || !credentials) return
  const notes = await metricsNotes(ctx, account.id)
  const sweep: Sweep = { ctx, account, roles, credentials, notes, ...(input.signal ? { signal: input.signal } : {}) }
  const all = await listMeasuredResources(ctx.db, {
    orgId: ctx.orgId,
    accountId: account.id,
    types: Object.keys(roles),
  })
  const regions = Map.groupBy(all, ({ region }) => region)
  const results = await inTurns([...regions], regionsAtOnce, ([region, own]) => collectRegion(sweep, region, own))
  await noteResults(ctx, { accountId: account.id, results: [...results, ...settled(notes, results)] })
  if (results.some(({ problem }) => problem !== null && passing.includes(problem.kind))) return
  await updateAccount(ctx.db, { orgId: ctx.orgId, id: account.id, set: { lastMetricsAt: ctx.now() } })
  if (account.lastMetricsAt === null) await checkSoon(ctx)
}

/** Discovery has metrics collected until they were, once; what does not pass by itself is left to the slower tick. */
const passing: readonly Problem['kind'][] = ['throttled', 'unreachable', 'wrong_clock']

/** How reading the metrics of each region went before. */
async function metricsNotes({ db, orgId }: Context, accountId: string): Promise<Discovery[]> {
  const notes = await listDiscoveries(db, { orgId, accountId })
  return notes.filter((note) => note.resourceType === 'metrics')
}

/** Failures of before in regions where nothing is measured any more: nobody would ever ask there again. */
function settled(notes: Discovery[], results: PartResult[]): PartResult[] {
  return notes
    .filter((note) => problemOf(note) !== null)
    .filter(({ region }) => !results.some((one) => one.region === region))
    .map(({ region }) => ({ part: 'metrics', region, problem: null }))
}

type Sweep = {
  ctx: Context
  account: Account
  roles: Partial<Record<ResourceType, MetricsRole>>
  credentials: Credentials
  notes: Discovery[]
  signal?: AbortSignal
}
type Wanted = { resource: MeasuredResource; from: Date }

async function collectRegion(sweep: Sweep, region: string, resources: MeasuredResource[]): Promise<PartResult> {
  const answeredAt = sweep.notes.find((note) => note.region === region)?.lastDiscoveryAt ?? null
  const wanted = resources.flatMap((resource) => wantedOf(resource, { now: sweep.ctx.now(), answeredAt }))
  let problem: PartResult['problem'] = null
  for (const own of Map.groupBy(wanted, ({ resource }) => resource.type).values())
    try {
      for (const batch of batches(own)) await collectBatch(sweep, region, batch)
    } catch (error) {
      if (!(error instanceof CloudError)) throw error
      problem ??= { kind: error.kind, message: error.message }
    }
  return { part: 'metrics', region, problem }
}

/**
 * From when on a resource is asked about; not at all while it cannot have told much more than we know. `answeredAt`: when
 * its region last told all it had.
 */
function wantedOf(resource: MeasuredResource, { now, answeredAt }: { now: Date; answeredAt: Date | null }): Wanted[] {
  const { type, newestAt, firstSeenAt, lastSeenAt, lastNotStoppedAt } = resource
  const { worthAskingMs, lateMs } = paceOf(type)
  const isMachine = type === 'Instance'
  const asked = answeredAt !== null && firstSeenAt < answeredAt && !isMachine
  const known = newestAt?.getTime() ?? (asked ? answeredAt.getTime() - lateMs : 0)
  const from = new Date(Math.max(known, now.getTime() - backFillMs))
  const neverRan = isMachine && newestAt === null && lastNotStoppedAt === null && answeredAt !== null
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
  const { ctx, roles, credentials, signal } = sweep
  const { type } = batch[0]!.resource
  const read = roles[type as ResourceType]
  if (!read) return
  const { sliceMs } = paceOf(type)
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
