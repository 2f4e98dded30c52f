import {
  GetBucketAclCommand,
  GetBucketPolicyStatusCommand,
  GetPublicAccessBlockCommand,
  type Grant,
  type S3Client,
} from '@aws-sdk/client-s3'
import { callIfThere } from './client.ts'

/** Can strangers reach a bucket, by its policy or by its access list? */
export type PublicState = { isPublicPolicy: boolean; isPublicAcls: boolean }

/**
 * Reads whether a bucket is public: what its public access block forbids is not; otherwise its policy status and its access
 * list decide. Throws `CloudError` when one of the three may not be read.
 */
export async function publicStateOf(client: S3Client, Bucket: string): Promise<PublicState> {
  const block = await callIfThere(
    { action: 's3:GetBucketPublicAccessBlock', absent: ['NoSuchPublicAccessBlockConfiguration', 'NoSuchBucket'] },
    () => client.send(new GetPublicAccessBlockCommand({ Bucket })),
  )
  const { BlockPublicPolicy: policyBlocked, BlockPublicAcls: aclsBlocked } = block?.PublicAccessBlockConfiguration ?? {}
  return {
    isPublicPolicy: policyBlocked ? false : await isPublicByPolicy(client, Bucket),
    isPublicAcls: aclsBlocked ? false : await isPublicByAcl(client, Bucket),
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
