import { EC2Client, paginateDescribeImages, type Image } from '@aws-sdk/client-ec2'
import type { InventoryRole, SeenItem } from '../cloud.ts'
import { awsConfig, pages, type AwsOptions } from './client.ts'
import { nameOf, tagsOf } from './tags.ts'

/** Every machine image (AMI) of a region that the account made, disabled ones too: their snapshots are still needed. */
export const readImages = (options: AwsOptions): InventoryRole => ({
  async *read(credentials, region) {
    const client = new EC2Client(awsConfig(options, { credentials, region }))
    const own = paginateDescribeImages({ client, pageSize: 1000 }, { Owners: ['self'], IncludeDisabled: true })
    for await (const page of pages('ec2:DescribeImages', own))
      for (const image of page.Images ?? []) if (image.ImageId) yield toImage(image, region)
  },
})

/** An image with the snapshots its disks are made from. */
export function toImage(image: Image, region: string): SeenItem {
  const { ImageId: id = '', CreationDate: born } = image
  return {
    cloudId: id,
    kind: 'image',
    name: nameOf(image.Tags, image.Name || id),
    region,
    tags: tagsOf(image.Tags),
    facts: {
      snapshotIds: (image.BlockDeviceMappings ?? []).flatMap((device) => device.Ebs?.SnapshotId || []),
      state: image.State,
    },
    cloudCreatedAt: born && !Number.isNaN(Date.parse(born)) ? new Date(born) : null,
  }
}
