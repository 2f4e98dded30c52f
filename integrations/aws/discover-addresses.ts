import { DescribeAddressesCommand, EC2Client, paginateDescribeInstances, type Address } from '@aws-sdk/client-ec2'
import type { DiscoverRole, SeenResource } from '../cloud.ts'
import { awsConfig, call, pages, type AwsOptions } from './client.ts'
import { nameOf, tagsOf } from './tags.ts'

/** Every elastic IP address of a region; AWS answers in one page. */
export const discoverAddresses = (options: AwsOptions): DiscoverRole =>
  async function* (credentials, region) {
    const client = new EC2Client(awsConfig(options, { credentials, region }))
    const answer = await call('ec2:DescribeAddresses', () => client.send(new DescribeAddressesCommand({})))
    const addresses = answer.Addresses ?? []
    const idle = await idleInstances(
      client,
      addresses.flatMap((address) => address.InstanceId || []),
    )
    for (const address of addresses) yield toAddress(address, region, idle)
  }

/** Which of the instances are stopped or terminated. Asked by filter: an id that is gone would be an error otherwise. */
async function idleInstances(client: EC2Client, ids: string[]): Promise<Set<string>> {
  const idle = new Set(ids)
  for (let from = 0; from < ids.length; from += 200) {
    const filter = [{ Name: 'instance-id', Values: ids.slice(from, from + 200) }]
    const found = paginateDescribeInstances({ client }, { Filters: filter })
    for await (const page of pages('ec2:DescribeInstances', found))
      for (const instance of (page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []))
        if (!['stopped', 'terminated'].includes(instance.State?.Name ?? '')) idle.delete(instance.InstanceId ?? '')
  }
  return idle
}

/**
 * An address is available when no instance uses it, or one that is stopped or gone. One that belongs to a network
 * interface without an instance (NAT gateway, load balancer) is in use: releasing it would break something.
 */
export function toAddress(address: Address, region: string, idle: ReadonlySet<string>): SeenResource {
  const { InstanceId: instanceId, NetworkInterfaceId: networkInterfaceId, PublicIp: publicIp } = address
  const id = address.AllocationId ?? publicIp ?? ''
  return {
    cloudResourceId: id,
    type: 'IP Address',
    name: nameOf(address.Tags, publicIp ?? id),
    service: 'AmazonEC2',
    region,
    tags: tagsOf(address.Tags),
    facts: { publicIp, instanceId: instanceId || undefined, networkInterfaceId: networkInterfaceId || undefined },
    cloudCreatedAt: null,
    available: instanceId ? idle.has(instanceId) : !networkInterfaceId,
  }
}
