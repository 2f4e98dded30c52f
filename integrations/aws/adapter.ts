import { cloud, type CloudAdapter } from '../cloud.ts'
import { awsBill, awsBillSettings } from './bill.ts'
import type { AwsOptions } from './client.ts'
import { awsCredentials } from './credentials.ts'
import { discoverAddresses } from './discover-addresses.ts'
import { discoverInstances } from './discover-instances.ts'
import { discoverVolumes } from './discover-volumes.ts'
import { iamPolicy } from './iam-policy.ts'
import { readMetrics } from './metrics.ts'
import { awsPlaces } from './places.ts'
import { readPrices } from './prices.ts'
import { enabledRegions, whoAmI } from './regions.ts'

const permissions = {
  read: [
    'cloudwatch:GetMetricData',
    'cloudwatch:ListMetrics',
    'ec2:DescribeAddresses',
    'ec2:DescribeInstanceTypes',
    'ec2:DescribeInstances',
    'ec2:DescribeRegions',
    'ec2:DescribeReservedInstancesOfferings',
    'ec2:DescribeSpotPriceHistory',
    'ec2:DescribeVolumes',
    'pricing:GetProducts',
    's3:GetObject',
    's3:ListBucket',
    'savingsplans:DescribeSavingsPlansOfferingRates',
  ],
  power: [],
}

/** Amazon Web Services through its own SDK; `endpoint` points every service somewhere else (stand-in, emulator). */
export const awsAdapter = (options: AwsOptions = {}): CloudAdapter =>
  cloud({
    kind: 'aws',
    title: 'Amazon Web Services',
    credentials: awsCredentials,
    settings: awsBillSettings,
    permissions,
    policy: iamPolicy(permissions),
    check: (credentials) => whoAmI(options, credentials),
    regions: (credentials) => enabledRegions(options, credentials),
    discover: {
      Instance: discoverInstances(options),
      Volume: discoverVolumes(options),
      'IP Address': discoverAddresses(options),
    },
    metrics: readMetrics(options),
    prices: readPrices(options),
    places: awsPlaces,
    bill: awsBill(options),
  })
