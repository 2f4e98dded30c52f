import { cloud, type CloudAdapter } from '../cloud.ts'
import { awsBill, awsBillSettings } from './bill.ts'
import type { AwsOptions } from './client.ts'
import { awsCredentials } from './credentials.ts'
import { awsDiscovery } from './discover.ts'
import { iamGrants } from './grants.ts'
import { iamPolicy } from './iam-policy.ts'
import { readMetrics } from './metrics.ts'
import { listObjects } from './objects.ts'
import { awsPlaces } from './places.ts'
import { awsPower } from './power.ts'
import { readPrices } from './prices.ts'
import { probe } from './probes.ts'
import { enabledRegions, whoAmI } from './regions.ts'
import { awsSessions } from './sessions.ts'

const permissions = {
  read: [
    'bcm-data-exports:GetExport',
    'bcm-data-exports:ListExports',
    'cloudwatch:GetMetricData',
    'cloudwatch:ListMetrics',
    'cur:DescribeReportDefinitions',
    'ec2:DescribeAddresses',
    'ec2:DescribeImages',
    'ec2:DescribeInstanceTypes',
    'ec2:DescribeInstances',
    'ec2:DescribeNatGateways',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeRegions',
    'ec2:DescribeReservedInstancesOfferings',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSnapshots',
    'ec2:DescribeSpotPriceHistory',
    'ec2:DescribeVolumes',
    'elasticloadbalancing:DescribeLoadBalancers',
    'iam:GetAccessKeyLastUsed',
    'iam:GetLoginProfile',
    'iam:ListAccessKeys',
    'iam:ListUsers',
    'kinesis:DescribeStreamSummary',
    'kinesis:ListStreams',
    'kinesis:ListTagsForStream',
    'pricing:GetProducts',
    'rds:DescribeDBInstances',
    's3:GetBucketAcl',
    's3:GetBucketLocation',
    's3:GetBucketPolicyStatus',
    's3:GetBucketPublicAccessBlock',
    's3:GetBucketTagging',
    's3:GetObject',
    's3:ListAllMyBuckets',
    's3:ListBucket',
    'savingsplans:DescribeSavingsPlansOfferingRates',
  ],
  power: ['ec2:StartInstances', 'ec2:StopInstances'],
}

/** Amazon Web Services through its own SDK; `endpoint` points every service somewhere else (stand-in, emulator). */
export function awsAdapter(given: AwsOptions = {}): CloudAdapter {
  const sessions = awsSessions(given)
  const options = { ...given, sessions }
  return cloud({
    kind: 'aws',
    title: 'Amazon Web Services',
    credentials: awsCredentials,
    hasPayers: true,
    settings: awsBillSettings,
    permissions,
    policy: iamPolicy(permissions),
    grants: iamGrants(options, permissions),
    probe: probe(options),
    check: (credentials) => whoAmI({ ...options, sessions: (role) => sessions(role, 'anew') }, credentials),
    regions: (credentials) => enabledRegions(options, credentials),
    ...awsDiscovery(options),
    metrics: readMetrics(options),
    prices: readPrices(options),
    places: awsPlaces,
    bill: awsBill(options),
    power: awsPower(options),
    objects: listObjects(options),
  })
}
