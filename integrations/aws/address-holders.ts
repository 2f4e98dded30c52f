/** What holds an elastic address that is bound to a network interface: an instance, a NAT gateway, a load balancer or another service. */
import {
  paginateDescribeNatGateways,
  paginateDescribeNetworkInterfaces,
  type Address,
  type EC2Client,
  type NetworkInterface,
} from '@aws-sdk/client-ec2'
import {
  paginateDescribeLoadBalancers,
  type ElasticLoadBalancingV2Client,
  type LoadBalancer,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { pages } from './client.ts'

export type Holder = { kind: 'instance' | 'nat_gateway' | 'load_balancer' | 'network_interface'; id: string }

const idsPerFilter = 200

/** The holders of bound addresses by allocation id; an address that is missing in the answer is held by nothing. */
export async function holdersOf(
  clients: { ec2: EC2Client; balancers: ElasticLoadBalancingV2Client },
  bound: Address[],
): Promise<Map<string, Holder>> {
  if (bound.length === 0) return new Map()
  const interfaces = await interfacesOf(clients.ec2, bound)
  const gateways = await gatewayAddresses(clients.ec2)
  const balancers = await balancersOf(clients.balancers)
  const found = bound.map((address): [string, Holder | null] => {
    const allocation = address.AllocationId ?? ''
    const card = interfaces.get(address.NetworkInterfaceId ?? '')
    const instanceId = card?.Attachment?.InstanceId
    if (instanceId) return [allocation, { kind: 'instance', id: instanceId }]
    const gateway = gateways.get(allocation)
    if (gateway) return [allocation, { kind: 'nat_gateway', id: gateway }]
    const balancer = balancers.find((each) => holds(each, { allocation, card }))
    if (balancer) return [allocation, { kind: 'load_balancer', id: balancer.LoadBalancerName ?? '' }]
    return [allocation, isIdle(card) ? null : { kind: 'network_interface', id: address.NetworkInterfaceId ?? '' }]
  })
  return new Map(found.filter((entry): entry is [string, Holder] => entry[1] !== null))
}

/** A network interface that is attached to nothing. One we cannot see is another account's: we do not know, so it is in use. */
const isIdle = (card: NetworkInterface | undefined) => card?.Status === 'available' && !card.Attachment

async function interfacesOf(client: EC2Client, bound: Address[]): Promise<Map<string, NetworkInterface>> {
  const ids = [...new Set(bound.flatMap((address) => address.NetworkInterfaceId || []))]
  const found = new Map<string, NetworkInterface>()
  for (let from = 0; from < ids.length; from += idsPerFilter) {
    // By filter: an id that is gone would be an error otherwise.
    const Filters = [{ Name: 'network-interface-id', Values: ids.slice(from, from + idsPerFilter) }]
    const cards = paginateDescribeNetworkInterfaces({ client, pageSize: 1000 }, { Filters })
    for await (const page of pages('ec2:DescribeNetworkInterfaces', cards))
      for (const card of page.NetworkInterfaces ?? []) found.set(card.NetworkInterfaceId ?? '', card)
  }
  return found
}

/** NAT gateways by the addresses they hold; one that is deleted or never came up holds none. */
async function gatewayAddresses(client: EC2Client): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const gateways = paginateDescribeNatGateways({ client, pageSize: 1000 }, {})
  for await (const page of pages('ec2:DescribeNatGateways', gateways))
    for (const { NatGatewayId: id = '', State: state = '', NatGatewayAddresses: addresses } of page.NatGateways ?? [])
      if (!['deleted', 'failed'].includes(state))
        for (const { AllocationId } of addresses ?? []) if (AllocationId) found.set(AllocationId, id)
  return found
}

async function balancersOf(client: ElasticLoadBalancingV2Client): Promise<LoadBalancer[]> {
  const found: LoadBalancer[] = []
  const balancers = paginateDescribeLoadBalancers({ client, pageSize: 400 }, {})
  for await (const page of pages('elasticloadbalancing:DescribeLoadBalancers', balancers))
    found.push(...(page.LoadBalancers ?? []))
  return found
}

/** A load balancer says which addresses it was given; AWS writes its name on its network interfaces. */
function holds(balancer: LoadBalancer, of: { allocation: string; card: NetworkInterface | undefined }): boolean {
  const zones = balancer.AvailabilityZones ?? []
  const given = zones.flatMap(({ LoadBalancerAddresses }) => LoadBalancerAddresses ?? [])
  if (given.some(({ AllocationId }) => AllocationId === of.allocation)) return true
  const path = balancer.LoadBalancerArn?.split(':loadbalancer/').at(1)
  return path !== undefined && of.card?.Description === `ELB ${path}`
}
