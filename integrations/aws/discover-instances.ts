import { EC2Client, paginateDescribeInstances, type Instance } from '@aws-sdk/client-ec2'
import type { DiscoverRole, SeenResource } from '../cloud.ts'
import { awsConfig, pages, type AwsOptions } from './client.ts'
import { platformSystem } from './editions.ts'
import { nameOf, tagsOf } from './tags.ts'

/** Every EC2 instance of a region that is not terminated. */
export const discoverInstances = (options: AwsOptions): DiscoverRole =>
  async function* (credentials, region) {
    const client = new EC2Client(awsConfig(options, { credentials, region }))
    const all = paginateDescribeInstances({ client, pageSize: 1000 }, {})
    for await (const page of pages('ec2:DescribeInstances', all))
      for (const instance of (page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []))
        if (instance.InstanceId && instance.State?.Name !== 'terminated') yield toInstance(instance, region)
  }

/** An EC2 instance is free of charge while stopped, so `stoppedAllocated` is never true. */
export function toInstance(instance: Instance, region: string): SeenResource {
  const { InstanceId: id = '', State: state, CpuOptions: cpu } = instance
  return {
    cloudResourceId: id,
    type: 'Instance',
    name: nameOf(instance.Tags, id),
    service: 'AmazonEC2',
    region,
    tags: tagsOf(instance.Tags),
    facts: {
      flavor: instance.InstanceType,
      state: state?.Name,
      ...(cpu?.CoreCount ? { cpuCount: cpu.CoreCount * (cpu.ThreadsPerCore ?? 1) } : {}),
      platform: instance.PlatformDetails,
      ...systemFacts(instance.PlatformDetails),
      architecture: instance.Architecture,
      zone: instance.Placement?.AvailabilityZone,
      imageId: instance.ImageId,
      vpcId: instance.VpcId,
      securityGroups: (instance.SecurityGroups ?? []).map((group) => ({ id: group.GroupId, name: group.GroupName })),
    },
    cloudCreatedAt: createdAt(instance),
    stoppedAllocated: false,
    running: state?.Name !== 'stopped',
    spot: instance.InstanceLifecycle === 'spot',
  }
}

/** The system in the words bills use, so that discovery and bill agree. */
function systemFacts(platform: string | undefined): { os?: string; preinstalled?: string } {
  if (!platform) return {}
  const { os, software } = platformSystem(platform)
  return { os, preinstalled: software }
}

/** The launch time moves with every start; the earliest attachment of a volume or network interface does not. */
function createdAt(instance: Instance): Date | null {
  const attached = [
    ...(instance.BlockDeviceMappings ?? []).map((device) => device.Ebs?.AttachTime),
    ...(instance.NetworkInterfaces ?? []).map((card) => card.Attachment?.AttachTime),
  ].filter((at) => at !== undefined)
  return attached.length ? new Date(Math.min(...attached.map(Number))) : (instance.LaunchTime ?? null)
}
