import { EC2Client, paginateDescribeSecurityGroups, type IpPermission, type SecurityGroup } from '@aws-sdk/client-ec2'
import type { InventoryRole, SeenItem } from '../cloud.ts'
import { awsConfig, pages, type AwsOptions } from './client.ts'
import { tagsOf } from './tags.ts'

/** Every security group of a region with its inbound rules. */
export const readSecurityGroups = (options: AwsOptions): InventoryRole => ({
  async *read(credentials, region) {
    const client = new EC2Client(awsConfig(options, { credentials, region }))
    const groups = paginateDescribeSecurityGroups({ client, pageSize: 1000 }, {})
    for await (const page of pages('ec2:DescribeSecurityGroups', groups))
      for (const group of page.SecurityGroups ?? []) if (group.GroupId) yield toSecurityGroup(group, region)
  },
})

/** A group; AWS does not say when it was made. */
export function toSecurityGroup(group: SecurityGroup, region: string): SeenItem {
  const { GroupId: id = '', GroupName: name = id } = group
  return {
    cloudId: id,
    kind: 'security_group',
    name,
    region,
    tags: tagsOf(group.Tags),
    facts: { vpcId: group.VpcId, rules: (group.IpPermissions ?? []).map(toRule) },
    cloudCreatedAt: null,
  }
}

/** Ports are null where the protocol has none or all are meant. */
const toRule = ({ IpProtocol: protocol = '-1', FromPort, ToPort, IpRanges = [], Ipv6Ranges = [] }: IpPermission) => ({
  protocol,
  from: FromPort ?? null,
  to: ToPort ?? null,
  cidrs: [...IpRanges.flatMap(({ CidrIp }) => CidrIp ?? []), ...Ipv6Ranges.flatMap(({ CidrIpv6 }) => CidrIpv6 ?? [])],
})
