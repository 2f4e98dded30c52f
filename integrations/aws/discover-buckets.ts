import {
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  paginateListBuckets,
  S3Client,
  type Bucket,
} from '@aws-sdk/client-s3'
import { CloudError, type DiscoverRole, type SeenResource } from '../cloud.ts'
import { blockOfAccount } from './account-block.ts'
import { nothingBlocked, publicStateOf, type Blocked, type PublicState } from './bucket-access.ts'
import { awsConfig, callIfThere, pages, type AwsOptions } from './client.ts'
import { tagsOf } from './tags.ts'

const bucketsAtOnce = 8

/**
 * Every bucket that lies in the region, with its tags and whether strangers can reach it. A bucket whose details we may not
 * read is listed without them, and the refusal is told at the end; an account whose own block we may not read is judged by
 * its buckets, because a bucket that is only perhaps closed is rather shown.
 */
export const discoverBuckets = (options: AwsOptions): DiscoverRole =>
  async function* (credentials, region) {
    const client = new S3Client(awsConfig(options, { service: 's3', credentials, region }))
    const refusals: CloudError[] = []
    let account: Promise<Blocked> | undefined
    const block = () =>
      (account ??= blockOfAccount(options, { credentials, region })
        .catch(orNote(refusals))
        .then((found) => found ?? nothingBlocked))
    const list = paginateListBuckets({ client, pageSize: 1000 }, { BucketRegion: region })
    for await (const page of pages('s3:ListAllMyBuckets', list))
      for (let from = 0; from < (page.Buckets?.length ?? 0); from += bucketsAtOnce) {
        const some = page.Buckets!.slice(from, from + bucketsAtOnce)
        const seen = await Promise.all(some.map((bucket) => readBucket({ client, region, refusals, block }, bucket)))
        yield* seen.filter((each) => each !== null)
      }
    const [first] = refusals
    if (first) throw new CloudError(first.kind, first.message, { cause: first, complete: true })
  }

/** What is refused is not known. */
const orNote = (refusals: CloudError[]) => (error: unknown) => {
  if (!(error instanceof CloudError) || !error.isRefusal) throw error
  refusals.push(error)
  return null
}

type Reading = { client: S3Client; region: string; refusals: CloudError[]; block: () => Promise<Blocked> }

async function readBucket({ client, region, refusals, block }: Reading, bucket: Bucket): Promise<SeenResource | null> {
  const { Name: name = '', BucketRegion: place } = bucket
  // Emulators may know neither the filter nor the region of the list.
  if ((place ?? (await locationOf(client, name))) !== region) return null
  const tags = await callIfThere({ action: 's3:GetBucketTagging', absent: untagged }, () =>
    client.send(new GetBucketTaggingCommand({ Bucket: name })),
  ).catch(orNote(refusals))
  const access = await publicStateOf(client, { Bucket: name, account: await block() }).catch(orNote(refusals))
  return toBucket({ ...bucket, tags: tagsOf(tags?.TagSet), access }, region)
}

const untagged = ['NoSuchTagSet', 'NoSuchBucket']

async function locationOf(client: S3Client, Bucket: string): Promise<string | null> {
  const answer = await callIfThere({ action: 's3:GetBucketLocation', absent: ['NoSuchBucket'] }, () =>
    client.send(new GetBucketLocationCommand({ Bucket })),
  )
  // The two oldest regions have names of their own: none, and the continent's.
  const constraint: string = answer?.LocationConstraint || 'us-east-1'
  return answer && (constraint === 'EU' ? 'eu-west-1' : constraint)
}

type KnownBucket = Bucket & { tags: Record<string, string>; access: PublicState | null }

/** A bucket; its public state is left out when it is not known. */
export function toBucket({ Name: name = '', CreationDate, tags, access }: KnownBucket, region: string): SeenResource {
  return {
    cloudResourceId: name,
    type: 'Bucket',
    name,
    service: 'AmazonS3',
    region,
    tags,
    facts: { ...access },
    cloudCreatedAt: CreationDate ?? null,
  }
}
