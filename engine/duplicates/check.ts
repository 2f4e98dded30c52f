/** A check for duplicates: list every bucket, group what is equal, work out what it costs. */
import {
  deleteDuplicateObjects,
  replaceDuplicateGroups,
  setDuplicateFigures,
} from '../../db/queries/duplicate-figures.ts'
import { countListed, deleteListing, deleteStrayListings, replaceListing } from '../../db/queries/duplicate-listings.ts'
import {
  listCheckIds,
  listDuplicateBuckets,
  setCheckRunning,
  setChecksFailed,
  updateOpenCheck,
} from '../../db/queries/duplicates.ts'
import { allowBulk } from '../../db/queries/staging.ts'
import type { DuplicateCheck } from '../../db/schema/duplicates.ts'
import { CloudError } from '../../integrations/cloud.ts'
import { contextFor, inTransaction, jobActor, type Context, type Deps } from '../context.ts'
import { upstream } from '../errors.ts'
import { record } from '../events.ts'
import { inTurns } from '../ingest/in-turns.ts'
import { addDays, dayOf, hourMs } from '../time.ts'
import { listBucket } from './list-bucket.ts'
import { CheckEndedError, trackCheck } from './progress.ts'

/** Buckets listed side by side: S3 answers one page of a bucket after the other. */
const bucketsAtOnce = 4
/** Tries of a whole check. */
const mostAttempts = 5
/** A bill is complete about this long after a day. */
const costDaysAgo = 3
/** Lists of equal objects are kept of so many checks; the figures of all. */
const keptLists = 5

/**
 * Runs a check from its beginning to figures or a reason. It may be cut off at any moment: the next try lists everything
 * again, and nothing is visible before all of it is. Ended by somebody meanwhile, it stops without a word.
 */
export async function runDuplicateCheck(
  ctx: Context,
  { checkId, signal }: { checkId: string; signal?: AbortSignal },
): Promise<void> {
  const check = await setCheckRunning(ctx.db, { orgId: ctx.orgId, id: checkId, now: ctx.now() })
  if (!check) return
  try {
    await replaceListing(ctx.db, check.id)
    await listAll(ctx, check, signal)
    await concludeCheck(ctx, check)
  } catch (error) {
    if (error instanceof CheckEndedError) return
    await giveBack(ctx, check, { error, stopping: signal?.aborted ?? false })
  } finally {
    await deleteListing(ctx.db, check.id)
  }
}

/** Lists the buckets. The first one that cannot go on stops the others, and all have stopped when this throws. */
async function listAll(ctx: Context, check: DuplicateCheck, signal: AbortSignal | undefined): Promise<void> {
  const stop = new AbortController()
  const either = AbortSignal.any([stop.signal, ...(signal ? [signal] : [])])
  const progress = trackCheck(ctx, check.id)
  const failures: unknown[] = []
  const counts = await inTurns(await listDuplicateBuckets(ctx.db, check.id), bucketsAtOnce, async (bucket) => {
    try {
      return either.aborted ? 0 : await listBucket(ctx, { check, bucket, progress, signal: either })
    } catch (error) {
      failures.push(error)
      stop.abort()
      return 0
    }
  })
  if (failures.length) throw failures[0]
  signal?.throwIfAborted()
  const expected = counts.reduce((sum, count) => sum + count, 0)
  const found = await countListed(ctx.db, check.id)
  if (found !== expected) throw new Error(`${expected} objects were listed, ${found} lie in the database.`)
}

/** Puts the figures in place, all at once; without a bucket that could be listed the check has failed. */
async function concludeCheck(ctx: Context, { id, orgId, startedAt }: DuplicateCheck): Promise<void> {
  const buckets = await listDuplicateBuckets(ctx.db, id)
  const isListed = buckets.some(({ state }) => state === 'listed')
  const reason = isListed ? null : `No bucket could be listed. ${buckets[0]?.name}: ${buckets[0]?.note}`
  await inTransaction(ctx, async (ctx) => {
    await allowBulk(ctx.db)
    if (isListed) {
      await replaceDuplicateGroups(ctx.db, id)
      const costDay = addDays(dayOf(startedAt ?? ctx.now()), -costDaysAgo)
      await setDuplicateFigures(ctx.db, { checkId: id, orgId, costDay })
      const old = await listCheckIds(ctx.db, { orgId, keep: keptLists })
      await deleteDuplicateObjects(
        ctx.db,
        old.filter((other) => other !== id),
      )
    }
    // Last, so that whoever ends it meanwhile does not wait: then nothing of this stays.
    const state = isListed ? 'success' : 'failed'
    const set = { state, reason, finishedAt: ctx.now(), updatedAt: ctx.now() } as const
    if (!(await updateOpenCheck(ctx.db, { id, set }))) throw new CheckEndedError('The check was ended.')
    const subject = { kind: 'duplicates', id } as const
    await record(ctx, isListed ? 'duplicates.found' : 'duplicates.failed', { subject, after: { state, reason } })
  })
}

type Fault = { error: unknown; stopping: boolean }

/** Back into the queue with the reason, or the end after too many tries. A stop of this process is no try. */
async function giveBack(ctx: Context, check: DuplicateCheck, { error, stopping }: Fault): Promise<void> {
  const known = error instanceof CloudError
  const reason = known ? error.message : 'Something broke on our side.'
  if (!stopping && check.attempts >= mostAttempts) {
    if (!known) ctx.log.error({ err: error, checkId: check.id }, 'a check for duplicates failed')
    return failCheck(ctx, { id: check.id, reason })
  }
  const attempts = stopping ? check.attempts - 1 : check.attempts
  await updateOpenCheck(ctx.db, {
    id: check.id,
    set: { state: 'queued', reason: stopping ? null : reason, attempts, updatedAt: ctx.now() },
  })
  throw known ? upstream(reason) : error
}

async function failCheck(ctx: Context, { id, reason }: { id: string; reason: string }): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const set = { state: 'failed', reason, finishedAt: ctx.now(), updatedAt: ctx.now() } as const
    if (!(await updateOpenCheck(ctx.db, { id, set }))) return
    await record(ctx, 'duplicates.failed', { subject: { kind: 'duplicates', id }, after: { reason } })
  })
}

/** Ends checks that said nothing for two hours (their process died once too often), and drops what they left. */
export async function sweepDuplicateChecks(deps: Deps): Promise<void> {
  const now = deps.now()
  const silentSince = new Date(now.getTime() - 2 * hourMs)
  const reason = 'It was cut off too often.'
  const ended = await setChecksFailed(deps.db, { silentSince, reason, now })
  for (const { id, orgId } of ended)
    await record(contextFor(deps, orgId, jobActor('sweep')), 'duplicates.failed', {
      ...{ subject: { kind: 'duplicates', id }, after: { reason } },
    })
  await deleteStrayListings(deps.db)
}
