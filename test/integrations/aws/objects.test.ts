import { beforeEach, expect, it } from 'vitest'
import { GoneError } from '../../../integrations/cloud.ts'
import { all, awsWorld, credentials } from './aws-world.ts'

const { aws, adapter } = await awsWorld({ buckets: { store: new Map() } })
const list = (bucket: string) => all(adapter.objects!(credentials, { bucket, region: '' }))
beforeEach(() => {
  aws.heal()
  aws.state.pageLimit = 2
})

it('lists a bucket page by page with checksums as S3 gives them, those of parts too', async () => {
  const body = Buffer.from('hello')
  for (const key of ['a', 'b', 'c d', 'e']) aws.state.buckets['store']!.set(key, { body, lastModified: new Date(0) })
  const parted = { body, lastModified: new Date(0), etag: '"9bb58f26192e4ba00f01e2e7b136bbd8-3"', size: 5 * 2 ** 30 }
  aws.state.buckets['store']!.set('f', parted)
  const before = aws.calls.length
  const hello = { etag: '5d41402abc4b2a76b9719d911017c592', size: 5 }
  expect(await list('store')).toEqual([
    ...['a', 'b', 'c d', 'e'].map((key) => ({ key, ...hello })),
    { key: 'f', etag: '9bb58f26192e4ba00f01e2e7b136bbd8-3', size: 5_368_709_120 },
  ])
  expect(aws.calls.length - before).toBe(3)
})

it('tells a bucket that is gone from one it may not list, and waits out a throttle', async () => {
  await expect(list('nothing')).rejects.toBeInstanceOf(GoneError)
  await expect(list('no/name')).rejects.toBeInstanceOf(GoneError)
  aws.state.closedBuckets = ['store']
  await expect(list('store')).rejects.toMatchObject({
    kind: 'missing_permission',
    message: expect.stringContaining('s3:ListBucket'),
  })
  aws.state.closedBuckets = []
  aws.trouble({ kind: 'throttled', service: 's3', times: 2 })
  expect(await list('store')).toHaveLength(5)
})
