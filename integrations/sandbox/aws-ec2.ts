/** EC2 of the stand-in: the Query protocol with XML answers, pages by NextToken. */
import { AwsFault, type AwsReply, type AwsRequest } from './aws-request.ts'
import type { SandboxAddress, SandboxInstance, SandboxVolume } from './aws-ec2-state.ts'
import { marketCalls } from './aws-ec2-market.ts'
import { networkCalls } from './aws-ec2-network.ts'
import { imageCalls } from './aws-ec2-images.ts'
import { ec2Page, tagSet, wanted, type Ec2Call } from './aws-ec2-parts.ts'
import { powerCalls, stateCodes } from './aws-ec2-power.ts'
import type { SandboxAws, SandboxRegion } from './aws-state.ts'
import { xml, type XmlValue } from './aws-xml.ts'

/** Answers one EC2 call. */
export function answerEc2(state: SandboxAws, request: AwsRequest): AwsReply {
  const region = state.regions[request.region]
  if (!region) throw new AwsFault(401, 'AuthFailure', `The region ${request.region} is not enabled.`)
  const answer = calls[request.action]?.({ state, region, form: request.form })
  if (!answer) throw new AwsFault(400, 'InvalidAction', `The action ${request.action} is not valid.`)
  const body = xml(`${request.action}Response`, { requestId: 'sandbox', ...answer })
  return { status: 200, headers: { 'content-type': 'text/xml' }, body }
}

const calls: Record<string, Ec2Call> = {
  DescribeRegions: ({ state }) => ({
    regionInfo: Object.keys(state.regions).map((name) => ({
      regionName: name,
      regionEndpoint: `ec2.${name}.amazonaws.com`,
      optInStatus: 'opt-in-not-required',
    })),
  }),
  DescribeInstances: ({ state, region, form }) => {
    const found = region.instances.filter(wanted(form, 'instance-id'))
    const { items, next } = ec2Page(found, { form, state })
    return { reservationSet: items.map((instance) => reservation(state, region, instance)), nextToken: next }
  },
  DescribeVolumes: ({ state, region, form }) => {
    const { items, next } = ec2Page(region.volumes, { form, state })
    return { volumeSet: items.map(volume), nextToken: next }
  },
  DescribeAddresses: ({ region }) => ({ addressesSet: region.addresses.map(address) }),
  ...imageCalls,
  ...marketCalls,
  ...networkCalls,
  ...powerCalls,
}

function reservation(state: SandboxAws, region: SandboxRegion, instance: SandboxInstance): XmlValue {
  const volumes = region.volumes.filter((each) => each.attachedTo === instance.id)
  return {
    reservationId: `r-${instance.id.slice(2)}`,
    ownerId: state.accountId,
    instancesSet: [
      {
        instanceId: instance.id,
        imageId: instance.imageId,
        instanceState: { code: stateCodes[instance.state], name: instance.state },
        instanceType: instance.type,
        launchTime: instance.launchedAt,
        placement: { availabilityZone: instance.zone },
        vpcId: instance.vpcId,
        architecture: 'x86_64',
        platformDetails: instance.platform ?? 'Linux/UNIX',
        instanceLifecycle: instance.spot ? 'spot' : undefined,
        cpuOptions: instance.cores ? { coreCount: instance.cores, threadsPerCore: 1 } : undefined,
        groupSet: (instance.securityGroups ?? []).map(({ id, name }) => ({ groupId: id, groupName: name })),
        tagSet: tagSet(instance),
        blockDeviceMapping: volumes.map((each) => ({
          deviceName: '/dev/xvda',
          ebs: { volumeId: each.id, status: 'attached', attachTime: each.createdAt },
        })),
        networkInterfaceSet: instance.attachedAt
          ? [{ networkInterfaceId: `eni-${instance.id.slice(2)}`, attachment: { attachTime: instance.attachedAt } }]
          : [],
      },
    ],
  }
}

const volume = (each: SandboxVolume): XmlValue => ({
  volumeId: each.id,
  size: each.sizeGib,
  snapshotId: each.snapshotId ?? '',
  availabilityZone: each.zone,
  status: each.attachedTo ? 'in-use' : 'available',
  createTime: each.createdAt,
  volumeType: each.type,
  attachmentSet: each.attachedTo ? [{ volumeId: each.id, instanceId: each.attachedTo, status: 'attached' }] : [],
  tagSet: tagSet(each),
})

const address = (each: SandboxAddress): XmlValue => ({
  publicIp: each.publicIp,
  allocationId: each.allocationId,
  domain: 'vpc',
  instanceId: each.instanceId,
  networkInterfaceId: each.networkInterfaceId,
  associationId: each.instanceId || each.networkInterfaceId ? `eipassoc-${each.allocationId.slice(9)}` : undefined,
  tagSet: tagSet(each),
})
