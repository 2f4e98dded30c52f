/**
 * One cheap question per permission, so that a gap shows while a person is connecting and not days later: dry runs where AWS
 * has them, else a page of one item. What the permission is for stands beside it.
 */
import { BCMDataExportsClient, ListExportsCommand } from '@aws-sdk/client-bcm-data-exports'
import { CloudWatchClient, GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch'
import {
  DescribeAddressesCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRegionsCommand,
  DescribeReservedInstancesOfferingsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSpotPriceHistoryCommand,
  DescribeVolumesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2'
import { DescribeLoadBalancersCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam'
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis'
import { GetProductsCommand, PricingClient } from '@aws-sdk/client-pricing'
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds'
import {
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetBucketPolicyStatusCommand,
  GetBucketTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3'
import { DescribeSavingsPlansOfferingRatesCommand, SavingsplansClient } from '@aws-sdk/client-savingsplans'
import { CloudError, type BillSettings, type Credentials, type MissingPermission } from '../cloud.ts'
import { asCloudError, awsConfig, type AwsOptions } from './client.ts'
import { reportDefinitions } from './legacy-reports.ts'

/** `config` is that of any SDK client, in the home region or another. */
type Asking = { config: (region?: string) => ReturnType<typeof awsConfig>; settings: BillSettings; now: Date }
type Probe = { without: string; ask?: (asking: Asking) => Promise<unknown> }

/** EC2 answers a dry run with an error that says it would have worked. */
const ec2 =
  (send: (client: EC2Client) => Promise<unknown>) =>
  ({ config }: Asking) =>
    send(new EC2Client(config())).catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== 'DryRunOperation') throw error
    })
const dry = { DryRun: true }

/** Asked of the bucket with the bill, when it is known: what the policy allows there it allows everywhere. */
const ofBucket =
  (send: (client: S3Client, at: { Bucket: string }) => Promise<unknown>) =>
  async ({ config, settings: { bucket, region } }: Asking) =>
    bucket ? send(new S3Client({ ...config(region), followRegionRedirects: true }), { Bucket: bucket }) : null

const publicBuckets = 'buckets are not judged by whether they are public'
const keysOfUsers = 'unused users and keys are not found'
const streams = 'streams are not seen'
const orphans = 'some addresses look used although they are not'

/** By permission; those without a question are refused only when they are used. */
export const probes: Record<string, Probe> = {
  'bcm-data-exports:GetExport': { without: 'exports of billing data are not found by themselves' },
  'bcm-data-exports:ListExports': {
    without: 'exports of billing data are not found by themselves',
    ask: ({ config }) => new BCMDataExportsClient(config()).send(new ListExportsCommand({ MaxResults: 1 })),
  },
  'cloudwatch:GetMetricData': {
    without: 'nothing is known about use, so nothing is said about idle or oversized machines',
    ask: ({ config, now }) => new CloudWatchClient(config()).send(anyMetric(now)),
  },
  'cloudwatch:ListMetrics': {
    without: 'the sizes of buckets and the memory of machines are not known',
    ask: ({ config }) => new CloudWatchClient(config()).send(new ListMetricsCommand({ Namespace: 'AWS/S3' })),
  },
  'cur:DescribeReportDefinitions': {
    without: 'cost and usage reports are not found by themselves',
    ask: ({ config }) => reportDefinitions(config(), { onlyFirst: true }),
  },
  'ec2:DescribeAddresses': {
    without: 'public addresses are not seen',
    ask: ec2((client) => client.send(new DescribeAddressesCommand(dry))),
  },
  'ec2:DescribeImages': {
    without: 'images are not seen',
    ask: ec2((client) => client.send(new DescribeImagesCommand(dry))),
  },
  'ec2:DescribeInstanceTypes': {
    without: 'it is not known which machine types are outdated',
    ask: ec2((client) => client.send(new DescribeInstanceTypesCommand(dry))),
  },
  'ec2:DescribeInstances': {
    without: 'machines are not seen',
    ask: ec2((client) => client.send(new DescribeInstancesCommand(dry))),
  },
  'ec2:DescribeNatGateways': {
    without: orphans,
    ask: ec2((client) => client.send(new DescribeNatGatewaysCommand(dry))),
  },
  'ec2:DescribeNetworkInterfaces': {
    without: orphans,
    ask: ec2((client) => client.send(new DescribeNetworkInterfacesCommand(dry))),
  },
  'ec2:DescribeRegions': {
    without: 'no inventory is read at all',
    ask: ec2((client) => client.send(new DescribeRegionsCommand(dry))),
  },
  'ec2:DescribeReservedInstancesOfferings': {
    without: 'reservations are not suggested',
    ask: ec2((client) => client.send(new DescribeReservedInstancesOfferingsCommand(dry))),
  },
  'ec2:DescribeSecurityGroups': {
    without: 'open security groups are not found',
    ask: ec2((client) => client.send(new DescribeSecurityGroupsCommand(dry))),
  },
  'ec2:DescribeSnapshots': {
    without: 'snapshots are not seen',
    ask: ec2((client) => client.send(new DescribeSnapshotsCommand(dry))),
  },
  'ec2:DescribeSpotPriceHistory': {
    without: 'spot prices are not known',
    ask: ec2((client) => client.send(new DescribeSpotPriceHistoryCommand(dry))),
  },
  'ec2:DescribeVolumes': {
    without: 'volumes are not seen',
    ask: ec2((client) => client.send(new DescribeVolumesCommand(dry))),
  },
  'elasticloadbalancing:DescribeLoadBalancers': {
    without: orphans,
    ask: ({ config }) =>
      new ElasticLoadBalancingV2Client(config()).send(new DescribeLoadBalancersCommand({ PageSize: 1 })),
  },
  'iam:GetAccessKeyLastUsed': { without: keysOfUsers },
  'iam:GetLoginProfile': { without: keysOfUsers },
  'iam:ListAccessKeys': { without: keysOfUsers },
  'iam:ListUsers': {
    without: keysOfUsers,
    ask: ({ config }) => new IAMClient(config()).send(new ListUsersCommand({ MaxItems: 1 })),
  },
  'kinesis:DescribeStreamSummary': { without: streams },
  'kinesis:ListStreams': {
    without: streams,
    ask: ({ config }) => new KinesisClient(config()).send(new ListStreamsCommand({ Limit: 1 })),
  },
  'kinesis:ListTagsForStream': { without: 'the tags of streams are not known' },
  'pricing:GetProducts': {
    without: 'list prices are not known, so no other machine type is suggested',
    ask: ({ config }) =>
      new PricingClient(config()).send(new GetProductsCommand({ ServiceCode: 'AmazonEC2', MaxResults: 1 })),
  },
  'rds:DescribeDBInstances': {
    without: 'databases are not seen',
    ask: ({ config }) => new RDSClient(config()).send(new DescribeDBInstancesCommand({ MaxRecords: 20 })),
  },
  's3:GetBucketAcl': {
    without: publicBuckets,
    ask: ofBucket((s3, at) => s3.send(new GetBucketAclCommand(at))),
  },
  's3:GetBucketLocation': {
    without: 'buckets are not seen where the list does not say their region',
    ask: ofBucket((s3, at) => s3.send(new GetBucketLocationCommand(at))),
  },
  's3:GetBucketPolicyStatus': {
    without: publicBuckets,
    ask: ofBucket((s3, at) => s3.send(new GetBucketPolicyStatusCommand(at))),
  },
  's3:GetBucketPublicAccessBlock': {
    without: publicBuckets,
    ask: ofBucket((s3, at) => s3.send(new GetPublicAccessBlockCommand(at))),
  },
  's3:GetBucketTagging': {
    without: 'the tags of buckets are not known',
    ask: ofBucket((s3, at) => s3.send(new GetBucketTaggingCommand(at))),
  },
  's3:GetObject': { without: 'the bill is not read', ask: headOfBill },
  's3:ListAllMyBuckets': {
    without: 'buckets are not seen',
    ask: ({ config }) => new S3Client(config()).send(new ListBucketsCommand({ MaxBuckets: 1 })),
  },
  's3:ListBucket': { without: 'the bill is not found', ask: firstOfBill },
  'savingsplans:DescribeSavingsPlansOfferingRates': {
    without: 'savings plans are not suggested',
    ask: ({ config }) =>
      new SavingsplansClient(config()).send(new DescribeSavingsPlansOfferingRatesCommand({ maxResults: 1 })),
  },
}

/** Asks for everything at once; answers what was refused. Throws `CloudError` when the bucket of the bill is not there. */
export const probe =
  (options: AwsOptions) =>
  async (credentials: Credentials, settings: BillSettings): Promise<MissingPermission[]> => {
    const config = (region?: string) => awsConfig(options, { credentials, ...(region ? { region } : {}) })
    const asking = { config, settings, now: (options.now ?? (() => new Date()))() }
    const asked = Object.entries(probes).map(async ([permission, { without, ask }]) => {
      const problem = await ask?.(asking).then(
        () => null,
        (error: unknown) => asCloudError(error, permission),
      )
      // Several questions meet a bucket that is not there; the one that looks for the bill says it.
      if (permission === 's3:ListBucket' && problem instanceof CloudError && problem.kind === 'bad_bill') throw problem
      // A cloud that is slow or throttles now has not refused anything.
      return problem instanceof CloudError && problem.kind === 'missing_permission' ? [{ permission, without }] : []
    })
    return (await Promise.all(asked)).flat()
  }

const anyMetric = (now: Date) =>
  new GetMetricDataCommand({
    ...{ StartTime: new Date(now.getTime() - 900_000), EndTime: now, MaxDatapoints: 1 },
    MetricDataQueries: [
      {
        Id: 'any',
        MetricStat: { Metric: { Namespace: 'AWS/EC2', MetricName: 'CPUUtilization' }, Period: 900, Stat: 'Average' },
      },
    ],
  })

async function firstOfBill({ config, settings }: Asking) {
  const { bucket, prefix = '', region } = settings
  if (!bucket) return null
  const s3 = new S3Client({ ...config(region), followRegionRedirects: true })
  const { Contents: [first] = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 }),
  )
  return first?.Key ? { s3, at: { Bucket: bucket, Key: first.Key } } : null
}

/** Whether objects may be read shows at the first one; an empty bucket says nothing, and a refused list is said already. */
async function headOfBill(asking: Asking) {
  const found = await firstOfBill(asking).catch(() => null)
  return found?.s3.send(new HeadObjectCommand(found.at))
}
