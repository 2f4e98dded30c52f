import {
  GetBucketAclCommand,
  GetBucketPolicyStatusCommand,
  GetPublicAccessBlockCommand,
  type Grant,
  type PublicAccessBlockConfiguration,
  type S3Client,
} from '@aws-sdk/client-s3'
import { callIfThere } from './client.ts'

/** Can strangers reach a bucket, by its policy or by its access list? */
export type PublicState = { isPublicPolicy: boolean; isPublicAcls: boolean }

/** The ways to strangers that are closed, of a bucket or of all buckets of an account. */
export type Blocked = { policy: boolean; acls: boolean }

/** What is blocked where nothing was said. */
export const nothingBlocked: Blocked = { policy: false, acls: false }
export const noBlock = 'NoSuchPublicAccessBlockConfiguration'

/**
 * What a public access block closes. Its other two settings only keep new policies and access lists from being made;
 * those that are there go on to work (S3 user guide, "Blocking public access").
 */
export const toBlocked = (block: PublicAccessBlockConfiguration | undefined): Blocked => ({
  policy: block?.RestrictPublicBuckets ?? false,
  acls: block?.IgnorePublicAcls ?? false,
})

type Place = { Bucket: string; account: Blocked }

/**
 * Reads whether a bucket is public: what its own public access block or the account's closes is not; otherwise its policy
 * status and its access list decide. Throws `CloudError` when one of the three may not be read.
 */
export async function publicStateOf(client: S3Client, { Bucket, account }: Place): Promise<PublicState> {
  if (account.policy && account.acls) return { isPublicPolicy: false, isPublicAcls: false }
  const block = await callIfThere({ action: 's3:GetBucketPublicAccessBlock', absent: [noBlock, 'NoSuchBucket'] }, () =>
    client.send(new GetPublicAccessBlockCommand({ Bucket })),
  )
  const own = toBlocked(block?.PublicAccessBlockConfiguration)
  return {
    isPublicPolicy: account.policy || own.policy ? false : await isPublicByPolicy(client, Bucket),
    isPublicAcls: account.acls || own.acls ? false : await isPublicByAcl(client, Bucket),
  }
}

async function isPublicByPolicy(client: S3Client, Bucket: string): Promise<boolean> {
  const status = await callIfThere(
    { action: 's3:GetBucketPolicyStatus', absent: ['NoSuchBucketPolicy', 'NoSuchBucket'] },
    () => client.send(new GetBucketPolicyStatusCommand({ Bucket })),
  )
  return status?.PolicyStatus?.IsPublic ?? false
}

async function isPublicByAcl(client: S3Client, Bucket: string): Promise<boolean> {
  const acl = await callIfThere({ action: 's3:GetBucketAcl', absent: ['NoSuchBucket'] }, () =>
    client.send(new GetBucketAclCommand({ Bucket })),
  )
  return (acl?.Grants ?? []).some(isForStrangers)
}

/** Everybody, or everybody who has any AWS account. */
export const isForStrangers = ({ Grantee: grantee }: Grant): boolean =>
  /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/.test(grantee?.URI ?? '')
