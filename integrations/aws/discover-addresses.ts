import { DescribeAddressesCommand, EC2Client, paginateDescribeInstances, type Address } from '@aws-sdk/client-ec2'
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { DiscoverRole, SeenResource } from '../cloud.ts'
import { holdersOf, type Holder } from './address-holders.ts'
import { awsConfig, call, pages, type AwsOptions } from './client.ts'
import { nameOf, tagsOf } from './tags.ts'

/** Every elastic IP address of a region; AWS answers in one page. */
export const discoverAddresses = (options: AwsOptions): DiscoverRole =>
  async function* (credentials, region) {
    const config = awsConfig(options, { credentials, region })
    const clients = { ec2: new EC2Client(config), balancers: new ElasticLoadBalancingV2Client(config) }
    const answer = await call('ec2:DescribeAddresses', () => clients.ec2.send(new DescribeAddressesCommand({})))
    const addresses = answer.Addresses ?? []
    const holders = await holdersOf(
      clients,
      addresses.filter((address) => !address.InstanceId && isBound(address)),
    )
    const holderOf = ({ InstanceId: id, AllocationId }: Address): Holder | null =>
      id ? { kind: 'instance', id } : (holders.get(AllocationId ?? '') ?? null)
    const held = addresses.map((address) => ({ address, holder: holderOf(address) }))
    const idle = await idleInstances(
      clients.ec2,
      held.flatMap(({ holder }) => (holder?.kind === 'instance' ? [holder.id] : [])),
    )
    for (const { address, holder } of held) yield toAddress(address, region, { holder, idle })
  }

const isBound = ({ NetworkInterfaceId, AssociationId }: Address) => Boolean(NetworkInterfaceId || AssociationId)

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
 * An address is available when nothing holds it, or an instance that is stopped or gone. One that a NAT gateway, a load
 * balancer or another service holds is in use: releasing it would break something.
 */
export function toAddress(
  address: Address,
  region: string,
  { holder, idle }: { holder: Holder | null; idle: ReadonlySet<string> },
): SeenResource {
  const { NetworkInterfaceId: networkInterfaceId, PublicIp: publicIp } = address
  const id = address.AllocationId ?? publicIp ?? ''
  const instanceId = holder?.kind === 'instance' ? holder.id : undefined
  return {
    cloudResourceId: id,
    type: 'IP Address',
    name: nameOf(address.Tags, publicIp ?? id),
    service: 'AmazonEC2',
    region,
    tags: tagsOf(address.Tags),
    facts: {
      publicIp,
      instanceId,
      networkInterfaceId: networkInterfaceId || undefined,
      heldBy: holder ?? undefined,
    },
    cloudCreatedAt: null,
    available: instanceId ? idle.has(instanceId) : holder === null,
  }
}
