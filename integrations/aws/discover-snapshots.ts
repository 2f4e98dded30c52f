import { EC2Client, paginateDescribeSnapshots, type Snapshot } from '@aws-sdk/client-ec2'
import type { DiscoverRole, SeenResource } from '../cloud.ts'
import { awsConfig, pages, type AwsOptions } from './client.ts'
import { nameOf, tagsOf } from './tags.ts'

/** Every EBS snapshot of a region that belongs to the account itself; public and shared ones are others' cost. */
export const discoverSnapshots = (options: AwsOptions): DiscoverRole =>
  async function* (credentials, region) {
    const client = new EC2Client(awsConfig(options, { credentials, region }))
    const own = paginateDescribeSnapshots({ client, pageSize: 1000 }, { OwnerIds: ['self'] })
    for await (const page of pages('ec2:DescribeSnapshots', own))
      for (const snapshot of page.Snapshots ?? []) if (snapshot.SnapshotId) yield toSnapshot(snapshot, region)
  }

/** AWS writes this where a snapshot was copied or imported and so comes from no volume. */
const noVolume = 'vol-ffffffff'

/** A snapshot with the volume it was taken from, if any. */
export function toSnapshot(snapshot: Snapshot, region: string): SeenResource {
  const { SnapshotId: id = '', VolumeId: volumeId } = snapshot
  return {
    cloudResourceId: id,
    type: 'Snapshot',
    name: nameOf(snapshot.Tags, id),
    service: 'AmazonEC2',
    region,
    tags: tagsOf(snapshot.Tags),
    facts: {
      sizeGib: snapshot.VolumeSize,
      state: snapshot.State,
      volumeId: volumeId && volumeId !== noVolume ? volumeId : undefined,
      description: snapshot.Description || undefined,
    },
    cloudCreatedAt: snapshot.StartTime ?? null,
  }
}
