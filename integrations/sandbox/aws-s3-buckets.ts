/** What S3 of the stand-in says about buckets themselves: their list, place, tags and who may reach them. */
import { pageOf } from './aws-page.ts'
import { AwsFault, type AwsReply, type AwsRequest } from './aws-request.ts'
import type { SandboxAws, SandboxBlock, SandboxBucket } from './aws-state.ts'
import { xml, type XmlValue } from './aws-xml.ts'

const home = 'us-east-1'

/** Where a bucket lies. */
export const regionOfBucket = (state: SandboxAws, name: string): string => state.bucketSettings[name]?.region ?? home

const reply = (body: string): AwsReply => ({ status: 200, headers: { 'content-type': 'application/xml' }, body })

/** ListBuckets: regions are told and filtered by only when the request has one of the newer parameters. */
export function listBuckets(state: SandboxAws, { url }: AwsRequest): AwsReply {
  const { searchParams: query } = url
  const wanted = state.plainBucketList ? null : query.get('bucket-region')
  const told = !state.plainBucketList && (wanted !== null || query.has('max-buckets'))
  const names = Object.keys(state.buckets).filter((name) => !wanted || regionOfBucket(state, name) === wanted)
  const size = Number(query.get('max-buckets') ?? 10_000)
  const { items, next } = pageOf(names.toSorted(), { state, size, token: query.get('continuation-token') })
  const buckets = items.map((Name) => ({
    Name,
    CreationDate: state.bucketSettings[Name]?.createdAt ?? new Date(0),
    BucketRegion: told ? regionOfBucket(state, Name) : undefined,
  }))
  const Owner = { ID: state.accountId }
  return reply(xml('ListAllMyBucketsResult', { Owner, Buckets: { 'Bucket[]': buckets }, ContinuationToken: next }))
}

/** The answer about one property of a bucket; null when the request asks for none. */
export function aboutBucket(state: SandboxAws, name: string, action: string): AwsReply | null {
  const answer = properties[action]?.({ name, state, bucket: state.bucketSettings[name] ?? {} })
  return answer === undefined ? null : reply(answer)
}

type Property = (of: { name: string; state: SandboxAws; bucket: SandboxBucket }) => string

const properties: Record<string, Property> = {
  GetBucketLocation: ({ name, state }) => {
    const region = regionOfBucket(state, name)
    // The SDK finds the region only in the form S3 gives it, with declaration and namespace.
    const head =
      '<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    return `${head}${region === home ? '' : region}</LocationConstraint>`
  },
  GetPublicAccessBlock: ({ bucket: { block } }) => blockXml(block),
  GetBucketPolicyStatus: ({ bucket: { publicPolicy } }) => {
    if (publicPolicy === undefined) throw absent('NoSuchBucketPolicy', 'The bucket policy does not exist')
    return xml('PolicyStatus', { IsPublic: publicPolicy })
  },
  GetBucketAcl: ({ state, bucket: { grants = [] } }) => {
    const owner = grant(`xsi:type="CanonicalUser"`, { ID: state.accountId }, 'FULL_CONTROL')
    const others = grants.map(({ group, permission }) =>
      grant(`xsi:type="Group"`, { URI: `http://acs.amazonaws.com/groups/global/${group}` }, permission),
    )
    const list = `<AccessControlList>${owner}${others.join('')}</AccessControlList>`
    return `<AccessControlPolicy>${xml('Owner', { ID: state.accountId })}${list}</AccessControlPolicy>`
  },
  GetBucketTagging: ({ bucket: { tags } }) => {
    if (!tags) throw absent('NoSuchTagSet', 'The TagSet does not exist')
    const set = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
    return xml('Tagging', { TagSet: { 'Tag[]': set } })
  },
}

/** The block that holds for all buckets of an account; asked by its number, as S3 Control does. */
export function blockOfAccount(state: SandboxAws, { headers }: AwsRequest): AwsReply {
  if (headers['x-amz-account-id'] !== state.accountId) throw new AwsFault(403, 'AccessDenied', 'Access Denied')
  return reply(blockXml(state.accountBlock))
}

function blockXml(block: SandboxBlock | undefined): string {
  if (!block)
    throw absent('NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found')
  return xml('PublicAccessBlockConfiguration', {
    BlockPublicAcls: block.acls ?? block.newAcls ?? false,
    IgnorePublicAcls: block.acls ?? false,
    BlockPublicPolicy: block.policy ?? block.newPolicies ?? false,
    RestrictPublicBuckets: block.policy ?? false,
  })
}

const absent = (code: string, message: string) => new AwsFault(404, code, message)

const grant = (type: string, grantee: { [tag: string]: XmlValue }, permission: string) => {
  const inner = Object.entries(grantee).map(([tag, value]) => xml(tag, value))
  const head = `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ${type}>`
  return `<Grant>${head}${inner.join('')}</Grantee>${xml('Permission', permission)}</Grant>`
}
