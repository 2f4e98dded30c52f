import { Readable } from 'node:stream'
import {
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { awsConfig, call } from '../../../integrations/aws/client.ts'
import { all, awsWorld, credentials } from '../aws/aws-world.ts'

const { aws } = await awsWorld({ buckets: { bills: new Map() } })
const s3 = new S3Client(awsConfig({ endpoint: aws.url, attempts: 1 }, { credentials }))

describe('S3 of the AWS stand-in', () => {
  it('gives back the bytes that were put, as a buffer or as a stream of chunks', async () => {
    const body = Buffer.from('day,cost\r\n2026-11-01,1.5\r\n'.repeat(9000))
    await s3.send(new PutObjectCommand({ Bucket: 'bills', Key: 'cur/a b+c.csv', Body: body }))
    const stream = Readable.from([body.subarray(0, 70_000), body.subarray(70_000)])
    await s3.send(
      new PutObjectCommand({ Bucket: 'bills', Key: 'cur/stream.csv', Body: stream, ContentLength: body.length }),
    )
    for (const Key of ['cur/a b+c.csv', 'cur/stream.csv']) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'bills', Key }))
      expect(Buffer.from(await Body!.transformToByteArray()).equals(body)).toBe(true)
      const head = await s3.send(new HeadObjectCommand({ Bucket: 'bills', Key }))
      expect(head.ContentLength).toBe(body.length)
    }
    const part = await s3.send(new GetObjectCommand({ Bucket: 'bills', Key: 'cur/a b+c.csv', Range: 'bytes=4-7' }))
    expect(await part.Body!.transformToString()).toBe('cost')
  })

  it('lists a prefix page by page', async () => {
    for (let n = 0; n < 7; n += 1)
      aws.state.buckets.bills!.set(`list/${n}`, { body: Buffer.from('x'), lastModified: new Date(0) })
    const pages = await all(paginateListObjectsV2({ client: s3, pageSize: 3 }, { Bucket: 'bills', Prefix: 'list/' }))
    expect(pages.map((page) => page.Contents?.map((object) => object.Key))).toEqual([
      ['list/0', 'list/1', 'list/2'],
      ['list/3', 'list/4', 'list/5'],
      ['list/6'],
    ])
  })

  it('says which bucket or object is not there', async () => {
    const get = (Bucket: string) =>
      call('s3:GetObject', () => s3.send(new GetObjectCommand({ Bucket, Key: 'nothing' })))
    await expect(get('bills')).rejects.toMatchObject({
      kind: 'bad_bill',
      message: expect.stringContaining('NoSuchKey'),
    })
    await expect(get('none')).rejects.toMatchObject({
      kind: 'bad_bill',
      message: expect.stringContaining('NoSuchBucket'),
    })
  })
})
