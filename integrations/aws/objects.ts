import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3'
import { GoneError, type ObjectsRole, type StoredObject } from '../cloud.ts'
import { awsConfig, homeRegion, pages, type AwsOptions } from './client.ts'

const action = 's3:ListBucket'

/**
 * Lists the objects of a bucket, page by page (1,000 are the most S3 gives), so that memory does not grow with the bucket.
 * Older versions are not listed. A bucket that moved to another region than we know is followed there.
 */
export const listObjects = (options: AwsOptions): ObjectsRole =>
  async function* (credentials, { bucket, region }) {
    const config = awsConfig(options, { service: 's3', credentials, region: region || homeRegion })
    const client = new S3Client({ ...config, followRegionRedirects: true })
    // Keys may hold characters no XML can; encoded ones always arrive.
    const list = paginateListObjectsV2({ client }, { Bucket: bucket, EncodingType: 'url' })
    for await (const page of pages(action, orGone(bucket, list)))
      for (const { Key = '', ETag = '', Size = 0 } of page.Contents ?? [])
        yield toObject({ key: page.EncodingType === 'url' ? decoded(Key) : Key, etag: ETag, size: Size })
  }

async function* orGone<T>(bucket: string, list: AsyncIterable<T>): AsyncIterable<T> {
  try {
    yield* list
  } catch (error) {
    // A bill may name what no bucket can be called; the client refuses it before it asks.
    if (error instanceof Error && ['NoSuchBucket', 'InvalidBucketName'].includes(error.name))
      throw new GoneError(`There is no bucket ${bucket}.`, { cause: error })
    throw error
  }
}

/** An object as S3 lists it, its ETag without the quotes. */
export const toObject = ({ key, etag, size }: StoredObject): StoredObject => ({
  key,
  etag: etag.replaceAll('"', ''),
  size,
})

/** S3 encodes as forms do: a space is a plus. A key that is no UTF-8 stays as it is shown. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '))
  } catch {
    return key
  }
}
