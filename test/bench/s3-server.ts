/**
 * Buckets of any size in the shape of S3, made as they are asked for, in a process of its own as S3 is: `ListObjectsV2`
 * only, a thousand keys a page. Every twentieth object is a copy of an earlier one.
 */
import { createHash } from 'node:crypto'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const pageSize = 1000

/** Object `n` of a bucket: key, checksum, bytes. Copies have the checksum of an object that is no copy, in any bucket. */
export function objectAt(bucket: number, n: number): { key: string; etag: string; size: number } {
  const isCopy = n % 20 === 19
  const source = isCopy ? `${(bucket + n) % 4} ${n - 19}` : `${bucket} ${n}`
  const etag = createHash('md5').update(source).digest('hex')
  const size = 1 + (Number.parseInt(etag.slice(0, 7), 16) % 9_000_000)
  return { key: `year=2026/month=11/part-${String(n).padStart(8, '0')}-of-the-lake.parquet`, etag, size }
}

function page(bucket: number, from: number, perBucket: number): string {
  const to = Math.min(from + pageSize, perBucket)
  let items = ''
  for (let n = from; n < to; n += 1) {
    const { key, etag, size } = objectAt(bucket, n)
    items += `<Contents><Key>${key}</Key><LastModified>2026-11-01T00:00:00.000Z</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`
  }
  const more = to < perBucket
  const next = more ? `<NextContinuationToken>${to}</NextContinuationToken>` : ''
  return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>b${bucket}</Name><KeyCount>${to - from}</KeyCount><MaxKeys>${pageSize}</MaxKeys><EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>${next}${items}</ListBucketResult>`
}

/** Starts the server with so many objects in each of its buckets `bucket-0`, `bucket-1` … */
export async function startBuckets(perBucket: number): Promise<{ url: string; close: () => void }> {
  const child = fork(import.meta.filename, [String(perBucket)])
  const [url] = (await once(child, 'message')) as [string]
  return { url, close: () => void child.kill() }
}

if (import.meta.main) {
  const perBucket = Number(process.argv[2])
  // The bench is over, however it ended.
  process.on('disconnect', () => process.exit())
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://s3')
    const bucket = Number(/bucket-(\d+)/.exec(pathname)?.[1] ?? 0)
    response.setHeader('content-type', 'application/xml')
    response.end(page(bucket, Number(searchParams.get('continuation-token') ?? 0), perBucket))
  })
  server.listen(0, '127.0.0.1', () => process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
}
