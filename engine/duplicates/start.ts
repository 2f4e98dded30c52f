/** A check for duplicates from the wish to its job, and its early end. */
import { z } from 'zod'
import { deleteDuplicateObjects } from '../../db/queries/duplicate-figures.ts'
import {
  findDuplicateCheck,
  insertDuplicateCheck,
  listBuckets,
  listCheckIds,
  setChecksFailed,
  updateOpenCheck,
  type BucketChoice,
} from '../../db/queries/duplicates.ts'
import type { DuplicateCheck } from '../../db/schema/duplicates.ts'
import { assertCan } from '../access.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { conflict, invalid, notFound } from '../errors.ts'
import { record } from '../events.ts'
import { notify } from '../notifications/notify.ts'

/** So many buckets at most are compared at once. */
export const mostBuckets = 100
const bytesPerMb = 1024 * 1024

export const StartDuplicateCheck = z.object({
  bucketIds: z
    .array(z.uuid('Choose buckets from the list.'))
    .min(1, 'Choose a bucket.')
    .max(mostBuckets, `Choose ${mostBuckets} buckets at most.`)
    .meta({ label: 'Buckets' }),
  minSize: z
    .number()
    .int('Give whole megabytes.')
    .min(0)
    .max(2 ** 31 - 1)
    .default(0)
    .meta({ label: 'Only objects of at least', unit: 'MB' }),
})
export type StartDuplicateCheck = z.input<typeof StartDuplicateCheck>

const subjectOf = (id: string) => ({ kind: 'duplicates', id }) as const

/** The buckets that can be checked, the dearest first; `like` is a part of the name. */
export async function listCheckableBuckets(
  ctx: Context,
  where: { ids?: string[]; names?: string[]; like?: string; limit: number },
): Promise<BucketChoice[]> {
  const able = Object.values(ctx.outside.clouds).filter((cloud) => cloud.objects !== undefined)
  return listBuckets(ctx.db, { orgId: ctx.orgId, clouds: able.map(({ kind }) => kind), ...where })
}

/**
 * Looks for equal objects in these buckets, in the background; `minSize` in MB, smaller objects do not count (0: empty ones
 * do not). Invalid when a bucket is not in an account that is connected; nothing is started then.
 */
export async function startDuplicateCheck(ctx: Context, input: StartDuplicateCheck): Promise<DuplicateCheck> {
  await assertCan(ctx, 'check_duplicates')
  const { bucketIds, minSize } = StartDuplicateCheck.parse(input)
  const ids = [...new Set(bucketIds)]
  const buckets = await listCheckableBuckets(ctx, { ids, limit: ids.length })
  if (buckets.length < ids.length)
    throw invalid('A chosen bucket is not in an account that is connected with a key. Nothing was started.', {
      field: 'bucketIds',
      next: 'Choose buckets from the list.',
    })
  return inTransaction(ctx, async (ctx) => {
    const now = ctx.now()
    const personId = ctx.actor.personId
    // Empty "folders" have no bytes and would all be equal.
    const minBytes = Math.max(1, minSize * bytesPerMb)
    const row = { orgId: ctx.orgId, personId, minBytes, buckets: buckets.length, createdAt: now, updatedAt: now }
    const check = await insertDuplicateCheck(ctx.db, row, buckets)
    await updateOpenCheck(ctx.db, { id: check.id, set: { state: 'queued' } })
    await record(ctx, 'duplicates.started', {
      subject: subjectOf(check.id),
      after: { buckets: buckets.map(({ name }) => name), minBytes },
    })
    await enqueue(ctx, 'check-duplicates', { orgId: ctx.orgId, checkId: check.id, key: check.id })
    await notify(ctx, {
      ...{ kind: 'duplicates-found', key: `duplicates-found ${check.id}`, personIds: personId ? [personId] : [] },
      ...{ subject: subjectOf(check.id), facts: { checkId: check.id } },
    })
    return { ...check, state: 'queued' }
  })
}

/** Ends a check that waits or runs; what it listed so far is dropped. Conflict when it has ended already. */
export async function stopDuplicateCheck(ctx: Context, { checkId }: { checkId: string }): Promise<void> {
  await assertCan(ctx, 'check_duplicates')
  const check = await findDuplicateCheck(ctx.db, { orgId: ctx.orgId, id: checkId })
  if (!check) throw notFound('There is no such check. Nothing was changed.')
  await inTransaction(ctx, async (ctx) => {
    const set = { state: 'failed', reason: 'It was stopped.', finishedAt: ctx.now(), updatedAt: ctx.now() } as const
    if (!(await updateOpenCheck(ctx.db, { id: checkId, set })))
      throw conflict('This check has ended already. Nothing was changed.')
    await record(ctx, 'duplicates.stopped', { subject: subjectOf(checkId) })
  })
}

/** An account goes: its checks under way end with the reason, and the lists of its objects are erased. In the caller's transaction. */
export async function endChecksOfAccount(
  ctx: Context,
  { accountId, name }: { accountId: string; name: string },
): Promise<void> {
  const { orgId } = ctx
  const reason = `The account ${name} was disconnected.`
  const ended = await setChecksFailed(ctx.db, { orgId, accountId, reason, now: ctx.now() })
  for (const { id } of ended) await record(ctx, 'duplicates.failed', { subject: subjectOf(id), after: { reason } })
  await deleteDuplicateObjects(ctx.db, await listCheckIds(ctx.db, { orgId, accountId }))
}
