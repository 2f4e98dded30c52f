/** Security groups, network interfaces and NAT gateways of the EC2 stand-in. Shapes: the EC2 API reference. */
import { ec2Page, tagSet, wanted, type Ec2Call } from './aws-ec2-parts.ts'
import type { SandboxGateway, SandboxInterface, SandboxRule, SandboxSecurityGroup } from './aws-ec2-state.ts'
import type { XmlValue } from './aws-xml.ts'

export const networkCalls: Record<string, Ec2Call> = {
  DescribeSecurityGroups: ({ state, region, form }) => {
    const { items, next } = ec2Page(region.securityGroups, { form, state })
    return { securityGroupInfo: items.map((each) => group(each, state.accountId)), nextToken: next }
  },
  DescribeNetworkInterfaces: ({ state, region, form }) => {
    const found = region.interfaces.filter(wanted(form, 'network-interface-id'))
    const { items, next } = ec2Page(found, { form, state })
    return { networkInterfaceSet: items.map((each) => card(each, state.accountId)), nextToken: next }
  },
  DescribeNatGateways: ({ state, region, form }) => {
    const { items, next } = ec2Page(region.gateways, { form, state })
    return { natGatewaySet: items.map(gateway), nextToken: next }
  },
}

const group = ({ id, name, vpcId, rules, tags }: SandboxSecurityGroup, ownerId: string): XmlValue => ({
  ownerId,
  groupId: id,
  groupName: name,
  groupDescription: name,
  vpcId,
  ipPermissions: rules.map((rule) => permission(rule, ownerId)),
  ipPermissionsEgress: [permission({ protocol: '-1', cidrs: ['0.0.0.0/0'] }, ownerId)],
  tagSet: tagSet({ tags: tags ?? {} }),
})

const permission = ({ protocol, from, to, ...trusted }: SandboxRule, userId: string): XmlValue => ({
  ipProtocol: protocol,
  fromPort: from,
  toPort: to,
  groups: (trusted.groups ?? []).map((groupId) => ({ userId, groupId })),
  ipRanges: (trusted.cidrs ?? []).map((cidrIp) => ({ cidrIp })),
  ipv6Ranges: (trusted.cidrs6 ?? []).map((cidrIpv6) => ({ cidrIpv6 })),
  prefixListIds: [],
})

const card = ({ id, type, description, attached, instanceId }: SandboxInterface, ownerId: string): XmlValue => ({
  networkInterfaceId: id,
  ownerId,
  description: description ?? '',
  interfaceType: type ?? 'interface',
  requesterManaged: attached && !instanceId,
  status: attached ? 'in-use' : 'available',
  attachment: attached
    ? { attachmentId: `eni-attach-${id.slice(4)}`, instanceId, instanceOwnerId: ownerId, status: 'attached' }
    : undefined,
})

const gateway = ({ id, state, allocationIds, interfaceId }: SandboxGateway): XmlValue => ({
  natGatewayId: id,
  state: state ?? 'available',
  connectivityType: 'public',
  natGatewayAddressSet: allocationIds.map((allocationId) => ({ allocationId, networkInterfaceId: interfaceId })),
})
