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
import { inPatience } from './silent-regions.ts'

/**
 * What AWS shows us. Buckets, streams and users take several calls each, so they rest for half an hour: below the hour after
 * which a resource that was not seen is judged no more.
 */
export function awsDiscovery(options: AwsOptions): Required<Pick<CloudAdapter, 'discover' | 'inventory' | 'rest'>> {
  const read = inPatience(options)
  return {
    discover: {
      Instance: read(discoverInstances),
      Volume: read(discoverVolumes),
      Snapshot: read(discoverSnapshots),
      Bucket: read(discoverBuckets),
      'IP Address': read(discoverAddresses),
      'RDS Instance': read(discoverDatabases),
      'Kinesis Stream': read(discoverStreams),
    },
    inventory: {
      image: { read: read((how) => readImages(how).read) },
      user: readUsers(options),
      security_group: { read: read((how) => readSecurityGroups(how).read) },
    },
    rest: { Bucket: 30, 'Kinesis Stream': 30, user: 30 },
  }
}
