import { EC2Client, paginateDescribeVolumes, type Volume } from '@aws-sdk/client-ec2'
import type { DiscoverRole, SeenResource } from '../cloud.ts'
import { awsConfig, pages, type AwsOptions } from './client.ts'
import { nameOf, tagsOf } from './tags.ts'

const gib = 1024 ** 3

/** Every EBS volume of a region. */
export const discoverVolumes = (options: AwsOptions): DiscoverRole =>
  async function* (credentials, region) {
    const client = new EC2Client(awsConfig(options, { credentials, region }))
    for await (const page of pages('ec2:DescribeVolumes', paginateDescribeVolumes({ client, pageSize: 500 }, {})))
      for (const volume of page.Volumes ?? []) if (volume.VolumeId) yield toVolume(volume, region)
  }

/** A volume is attached while AWS says `in-use`. */
export function toVolume(volume: Volume, region: string): SeenResource {
  const { VolumeId: id = '', State: state } = volume
  return {
    cloudResourceId: id,
    type: 'Volume',
    name: nameOf(volume.Tags, id),
    service: 'AmazonEC2',
    region,
    tags: tagsOf(volume.Tags),
    facts: {
      sizeBytes: (volume.Size ?? 0) * gib,
      volumeType: volume.VolumeType,
      state,
      zone: volume.AvailabilityZone,
      snapshotId: volume.SnapshotId || undefined,
      instanceId: volume.Attachments?.[0]?.InstanceId,
    },
    cloudCreatedAt: volume.CreateTime ?? null,
    attached: state === 'in-use',
  }
}
