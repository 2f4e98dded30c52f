import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findDuplicateCheck, listDuplicateChecks } from '../../../db/queries/duplicates.ts'
import { removeAccount } from '../../../engine/accounts/remove.ts'
import { runDuplicateCheck, sweepDuplicateChecks } from '../../../engine/duplicates/check.ts'
import { duplicatesFile } from '../../../engine/duplicates/download.ts'
import { findLatestCheck, getDuplicateCheck } from '../../../engine/duplicates/matrix.ts'
import { listCheckableBuckets, startDuplicateCheck, stopDuplicateCheck } from '../../../engine/duplicates/start.ts'
import checkDuplicates from '../../../engine/jobs/check-duplicates.ts'
import type { Resource } from '../../../db/schema/resources.ts'
import { bucketsWorld, storageCost, type BucketsWorld, type Item } from './buckets-world.ts'

let w: BucketsWorld
let alpha: Resource
let beta: Resource

const mb = 1024 * 1024
/** X lies in alpha only, Y and Z in both (and are equally large there), the parted one in beta only; U differs in size. */
const inAlpha: Item[] = [
  ['folder/', 'empty', 0],
  ['other/', 'empty', 0],
  ['x1', 'x', 100],
  ['x2', 'x', 100],
  ['x3', 'x', 100],
  ['y1', 'y', 200],
  ['z1', 'z', 200],
  ['single', 'u', 300],
]
const inBeta: Item[] = [
  ['=cmd()', 'y', 200],
  ['y2', 'y', 200],
  ['z1', 'z', 200],
  ['single', 'u', 400],
  ['part a', 'm-3', 1000],
  ['part b', 'm-3', 1000],
]

beforeAll(async () => {
  w = await bucketsWorld()
  alpha = await w.bucket('alpha', inAlpha, { daily: '2' })
  beta = await w.bucket('beta', inBeta, { daily: '3' })
})
beforeEach(() => {
  w.clock.advance(1000)
  w.aws.heal()
  w.aws.state.pageLimit = 3
  w.aws.state.closedBuckets = []
})

const start = (buckets: Resource[], minSize = 0) =>
  startDuplicateCheck(w.as(), { bucketIds: buckets.map(({ id }) => id), minSize })
async function checked(buckets: Resource[], minSize = 0) {
  const { id } = await start(buckets, minSize)
  await w.runJobs([checkDuplicates])
  return getDuplicateCheck(w.as(), id)
}
async function fileOf(checkId: string, more: { bucket?: number; with?: number } = {}) {
  let text = ''
  for await (const part of await duplicatesFile(w.as(), { checkId, ...more })) text += part
  return text.trim().split('\r\n').slice(1)
}

describe('the figures of two buckets, worked out by hand', () => {
  it('count all members and all bytes but one copy of each group', async () => {
    const { check } = await checked([alpha, beta])
    expect(check).toMatchObject({
      ...{ state: 'success', reason: null, buckets: 2, bucketsDone: 2 },
      ...{ objects: 14, filteredObjects: 12, totalBytes: 4000 },
      // X 3, Y 3, Z 2, parted 2; 2 × 100 + 2 × 200 + 200 + 1000.
      ...{ groups: 4, duplicateObjects: 10, duplicateBytes: 1800 },
      // 1800 / 4000 × (2 + 3) a day × 30.
      ...{ costDay: '2026-11-20', saving: '67.5' },
    })
  })

  it('per bucket keep one copy of a group of its own, none of a shared one, and come dearest first', async () => {
    const { buckets } = await checked([alpha, beta])
    expect(buckets).toMatchObject([
      // Y 2 × 200, Z 200, parted 1000; 1600 / 3000 × 90.
      { name: 'beta', monthlyCost: '90', bytes: 3000, duplicateObjects: 5, duplicateBytes: 1600, saving: '48' },
      // X 2 × 100, Y 200, Z 200; 600 / 1000 × 60.
      { name: 'alpha', monthlyCost: '60', bytes: 1000, duplicateObjects: 5, duplicateBytes: 600, saving: '36' },
    ])
  })

  it('in the matrix count every shared tag, also those of equal size (F35), with the bytes and cost of the row', async () => {
    const { buckets, matrix } = await checked([alpha, beta])
    expect(buckets.map(({ name }) => name)).toEqual(['beta', 'alpha'])
    expect(matrix).toMatchObject([
      [
        // Y 2 and parted 2 more than once in beta: 200 + 1000; 1200 / 3000 × 90.
        { objects: 4, bytes: 1200, saving: '36' },
        // Y (2 + 1) and Z (1 + 1); bytes in beta 400 + 200; 600 / 3000 × 90.
        { objects: 5, bytes: 600, saving: '18' },
      ],
      [
        // The same objects; bytes in alpha 200 + 200; 400 / 1000 × 60.
        { objects: 5, bytes: 400, saving: '24' },
        // X 3 in alpha: 200; 200 / 1000 × 60.
        { objects: 3, bytes: 200, saving: '12' },
      ],
    ])
  })

  it('leave smaller objects out, and say without a cost no saving', async () => {
    const gamma = await w.bucket('gamma', [
      ['a', 'q', mb],
      ['b', 'q', mb],
      ['c', 'r', mb - 1],
      ['d', 'r', mb - 1],
    ])
    await storageCost(w, gamma, { day: '2026-11-20', cost: '9', unit: 'Requests' })
    await storageCost(w, gamma, { day: '2026-11-21', cost: '9' })
    const { check, buckets, matrix } = await checked([gamma], 1)
    expect(check).toMatchObject({ objects: 4, filteredObjects: 2, totalBytes: 2 * mb, groups: 1, saving: null })
    expect(check).toMatchObject({ duplicateObjects: 2, duplicateBytes: mb, minBytes: mb })
    expect(buckets).toMatchObject([{ monthlyCost: null, saving: null, tone: 'unknown' }])
    expect(matrix).toMatchObject([[{ objects: 2, bytes: mb, saving: null }]])
  })

  it('are nothing for an empty bucket that costs', async () => {
    const { check, buckets } = await checked([await w.bucket('bare', [], { daily: '1' })])
    expect(check).toMatchObject({ state: 'success', objects: 0, groups: 0, saving: '0' })
    expect(buckets).toMatchObject([{ saving: '0', monthlyCost: '30', tone: 'low' }])
  })
})

describe('the file', () => {
  it('holds the groups that waste most first, with formulas disarmed', async () => {
    const { check } = await checked([alpha, beta])
    expect(await fileOf(check.id)).toEqual([
      ...['m-3,beta,part a,1000', 'm-3,beta,part b,1000'],
      ...['y,alpha,y1,200', "y,beta,'=cmd(),200", 'y,beta,y2,200'],
      ...['x,alpha,x1,100', 'x,alpha,x2,100', 'x,alpha,x3,100'],
      ...['z,alpha,z1,200', 'z,beta,z1,200'],
    ])
  })

  it('of one bucket or a pair holds what that cell of the matrix counts', async () => {
    const { check, buckets } = await checked([alpha, beta])
    const n = (name: string) => buckets.find((bucket) => bucket.name === name)!.n
    expect(await fileOf(check.id, { bucket: n('alpha') })).toEqual(['x1', 'x2', 'x3'].map((k) => `x,alpha,${k},100`))
    const both = await fileOf(check.id, { bucket: n('beta'), with: n('alpha') })
    expect(both.map((line) => line.slice(0, 7))).toEqual(['y,alpha', 'y,beta,', 'y,beta,', 'z,alpha', 'z,beta,'])
  })
})

describe('what goes wrong', () => {
  it('leaves out a bucket that is gone and one that may not be listed, and says why', async () => {
    const gone = await w.bucket('gone', [])
    delete w.aws.state.buckets['gone']
    const closed = await w.bucket('closed', [['a', 'x', 100]])
    w.aws.state.closedBuckets = ['closed']
    const { check, buckets, matrix } = await checked([alpha, gone, closed])
    expect(check).toMatchObject({ state: 'success', filteredObjects: 6, duplicateObjects: 3, saving: '12' })
    expect(Object.fromEntries(buckets.map(({ name, state, note }) => [name, [state, note]]))).toEqual({
      alpha: ['listed', null],
      gone: ['missing', 'It no longer exists.'],
      closed: ['refused', 'The access key may not use s3:ListBucket (AccessDenied).'],
    })
    expect(matrix).toHaveLength(1)
  })

  it('fails with the reason when no bucket could be listed', async () => {
    w.aws.state.closedBuckets = ['alpha']
    const { check } = await checked([alpha])
    expect(check).toMatchObject({ state: 'failed', saving: null })
    expect(check.reason).toBe(
      'No bucket could be listed. alpha: The access key may not use s3:ListBucket (AccessDenied).',
    )
  })

  it('waits out a throttle, and begins again when S3 stays silent', async () => {
    w.aws.trouble({ kind: 'throttled', service: 's3', times: 1 })
    expect((await checked([alpha])).check).toMatchObject({ state: 'success', attempts: 1 })
    w.aws.trouble({ kind: 'broken', service: 's3' })
    const { id } = await start([alpha])
    const run = () => runDuplicateCheck(w.job(), { checkId: id })
    await expect(run()).rejects.toThrow('AWS did not answer s3:ListBucket')
    expect(await findDuplicateCheck(w.deps.db, { orgId: w.org.id, id })).toMatchObject({ state: 'queued', attempts: 1 })
    w.aws.heal()
    await run()
    const { check } = await getDuplicateCheck(w.as(), id)
    expect(check).toMatchObject({ state: 'success', attempts: 2, reason: null, duplicateObjects: 3 })
  })

  it('gives up after five tries, and says what was wrong', async () => {
    w.aws.trouble({ kind: 'broken', service: 's3' })
    const { id } = await start([alpha])
    for (let n = 1; n < 5; n++)
      await expect(runDuplicateCheck(w.job(), { checkId: id })).rejects.toThrow('did not answer')
    await runDuplicateCheck(w.job(), { checkId: id })
    const { check } = await getDuplicateCheck(w.as(), id)
    expect(check).toMatchObject({ state: 'failed', reason: 'AWS did not answer s3:ListBucket (InternalError).' })
    await runDuplicateCheck(w.job(), { checkId: id })
    expect((await getDuplicateCheck(w.as(), id)).check).toEqual(check)
  })

  it('a second run of an ended check changes nothing, and no listing stays behind', async () => {
    const { check } = await checked([alpha, beta])
    const before = await getDuplicateCheck(w.as(), check.id)
    await runDuplicateCheck(w.job(), { checkId: check.id })
    expect(await getDuplicateCheck(w.as(), check.id)).toEqual(before)
    expect(await w.database.sql`select 1 from pg_class where relname like 'duplicate_listing%'`).toHaveLength(0)
  })

  it('ends what was stopped, and one whose process never came back', async () => {
    const { id } = await start([alpha])
    await stopDuplicateCheck(w.as(), { checkId: id })
    await w.runJobs([checkDuplicates])
    expect((await getDuplicateCheck(w.as(), id)).check).toMatchObject({ state: 'failed', reason: 'It was stopped.' })
    await expect(stopDuplicateCheck(w.as(), { checkId: id })).rejects.toThrow('ended already')
    const dead = await start([alpha])
    await w.database.sql`update duplicate_checks set state = 'running', updated_at = '2026-11-22' where id = ${dead.id}`
    await w.database.sql`create unlogged table ${w.database.sql(`duplicate_listing_${dead.id.replaceAll('-', '')}`)} ()`
    await sweepDuplicateChecks(w.deps)
    expect((await getDuplicateCheck(w.as(), dead.id)).check.state).toBe('failed')
    expect(await w.database.sql`select 1 from pg_class where relname like 'duplicate_listing%'`).toHaveLength(0)
  })
})

describe('starting', () => {
  it('is for organization managers, with buckets of connected accounts only', async () => {
    const priya = await w.person('Priya')
    const input = { bucketIds: [alpha.id] }
    await expect(startDuplicateCheck(w.as(priya), input)).rejects.toThrow('You cannot look for duplicate objects')
    const instance = await w.resource(w.main)
    await expect(startDuplicateCheck(w.as(), { bucketIds: [instance.id] })).rejects.toThrow('Nothing was started')
    await expect(startDuplicateCheck(w.as(), { bucketIds: [] })).rejects.toThrow('Choose a bucket.')
    const many = Array.from({ length: 101 }, () => crypto.randomUUID())
    await expect(startDuplicateCheck(w.as(), { bucketIds: many })).rejects.toThrow('100 buckets at most')
    for (const minSize of [-1, 0.5, 2 ** 31])
      await expect(startDuplicateCheck(w.as(), { ...input, minSize })).rejects.toThrow()
    expect((await listCheckableBuckets(w.as(), { like: 'ALP', limit: 10 })).map(({ name }) => name)).toEqual(['alpha'])
  })

  it('keeps earlier checks and shows the latest', async () => {
    const { check } = await checked([beta])
    const all = await listDuplicateChecks(w.deps.db, { orgId: w.org.id, limit: 100 })
    expect(all.length).toBeGreaterThan(5)
    expect((await findLatestCheck(w.as(), 'success'))?.id).toBe(check.id)
    const [kept] = await w.database.sql`select count(distinct check_id)::int as checks from duplicate_objects`
    expect(kept!.checks).toBeLessThanOrEqual(5)
  })

  it('lists a bucket of another region where it lies, and keys no XML can hold', async () => {
    const odd = await w.bucket('odd', [
      ['a b+c/ü%.txt', 'k', 10],
      ['tab\there', 'k', 10],
    ])
    const { check } = await checked([odd])
    expect(await fileOf(check.id)).toEqual(['k,odd,a b+c/ü%.txt,10', 'k,odd,tab\there,10'])
  })
})

it('disconnecting an account ends its checks and erases the lists of its objects', async () => {
  const account = await w.connected()
  const own = await w.bucket(
    'own',
    [
      ['a', 'k', 10],
      ['b', 'k', 10],
    ],
    { account },
  )
  const done = (await checked([own])).check
  const waiting = await start([own])
  await removeAccount(w.as(), { accountId: account.id })
  expect((await getDuplicateCheck(w.as(), waiting.id)).check).toMatchObject({
    ...{ state: 'failed', reason: `The account ${account.name} was disconnected.` },
  })
  expect((await getDuplicateCheck(w.as(), done.id)).check).toMatchObject({ state: 'success', duplicateObjects: 2 })
  expect(await fileOf(done.id)).toEqual([])
  await w.runJobs([checkDuplicates])
  expect((await getDuplicateCheck(w.as(), waiting.id)).check.state).toBe('failed')
})
