/** S3 of the stand-in, path style: list (pages, prefix, delimiter), head, get (with ranges), put. */
import { createHash } from 'node:crypto'
import { aboutBucket, blockOfAccount, listBuckets, regionOfBucket } from './aws-s3-buckets.ts'
import { AwsFault, type AwsReply, type AwsRequest } from './aws-request.ts'
import type { SandboxAws, SandboxObject } from './aws-state.ts'
import { xml } from './aws-xml.ts'

/** Answers one S3 call. */
export function answerS3(state: SandboxAws, request: AwsRequest, now: Date): AwsReply {
  if (request.action === 'ListBuckets') return listBuckets(state, request)
  if (request.action === 'GetAccountPublicAccessBlock') return blockOfAccount(state, request)
  const [, name = '', ...rest] = request.url.pathname.split('/').map(decodeURIComponent)
  const bucket = state.buckets[name]
  if (!bucket) throw new AwsFault(404, 'NoSuchBucket', 'The specified bucket does not exist')
  if (state.closedBuckets?.includes(name)) throw new AwsFault(403, 'AccessDenied', 'Access Denied')
  const key = rest.join('/')
  if (!key) return aboutBucket(state, name, request.action) ?? onBucket({ name, bucket, request, state })
  if (request.method === 'PUT') {
    const object = { body: unchunked(request), lastModified: now }
    bucket.set(key, object)
    return { status: 200, headers: { etag: etag(object) } }
  }
  const object = bucket.get(key)
  if (!object) throw new AwsFault(404, 'NoSuchKey', 'The specified key does not exist.')
  return onObject(object, request)
}

const etag = ({ body, etag }: SandboxObject) => etag ?? `"${createHash('md5').update(body).digest('hex')}"`

type OnBucket = { name: string; bucket: Map<string, SandboxObject>; request: AwsRequest; state: SandboxAws }

function onBucket({ name, bucket, request, state }: OnBucket): AwsReply {
  const { searchParams: query } = request.url
  const reply = (body: string): AwsReply => ({ status: 200, headers: { 'content-type': 'application/xml' }, body })
  if (request.method === 'HEAD') return { status: 200, headers: { 'x-amz-bucket-region': regionOfBucket(state, name) } }
  const prefix = query.get('prefix') ?? ''
  const after = query.get('continuation-token') ?? query.get('start-after') ?? ''
  const asked = Number(query.get('max-keys') ?? 1000)
  const size = Math.min(asked, state.pageLimit ?? asked)
  const keys = [...bucket.keys()].filter((key) => key.startsWith(prefix)).sort()
  const { contents, folders } = grouped(keys, { prefix, delimiter: query.get('delimiter') })
  const entries = contents.filter((key) => key > after)
  const part = entries.slice(0, size)
  const more = entries.length > size
  const head = xml('Name', name) + xml('Prefix', prefix) + xml('KeyCount', part.length) + xml('MaxKeys', size)
  const token = xml('IsTruncated', more) + (more ? xml('NextContinuationToken', part.at(-1)) : '')
  const items = part.map((key) => {
    const object = bucket.get(key)!
    const size = object.size ?? object.body.length
    return xml('Contents', {
      Key: key,
      LastModified: object.lastModified,
      ETag: etag(object),
      Size: size,
      StorageClass: object.archived ? 'GLACIER' : 'STANDARD',
    })
  })
  const common = folders.map((folder) => xml('CommonPrefixes', { Prefix: folder }))
  return reply(`<ListBucketResult>${head}${token}${items.join('')}${common.join('')}</ListBucketResult>`)
}

function grouped(keys: string[], { prefix, delimiter }: { prefix: string; delimiter: string | null }) {
  if (!delimiter) return { contents: keys, folders: [] }
  const cut = (key: string) => key.indexOf(delimiter, prefix.length)
  const folders = keys.filter((key) => cut(key) >= 0).map((key) => key.slice(0, cut(key) + delimiter.length))
  return { contents: keys.filter((key) => cut(key) < 0), folders: [...new Set(folders)] }
}

function onObject(object: SandboxObject, request: AwsRequest): AwsReply {
  const headers = {
    etag: etag(object),
    'last-modified': object.lastModified.toUTCString(),
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
  }
  const wanted = request.headers['if-match']
  if (wanted && wanted !== headers.etag)
    throw new AwsFault(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold')
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  if (request.method === 'HEAD')
    return { status: 200, headers: { ...headers, 'content-length': String(object.body.length) } }
  if (object.archived)
    throw new AwsFault(403, 'InvalidObjectState', "The operation is not valid for the object's storage class")
  if (!range) return { status: 200, headers, body: object.body }
  const [from, to] = [Number(range[1]), range[2] ? Number(range[2]) : object.body.length - 1]
  const where = `bytes ${from}-${to}/${object.body.length}`
  return { status: 206, headers: { ...headers, 'content-range': where }, body: object.body.subarray(from, to + 1) }
}

/** The SDK sends streams in signed chunks (`<hex size>;…\r\n<bytes>\r\n`), ended by a chunk of size 0. */
function unchunked({ headers, body }: AwsRequest): Buffer {
  if (!headers['content-encoding']?.includes('aws-chunked')) return body
  const parts: Buffer[] = []
  for (let at = 0; at < body.length;) {
    const line = body.indexOf('\r\n', at)
    const size = Number.parseInt(body.subarray(at, line).toString(), 16)
    if (!size) break
    parts.push(body.subarray(line + 2, line + 2 + size))
    at = line + 4 + size
  }
  return Buffer.concat(parts)
}
