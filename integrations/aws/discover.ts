import type { CloudAdapter } from '../cloud.ts'
import type { AwsOptions } from './client.ts'
import { discoverAddresses } from './discover-addresses.ts'
import { discoverBuckets } from './discover-buckets.ts'
import { discoverDatabases } from './discover-databases.ts'
import { discoverInstances } from './discover-instances.ts'
import { discoverSnapshots } from './discover-snapshots.ts'
import { discoverStreams } from './discover-streams.ts'
import { discoverVolumes } from './discover-volumes.ts'
import { readImages } from './read-images.ts'
import { readSecurityGroups } from './read-security-groups.ts'
import { readUsers } from './read-users.ts'

/**
 * What AWS shows us. Buckets, streams and users take several calls each, so they rest for half an hour: below the hour after
 * which a resource that was not seen is judged no more.
 */
export const awsDiscovery = (options: AwsOptions): Required<Pick<CloudAdapter, 'discover' | 'inventory' | 'rest'>> => ({
  discover: {
    Instance: discoverInstances(options),
    Volume: discoverVolumes(options),
    Snapshot: discoverSnapshots(options),
    Bucket: discoverBuckets(options),
    'IP Address': discoverAddresses(options),
    'RDS Instance': discoverDatabases(options),
    'Kinesis Stream': discoverStreams(options),
  },
  inventory: {
    image: readImages(options),
    user: readUsers(options),
    security_group: readSecurityGroups(options),
  },
  rest: { Bucket: 30, 'Kinesis Stream': 30, user: 30 },
})
