/**
 * How IAM names what a call does, as refusals and policies write it. Most are the signing name and the operation; the
 * exceptions are in the AWS service authorization reference.
 */

const prefixes: Record<string, string> = { monitoring: 'cloudwatch' }

const exceptions: Record<string, string> = {
  's3:ListBuckets': 's3:ListAllMyBuckets',
  's3:ListObjectsV2': 's3:ListBucket',
  's3:HeadBucket': 's3:ListBucket',
  's3:HeadObject': 's3:GetObject',
  's3:GetPublicAccessBlock': 's3:GetBucketPublicAccessBlock',
}

/** The action that must be allowed for an operation of a service, e.g. `s3:ListAllMyBuckets`. */
export function iamAction({ service, action }: { service: string; action: string }): string {
  // Savings plans are asked by path, `POST /DescribeSavingsPlansOfferingRates`.
  const name = `${prefixes[service] ?? service}:${action.split('/').at(-1)}`
  return exceptions[name] ?? name
}

/** S3 Control signs as S3 and asks by a path of its own. */
const accountBlockPath = '/v20180820/configuration/publicAccessBlock'

/** The operation of S3 that a method, a path and a query ask for. */
export function s3Operation(method: string, { pathname, searchParams }: URL): string {
  if (pathname === accountBlockPath) return 'GetAccountPublicAccessBlock'
  const [, bucket, ...key] = pathname.split('/')
  if (!bucket) return 'ListBuckets'
  if (key.join('/')) return `${{ HEAD: 'Head', PUT: 'Put' }[method] ?? 'Get'}Object`
  if (method === 'HEAD') return 'HeadBucket'
  return subresources.find(([name]) => searchParams.has(name))?.[1] ?? 'ListObjectsV2'
}

const subresources = [
  ['location', 'GetBucketLocation'],
  ['publicAccessBlock', 'GetPublicAccessBlock'],
  ['policyStatus', 'GetBucketPolicyStatus'],
  ['acl', 'GetBucketAcl'],
  ['tagging', 'GetBucketTagging'],
] as const
