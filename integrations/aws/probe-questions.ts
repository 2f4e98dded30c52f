/**
 * How `probes.ts` asks: dry runs where AWS has them, a page of one item, or a question about something that is nowhere.
 * Rights are judged before existence, so that "there is none" means that we may ask.
 */
import { BCMDataExportsClient, GetExportCommand } from '@aws-sdk/client-bcm-data-exports'
import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import { EC2Client } from '@aws-sdk/client-ec2'
import { GetAccessKeyLastUsedCommand, IAMClient, ListAccessKeysCommand, ListUsersCommand } from '@aws-sdk/client-iam'
import type { KinesisClient } from '@aws-sdk/client-kinesis'
import { HeadObjectCommand, ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import type { BillSettings, Credentials } from '../cloud.ts'
import { blockOfAccount } from './account-block.ts'
import { homeRegion, type awsConfig, type AwsOptions, type AwsTarget } from './client.ts'
import { cloudWatch } from './cloudwatch.ts'
import { kinesis } from './discover-streams.ts'

/** `config` is that of any SDK client, in the home region or another, and of a service with an address of its own. */
export type Asking = {
  options: AwsOptions
  credentials: Credentials
  config: (target?: Omit<AwsTarget, 'credentials'>) => ReturnType<typeof awsConfig>
  settings: BillSettings
  now: Date
}
export type Ask = (asking: Asking) => Promise<unknown>

/** A name nothing has. */
export const nowhere = 'megaops-finops-asks-for-nothing'

/** EC2 answers a dry run with an error that says it would have worked. */
export const ofEc2 =
  (send: (client: EC2Client) => Promise<unknown>): Ask =>
  ({ config }) =>
    send(new EC2Client(config())).catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== 'DryRunOperation') throw error
    })

export const ofIam =
  (send: (client: IAMClient) => Promise<unknown>): Ask =>
  ({ config }) =>
    send(new IAMClient(config({ service: 'iam' })))

export const ofKinesis =
  (send: (client: KinesisClient) => Promise<unknown>): Ask =>
  ({ options, credentials }) =>
    send(kinesis(options, { credentials, region: homeRegion }))

const s3Of = (config: Asking['config'], region?: string) =>
  new S3Client({ ...config({ service: 's3', ...(region ? { region } : {}) }), followRegionRedirects: true })

type BucketQuestion = (client: S3Client, at: { Bucket: string }) => Promise<unknown>

/**
 * Asked of the bucket with the bill, else of the first there is: what the policy allows there it allows everywhere. What
 * another bucket's own policy forbids is no gap of ours.
 */
export const ofBucket =
  (send: BucketQuestion): Ask =>
  async ({ config, settings: { bucket, region } }) => {
    const s3 = s3Of(config, region)
    if (bucket) return send(s3, { Bucket: bucket })
    const { Buckets: [first] = [] } = await s3
      .send(new ListBucketsCommand({ MaxBuckets: 1 }))
      .catch(() => ({ Buckets: [] }))
    if (!first?.Name) return null
    return send(s3, { Bucket: first.Name }).catch((error: unknown) => {
      if (!(error instanceof Error) || !/resource-based policy/.test(error.message)) throw error
    })
  }

/** An object of the bill, to read its head; none when nothing lies there. */
async function firstOfBill({ config, settings }: Asking) {
  const { bucket, prefix = '', region } = settings
  if (!bucket) return null
  const s3 = s3Of(config, region)
  const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 }))
  const Key = page.Contents?.[0]?.Key
  return Key ? { s3, at: { Bucket: bucket, Key } } : null
}

/** Whether objects may be listed; of the bill's bucket where the bill should lie. */
export const listOfBill: Ask = (asking) =>
  asking.settings['bucket']
    ? firstOfBill(asking)
    : ofBucket((s3, at) => s3.send(new ListObjectsV2Command({ ...at, MaxKeys: 1 })))(asking)

/** Whether objects may be read shows at the first one; an empty bucket says nothing, and a refused list is said already. */
export const headOfBill: Ask = async (asking) => {
  const found = await firstOfBill(asking).catch(() => null)
  return found?.s3.send(new HeadObjectCommand(found.at))
}

export const blockOfBuckets: Ask = ({ options, credentials }) =>
  blockOfAccount(options, { credentials, region: homeRegion })

export const anyMetric: Ask = ({ options, credentials, now }) =>
  cloudWatch(options, { credentials }).send(
    new GetMetricDataCommand({
      ...{ StartTime: new Date(now.getTime() - 900_000), EndTime: now, MaxDatapoints: 1 },
      MetricDataQueries: [
        {
          Id: 'any',
          MetricStat: { Metric: { Namespace: 'AWS/EC2', MetricName: 'CPUUtilization' }, Period: 900, Stat: 'Average' },
        },
      ],
    }),
  )

export const anyExport: Ask = ({ config }) => {
  const ExportArn = `arn:aws:bcm-data-exports:us-east-1:000000000000:export/${nowhere}`
  return new BCMDataExportsClient(config()).send(new GetExportCommand({ ExportArn }))
}

/** Users whose keys are looked at until one is found. */
const usersAsked = 5

/**
 * When a key was last used is told of real keys only: of our own, or, where we have none because we take a role, of the
 * first one found. Without any it shows when the first user gets a key.
 */
export const lastUseOfAKey: Ask = async ({ config, credentials }) => {
  const iam = new IAMClient(config({ service: 'iam' }))
  const key = credentials['accessKeyId'] ?? (await someKey(iam).catch(() => undefined))
  return key ? iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: key })) : null
}

async function someKey(iam: IAMClient): Promise<string | undefined> {
  const { Users: users = [] } = await iam.send(new ListUsersCommand({ MaxItems: usersAsked }))
  for (const { UserName } of users) {
    const { AccessKeyMetadata: [key] = [] } = await iam.send(new ListAccessKeysCommand({ UserName, MaxItems: 1 }))
    if (key?.AccessKeyId) return key.AccessKeyId
  }
  return undefined
}
