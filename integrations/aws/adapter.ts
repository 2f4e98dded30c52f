import { cloud, type CloudAdapter } from '../cloud.ts'
import { awsBill, awsBillSettings } from './bill.ts'
import type { AwsOptions } from './client.ts'
import { awsCredentials } from './credentials.ts'
import { awsDiscovery } from './discover.ts'
import { iamPolicy, powerPolicy } from './iam-policy.ts'
import { readMetrics } from './metrics.ts'
import { awsPermissions } from './permissions.ts'
import { listObjects } from './objects.ts'
import { awsPlaces } from './places.ts'
import { awsPower } from './power.ts'
import { readPrices } from './prices.ts'
import { enabledRegions, whoAmI } from './regions.ts'

/** Amazon Web Services through its own SDK; `endpoint` points every service somewhere else (stand-in, emulator). */
export const awsAdapter = (options: AwsOptions = {}): CloudAdapter =>
  cloud({
    kind: 'aws',
    title: 'Amazon Web Services',
    credentials: awsCredentials,
    settings: awsBillSettings,
    permissions: awsPermissions,
    policy: iamPolicy(awsPermissions),
    powerPolicy: powerPolicy(awsPermissions),
    check: (credentials) => whoAmI(options, credentials),
    regions: (credentials) => enabledRegions(options, credentials),
    ...awsDiscovery(options),
    metrics: readMetrics(options),
    prices: readPrices(options),
    places: awsPlaces,
    bill: awsBill(options),
    power: awsPower(options),
    objects: listObjects(options),
  })
