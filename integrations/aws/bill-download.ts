/** One file of a bill from S3 to the disk: the version that was listed, whole, with the checksum AWS has of it. */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3'
import { CloudError, type BillObject } from '../cloud.ts'
import { asCloudError } from './client.ts'

/** A download that breaks off is begun so many times; a request AWS does not answer was tried again by the client already. */
const attempts = 3

type Place = { s3: S3Client; bucket: string }
type Download = BillObject & { folder: string; progress?: (bytes: number) => void }

/**
 * Downloads a file below `folder` and answers its path. Throws `CloudError`: throttled when it is another version than the
 * one that was listed, bad_bill when its size differs, unreachable when it broke off or arrived damaged every time.
 */
export async function download(place: Place, object: Download): Promise<string> {
  // A folder per object: parts in different folders may share a name, and people shall read the name they know.
  const folder = join(object.folder, createHash('sha256').update(object.key).digest('hex').slice(0, 8))
  await mkdir(folder, { recursive: true })
  const path = join(folder, basename(object.key))
  for (let attempt = 1; ; attempt++) {
    const answer = await askFor(place, object)
    try {
      await receive(answer, object, path)
      return path
    } catch (error) {
      const known = asCloudError(error, 's3:GetObject')
      const again = known instanceof CloudError && known.kind === 'unreachable' && attempt < attempts
      if (!again) throw known
    }
  }
}

/** Files of two deliveries must not be read as one: AWS overwrites them under the same names. */
async function askFor({ s3, bucket }: Place, { key, version }: Download): Promise<GetObjectCommandOutput> {
  const same = version ? { IfMatch: version } : {}
  return s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, ...same })).catch((error: unknown) => {
    if ((error as Error).name !== 'PreconditionFailed') throw asCloudError(error, 's3:GetObject')
    throw new CloudError('throttled', `${key} is being written anew. It is read when that is done.`)
  })
}

async function receive(answer: GetObjectCommandOutput, { key, size, progress }: Download, path: string): Promise<void> {
  const sized = (found: number) => {
    if (size && found !== size)
      throw new CloudError('bad_bill', `${key} has ${found} bytes, its listing said ${size}. It is tried again later.`)
  }
  sized(answer.ContentLength ?? size)
  const hash = createHash('md5')
  let bytes = 0
  await pipeline(
    answer.Body as Readable,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk)
        bytes += chunk.length
        progress?.(bytes)
        yield chunk
      }
    },
    createWriteStream(path),
  )
  sized(bytes)
  const md5 = plainMd5(answer)
  if (md5 && md5 !== hash.digest('hex'))
    throw new CloudError('unreachable', `${key} arrived damaged: its checksum does not match.`)
}

/** An ETag is the MD5 of the object unless it came in parts or is sealed with a customer's key. */
function plainMd5(answer: GetObjectCommandOutput): string | null {
  const { ETag = '', ServerSideEncryption } = answer
  const [, md5] = /^"([0-9a-f]{32})"$/.exec(ETag) ?? []
  return md5 && (ServerSideEncryption ?? 'AES256') === 'AES256' ? md5 : null
}
