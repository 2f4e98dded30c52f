/**
 * One cheap question per permission, so that a gap shows while a person is connecting and not days later. What the
 * permission is for stands beside it.
 */
import { BCMDataExportsClient, ListExportsCommand } from '@aws-sdk/client-bcm-data-exports'
import { ListMetricsCommand } from '@aws-sdk/client-cloudwatch'
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
} from '@aws-sdk/client-ec2'
import { DescribeLoadBalancersCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { GetLoginProfileCommand, ListAccessKeysCommand, ListUsersCommand } from '@aws-sdk/client-iam'
import { DescribeStreamSummaryCommand, ListStreamsCommand, ListTagsForStreamCommand } from '@aws-sdk/client-kinesis'
import { GetProductsCommand, PricingClient } from '@aws-sdk/client-pricing'
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds'
import {
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetBucketPolicyStatusCommand,
  GetBucketTaggingCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { DescribeSavingsPlansOfferingRatesCommand, SavingsplansClient } from '@aws-sdk/client-savingsplans'
import { CloudError, type BillSettings, type Credentials, type MissingPermission } from '../cloud.ts'
import { asCloudError, awsConfig, type AwsOptions } from './client.ts'
import { cloudWatch } from './cloudwatch.ts'
import { reportDefinitions } from './legacy-reports.ts'
import {
  anyExport,
  anyMetric,
  blockOfBuckets,
  headOfBill,
  lastUseOfAKey,
  listOfBill,
  nowhere,
  ofBucket,
  ofEc2,
  ofIam,
  ofKinesis,
  type Ask,
  type Asking,
} from './probe-questions.ts'

const dry = { DryRun: true }
const nobody = { UserName: nowhere }
const noStream = { StreamName: nowhere }

const publicBuckets = 'buckets are not judged by whether they are public'
const keysOfUsers = 'unused users and keys are not found'
const streams = 'streams are not seen'
const orphans = 'some addresses look used although they are not'

/** By permission. */
export const probes: Record<string, { without: string; ask: Ask }> = {
  'bcm-data-exports:GetExport': {
    without: 'exports of billing data are not found by themselves',
    ask: anyExport,
  },
  'bcm-data-exports:ListExports': {
    without: 'exports of billing data are not found by themselves',
    ask: ({ config }) => new BCMDataExportsClient(config()).send(new ListExportsCommand({ MaxResults: 1 })),
  },
  'cloudwatch:GetMetricData': {
    without: 'nothing is known about use, so nothing is said about idle or oversized machines',
    ask: anyMetric,
  },
  'cloudwatch:ListMetrics': {
    without: 'the sizes of buckets and the memory of machines are not known',
    ask: ({ options, credentials }) =>
      cloudWatch(options, { credentials }).send(new ListMetricsCommand({ Namespace: 'AWS/S3' })),
  },
  'cur:DescribeReportDefinitions': {
    without: 'cost and usage reports are not found by themselves',
    ask: ({ config }) => reportDefinitions(config(), { onlyFirst: true }),
  },
  'ec2:DescribeAddresses': {
    without: 'public addresses are not seen',
    ask: ofEc2((client) => client.send(new DescribeAddressesCommand(dry))),
  },
  'ec2:DescribeImages': {
    without: 'images are not seen',
    ask: ofEc2((client) => client.send(new DescribeImagesCommand(dry))),
  },
  'ec2:DescribeInstanceTypes': {
    without: 'it is not known which machine types are outdated',
    ask: ofEc2((client) => client.send(new DescribeInstanceTypesCommand(dry))),
  },
  'ec2:DescribeInstances': {
    without: 'machines are not seen',
    ask: ofEc2((client) => client.send(new DescribeInstancesCommand(dry))),
  },
  'ec2:DescribeNatGateways': {
    without: orphans,
    ask: ofEc2((client) => client.send(new DescribeNatGatewaysCommand(dry))),
  },
  'ec2:DescribeNetworkInterfaces': {
    without: orphans,
    ask: ofEc2((client) => client.send(new DescribeNetworkInterfacesCommand(dry))),
  },
  'ec2:DescribeRegions': {
    without: 'no inventory is read at all',
    ask: ofEc2((client) => client.send(new DescribeRegionsCommand(dry))),
  },
  'ec2:DescribeReservedInstancesOfferings': {
    without: 'reservations are not suggested',
    ask: ofEc2((client) => client.send(new DescribeReservedInstancesOfferingsCommand(dry))),
  },
  'ec2:DescribeSecurityGroups': {
    without: 'open security groups are not found',
    ask: ofEc2((client) => client.send(new DescribeSecurityGroupsCommand(dry))),
  },
  'ec2:DescribeSnapshots': {
    without: 'snapshots are not seen',
    ask: ofEc2((client) => client.send(new DescribeSnapshotsCommand(dry))),
  },
  'ec2:DescribeSpotPriceHistory': {
    without: 'spot prices are not known',
    ask: ofEc2((client) => client.send(new DescribeSpotPriceHistoryCommand(dry))),
  },
  'ec2:DescribeVolumes': {
    without: 'volumes are not seen',
    ask: ofEc2((client) => client.send(new DescribeVolumesCommand(dry))),
  },
  'elasticloadbalancing:DescribeLoadBalancers': {
    without: orphans,
    ask: ({ config }) =>
      new ElasticLoadBalancingV2Client(config()).send(new DescribeLoadBalancersCommand({ PageSize: 1 })),
  },
  'iam:GetAccessKeyLastUsed': { without: keysOfUsers, ask: lastUseOfAKey },
  'iam:GetLoginProfile': {
    without: keysOfUsers,
    ask: ofIam((iam) => iam.send(new GetLoginProfileCommand(nobody))),
  },
  'iam:ListAccessKeys': {
    without: keysOfUsers,
    ask: ofIam((iam) => iam.send(new ListAccessKeysCommand(nobody))),
  },
  'iam:ListUsers': {
    without: keysOfUsers,
    ask: ofIam((iam) => iam.send(new ListUsersCommand({ MaxItems: 1 }))),
  },
  'kinesis:DescribeStreamSummary': {
    without: streams,
    ask: ofKinesis((client) => client.send(new DescribeStreamSummaryCommand(noStream))),
  },
  'kinesis:ListStreams': {
    without: streams,
    ask: ofKinesis((client) => client.send(new ListStreamsCommand({ Limit: 1 }))),
  },
  'kinesis:ListTagsForStream': {
    without: streams,
    ask: ofKinesis((client) => client.send(new ListTagsForStreamCommand(noStream))),
  },
  'pricing:GetProducts': {
    without: 'list prices are not known, so no other machine type is suggested',
    ask: ({ config }) =>
      new PricingClient(config()).send(new GetProductsCommand({ ServiceCode: 'AmazonEC2', MaxResults: 1 })),
  },
  'rds:DescribeDBInstances': {
    without: 'databases are not seen',
    ask: ({ config }) => new RDSClient(config()).send(new DescribeDBInstancesCommand({ MaxRecords: 20 })),
  },
  's3:GetAccountPublicAccessBlock': {
    without: 'buckets that only the account keeps from strangers are called public',
    ask: blockOfBuckets,
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
    ask: ({ config }) => new S3Client(config({ service: 's3' })).send(new ListBucketsCommand({ MaxBuckets: 1 })),
  },
  's3:ListBucket': { without: 'the bill is not found', ask: listOfBill },
  'savingsplans:DescribeSavingsPlansOfferingRates': {
    without: 'savings plans are not suggested',
    ask: ({ config }) =>
      new SavingsplansClient(config()).send(new DescribeSavingsPlansOfferingRatesCommand({ maxResults: 1 })),
  },
}

/** Fewer silent services say nothing about the others; so many mean that AWS cannot be reached from here. */
const mostSilent = Object.keys(probes).length / 2

/**
 * Asks for everything at once; answers what was refused. Throws `CloudError` when the bucket of the bill is not there, and when
 * hardly anything was answered.
 */
export const probe =
  (options: AwsOptions) =>
  async (credentials: Credentials, settings: BillSettings): Promise<MissingPermission[]> => {
    const config: Asking['config'] = (target) => awsConfig(options, { ...target, credentials })
    const asking = { options, credentials, config, settings, now: (options.now ?? (() => new Date()))() }
    const silent: string[] = []
    const asked = Object.entries(probes).map(async ([permission, { without, ask }]) => {
      const problem = await ask(asking).then(
        () => null,
        (error: unknown) => asCloudError(error, permission),
      )
      // Several questions meet a bucket that is not there; the one that looks for the bill says it.
      if (permission === 's3:ListBucket' && problem instanceof CloudError && problem.kind === 'bad_bill') throw problem
      if (problem instanceof CloudError && problem.kind === 'unreachable') silent.push(permission)
      // A cloud that is slow or throttles now has not refused anything.
      if (!(problem instanceof CloudError) || !problem.isRefusal) return []
      return [{ permission, without, ...(problem.kind === 'denied' ? { denied: true as const } : {}) }]
    })
    const missing = (await Promise.all(asked)).flat()
    if (silent.length >= mostSilent)
      throw new CloudError(
        'unreachable',
        `AWS did not answer ${silent.slice(0, 3).join(', ')} and ${silent.length - 3} more.`,
      )
    return missing
  }
