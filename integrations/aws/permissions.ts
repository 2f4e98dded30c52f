/**
 * What AWS must allow for each part of reading an account, by the name its notes carry (a resource type, a kind of
 * inventory, `metrics`, `prices …`, `bill`). The policy people grant is all of them together; the documentation and the
 * connect page show them by part. A test asks the stand-in part by part, so no word here is more or less than the code does.
 */
const parts: Record<string, string[]> = {
  regions: ['ec2:DescribeRegions'],
  bill: ['s3:GetObject', 's3:ListBucket'],
  reports: ['bcm-data-exports:GetExport', 'bcm-data-exports:ListExports', 'cur:DescribeReportDefinitions'],
  objects: ['s3:ListBucket'],

  Instance: ['ec2:DescribeInstances'],
  Volume: ['ec2:DescribeVolumes'],
  Snapshot: ['ec2:DescribeSnapshots'],
  'IP Address': [
    'ec2:DescribeAddresses',
    'ec2:DescribeInstances',
    'ec2:DescribeNatGateways',
    'ec2:DescribeNetworkInterfaces',
    'elasticloadbalancing:DescribeLoadBalancers',
  ],
  Bucket: [
    's3:GetAccountPublicAccessBlock',
    's3:GetBucketAcl',
    's3:GetBucketLocation',
    's3:GetBucketPolicyStatus',
    's3:GetBucketPublicAccessBlock',
    's3:GetBucketTagging',
    's3:ListAllMyBuckets',
  ],
  'RDS Instance': ['rds:DescribeDBInstances'],
  'Kinesis Stream': ['kinesis:DescribeStreamSummary', 'kinesis:ListStreams', 'kinesis:ListTagsForStream'],

  image: ['ec2:DescribeImages'],
  user: ['iam:GetAccessKeyLastUsed', 'iam:GetLoginProfile', 'iam:ListAccessKeys', 'iam:ListUsers'],
  security_group: ['ec2:DescribeSecurityGroups'],

  metrics: ['cloudwatch:GetMetricData', 'cloudwatch:ListMetrics'],

  'prices machines': ['ec2:DescribeInstanceTypes', 'pricing:GetProducts'],
  'prices databases': ['pricing:GetProducts'],
  'prices nearby': ['pricing:GetProducts'],
  'prices spot': ['ec2:DescribeSpotPriceHistory'],
  'prices reservations': ['ec2:DescribeReservedInstancesOfferings'],
  'prices plans': ['savingsplans:DescribeSavingsPlansOfferingRates'],
}

/** What we ask people to grant. `power` is a separate right. */
export const awsPermissions: { read: string[]; power: string[]; parts: Record<string, string[]> } = {
  read: [...new Set(Object.values(parts).flat())].toSorted(),
  power: ['ec2:StartInstances', 'ec2:StopInstances'],
  parts,
}
