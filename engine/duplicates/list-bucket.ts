/** One bucket of a check, from the cloud into the staging table. */
import { deleteListed, insertListed } from '../../db/queries/duplicate-listings.ts'
import { findAccount } from '../../db/queries/cloud-accounts.ts'
import { copyLine } from '../../db/queries/staging.ts'
import type { DuplicateBucket, DuplicateCheck } from '../../db/schema/duplicates.ts'
import { CloudError, GoneError, type StoredObject } from '../../integrations/cloud.ts'
import { openCredentials } from '../accounts/credentials.ts'
import type { Context } from '../context.ts'
import type { CheckProgress, Listed } from './progress.ts'

/** Text of so many characters goes to the database at once; times the buckets side by side it bounds the memory. */
const batchSize = 2_000_000
/** Every so many objects (a page of S3) somebody may have stopped it. */
const pageSize = 1000

export type BucketListing = {
  check: DuplicateCheck
  bucket: DuplicateBucket
  progress: CheckProgress
  signal: AbortSignal
}

/**
 * Lists a bucket. One that is gone or may not be listed is left out, and its row says why; a cloud that does not answer, or
 * a stop, is thrown.
 */
export async function listBucket(ctx: Context, listing: BucketListing): Promise<number> {
  const { check, bucket, progress } = listing
  const listed: Listed = { objects: 0, filtered: 0, bytes: 0 }
  const leaveOut = async (state: 'missing' | 'refused', note: string) => {
    if (listed.filtered) await deleteListed(ctx.db, { checkId: check.id, bucketN: bucket.n })
    await progress.done(bucket.n, { objects: 0, filtered: 0, bytes: 0, state, note })
    return 0
  }
  try {
    const objects = await objectsOf(ctx, bucket)
    if (!objects) return await leaveOut('refused', 'Its account has no key to list it with.')
    await store(ctx, listing, { objects, listed })
  } catch (error) {
    if (error instanceof GoneError) return leaveOut('missing', 'It no longer exists.')
    if (error instanceof CloudError && (error.isRefusal || error.kind === 'bad_credentials'))
      return leaveOut('refused', error.message)
    throw error
  }
  await progress.done(bucket.n, { ...listed, state: 'listed', note: null })
  return listed.filtered
}

async function objectsOf(ctx: Context, { accountId: id, name, region }: DuplicateBucket) {
  const account = await findAccount(ctx.db, { orgId: ctx.orgId, id })
  const role = account && ctx.outside.clouds[account.cloud]?.objects
  const credentials = account && openCredentials(ctx, account)
  return role && credentials ? role(credentials, { bucket: name, region }) : null
}

async function store(
  ctx: Context,
  { check, bucket, progress, signal }: BucketListing,
  { objects, listed }: { objects: AsyncIterable<StoredObject>; listed: Listed },
): Promise<void> {
  let text = ''
  for await (const { key, etag, size } of objects) {
    listed.objects += 1
    if (listed.objects % pageSize === 0) {
      signal.throwIfAborted()
      await progress.note(bucket.n, listed)
    }
    if (size < check.minBytes) continue
    listed.filtered += 1
    listed.bytes += size
    text += copyLine([bucket.n, etag, size, key])
    if (text.length < batchSize) continue
    await insertListed(ctx.db, check.id, text)
    text = ''
  }
  if (text) await insertListed(ctx.db, check.id, text)
}
