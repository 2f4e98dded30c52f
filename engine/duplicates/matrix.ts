/** One check as people look at it: its buckets, the dearest first, and what each has in common with each. */
import {
  findDuplicateCheck,
  listDuplicateBuckets,
  listDuplicateChecks,
  listDuplicatePairs,
} from '../../db/queries/duplicates.ts'
import type { DuplicateBucket, DuplicateCheck, DuplicatePair } from '../../db/schema/duplicates.ts'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { readThresholds, toneOf, type DuplicateThresholds, type DuplicateTone } from './thresholds.ts'

export type BucketFacts = DuplicateBucket & { accountName: string; tone: DuplicateTone }
export type Cell = DuplicatePair & { tone: DuplicateTone }

export type DuplicateFacts = {
  check: DuplicateCheck
  buckets: BucketFacts[]
  /** Row bucket, then column bucket, in the order of `buckets`; null where they have nothing in common. */
  matrix: (Cell | null)[][]
  thresholds: DuplicateThresholds
}

/** What equal checksums do and do not prove; said wherever duplicates are shown. */
export const caveats = [
  'Equal means equal checksum (ETag) and size. Objects uploaded in parts or encrypted with SSE-KMS or SSE-C have checksums of their own kind, so some duplicates are missed.',
  'Older versions and storage classes are not told apart.',
]

type Reading = Pick<Context, 'db' | 'orgId'>

/** The check, or NotFound. */
export async function getDuplicateCheck(ctx: Reading, id: string): Promise<DuplicateFacts> {
  const check = await findDuplicateCheck(ctx.db, { orgId: ctx.orgId, id })
  if (!check) throw notFound('There is no such check for duplicates in this organization.')
  const [rows, pairs, thresholds] = await Promise.all([
    listDuplicateBuckets(ctx.db, id),
    listDuplicatePairs(ctx.db, id),
    readThresholds(ctx),
  ])
  const toned = <T extends { saving: string | null }>(one: T) => ({ ...one, tone: toneOf(one.saving, thresholds) })
  const buckets = rows.map(toned)
  const cells = new Map(pairs.map((pair) => [`${pair.bucketN} ${pair.withN}`, toned(pair)]))
  const read = buckets.filter(({ state }) => state === 'listed')
  const matrix = read.map((row) => read.map((column) => cells.get(`${row.n} ${column.n}`) ?? null))
  return { check, buckets, matrix, thresholds }
}

/** The newest check, of any state or of this one; null when there is none. */
export async function findLatestCheck(ctx: Reading, state?: DuplicateCheck['state']): Promise<DuplicateCheck | null> {
  const [latest] = await listDuplicateChecks(ctx.db, { orgId: ctx.orgId, ...(state ? { state } : {}), limit: 1 })
  return latest ?? null
}
