import { GetPublicAccessBlockCommand, S3ControlClient } from '@aws-sdk/client-s3-control'
import { CloudError, type Credentials } from '../cloud.ts'
import { noBlock, toBlocked, type Blocked } from './bucket-access.ts'
import { awsConfig, callIfThere, type AwsOptions, type AwsTarget } from './client.ts'
import { whoAmI } from './regions.ts'

/**
 * What is closed to strangers for all buckets of the account, whatever the buckets say. An address without S3 Control
 * (emulators take its path for a bucket's) closes nothing. Throws `CloudError` when it may not be read.
 */
export async function blockOfAccount(options: AwsOptions, target: AwsTarget): Promise<Blocked> {
  const AccountId = await accountOf(options, target.credentials)
  const ask = () => s3Control(options, target).send(new GetPublicAccessBlockCommand({ AccountId }))
  const isElsewhere = Boolean(options.endpoint ?? options.endpoints?.s3)
  const absent = [noBlock, ...(isElsewhere ? ['NoSuchBucket', 'NoSuchKey', 'NotFound'] : [])]
  const answer = await callIfThere({ action: 's3:GetAccountPublicAccessBlock', absent }, ask).catch(
    (error: unknown) => {
      if (isElsewhere && !(error instanceof CloudError)) return null
      throw error
    },
  )
  return toBlocked(answer?.PublicAccessBlockConfiguration)
}

const accountOf = async (options: AwsOptions, credentials: Credentials): Promise<string> =>
  (await whoAmI(options, credentials)).cloudAccountId

/** The client puts the account before the host's name, which only AWS's own names can take. */
export function s3Control(options: AwsOptions, target: AwsTarget): S3ControlClient {
  const { endpoint, ...config } = awsConfig(options, { ...target, service: 's3' })
  return new S3ControlClient({
    ...config,
    ...(endpoint ? { endpointProvider: () => ({ url: new URL(endpoint) }) } : {}),
  })
}
