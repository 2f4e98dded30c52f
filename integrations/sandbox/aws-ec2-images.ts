/** Snapshots and images of the EC2 stand-in. Shapes: the EC2 API reference, DescribeSnapshots and DescribeImages. */
import { ec2Page, tagSet, type Ec2Call } from './aws-ec2-parts.ts'
import type { SandboxImage, SandboxSnapshot } from './aws-ec2-state.ts'
import type { XmlValue } from './aws-xml.ts'

/** Only those who ask for their own get no others. */
const own = (form: URLSearchParams) =>
  form.get('Owner.1') === 'self' ? ({ foreign }: { foreign?: true }) => !foreign : () => true

export const imageCalls: Record<string, Ec2Call> = {
  DescribeSnapshots: ({ state, region, form }) => {
    const { items, next } = ec2Page(region.snapshots.filter(own(form)), { form, state })
    return { snapshotSet: items.map((each) => snapshot(each, state.accountId)), nextToken: next }
  },
  DescribeImages: ({ state, region, form }) => {
    const shown = region.images.filter(own(form))
    const enabled = shown.filter((each) => form.get('IncludeDisabled') === 'true' || each.state !== 'disabled')
    const { items, next } = ec2Page(enabled, { form, state })
    return { imagesSet: items.map((each) => image(each, state.accountId)), nextToken: next }
  },
}

const snapshot = (each: SandboxSnapshot, ownerId: string): XmlValue => ({
  snapshotId: each.id,
  // A snapshot that was copied or imported comes from no volume.
  volumeId: each.volumeId ?? 'vol-ffffffff',
  status: each.state ?? 'completed',
  startTime: each.createdAt,
  progress: '100%',
  ownerId: each.foreign ? '999988887777' : ownerId,
  volumeSize: each.sizeGib,
  description: each.description ?? '',
  encrypted: false,
  tagSet: tagSet({ ...(each.name ? { name: each.name } : {}), tags: each.tags ?? {} }),
})

const image = (each: SandboxImage, ownerId: string): XmlValue => ({
  imageId: each.id,
  imageLocation: `${ownerId}/${each.name}`,
  imageState: each.state ?? 'available',
  imageOwnerId: each.foreign ? '999988887777' : ownerId,
  isPublic: each.foreign ?? false,
  architecture: 'x86_64',
  imageType: 'machine',
  name: each.name,
  creationDate: each.createdAt.toISOString(),
  rootDeviceType: 'ebs',
  rootDeviceName: '/dev/xvda',
  blockDeviceMapping: [
    ...each.snapshotIds.map((snapshotId, n) => ({ deviceName: `/dev/xvd${'abcdef'[n]}`, ebs: { snapshotId } })),
    { deviceName: '/dev/sdb', virtualName: 'ephemeral0' },
  ],
  tagSet: tagSet({ tags: each.tags ?? {} }),
})
