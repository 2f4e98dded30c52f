import { beforeEach, describe, expect, it } from 'vitest'
import type { ResourceType } from '../../../db/vocabulary.ts'
import { toAddress } from '../../../integrations/aws/discover-addresses.ts'
import { toInstance } from '../../../integrations/aws/discover-instances.ts'
import { toVolume } from '../../../integrations/aws/discover-volumes.ts'
import { toSnapshot } from '../../../integrations/aws/discover-snapshots.ts'
import type { SandboxVolume } from '../../../integrations/sandbox/aws-ec2-state.ts'
import { emptyRegion } from '../../../integrations/sandbox/aws-state.ts'
import { all, awsWorld, credentials } from './aws-world.ts'

const at = new Date('2026-11-01T08:00:00Z')
const born = new Date('2026-03-01T08:00:00Z')
const { aws, adapter } = await awsWorld()
const discover = (type: ResourceType, region = 'us-east-1') => all(adapter.discover![type]!(credentials, region))

beforeEach(() => {
  aws.heal()
  aws.state.regions = { 'us-east-1': emptyRegion() }
  delete aws.state.pageLimit
})

describe('discovery of AWS', () => {
  it('sees an instance with its facts, tags and the birthday of its network interface', async () => {
    aws.state.regions['us-east-1']!.instances.push(
      {
        id: 'i-1',
        name: 'web & api',
        type: 't3.large',
        state: 'running',
        launchedAt: at,
        attachedAt: born,
        zone: 'us-east-1a',
        cores: 2,
        imageId: 'ami-1',
        vpcId: 'vpc-1',
        spot: true,
        tags: { team: 'blue' },
        securityGroups: [{ id: 'sg-1', name: 'open' }],
      },
      { id: 'i-2', type: 't3.nano', state: 'stopped', launchedAt: at },
      { id: 'i-3', type: 't3.nano', state: 'terminated', launchedAt: at },
    )
    const [web, stopped, ...rest] = await discover('Instance')
    expect(web).toEqual({
      cloudResourceId: 'i-1',
      type: 'Instance',
      name: 'web & api',
      service: 'AmazonEC2',
      region: 'us-east-1',
      tags: { team: 'blue' },
      facts: {
        flavor: 't3.large',
        state: 'running',
        cpuCount: 2,
        platform: 'Linux/UNIX',
        os: 'Linux',
        preinstalled: 'NA',
        architecture: 'x86_64',
        zone: 'us-east-1a',
        imageId: 'ami-1',
        vpcId: 'vpc-1',
        securityGroups: [{ id: 'sg-1', name: 'open' }],
      },
      cloudCreatedAt: born,
      stoppedAllocated: false,
      running: true,
      spot: true,
    })
    expect(stopped).toMatchObject({ name: 'i-2', running: false, spot: false, cloudCreatedAt: at })
    expect(rest).toEqual([])
  })

  it('sees whether a volume is attached', async () => {
    const region = aws.state.regions['us-east-1']!
    region.instances.push({ id: 'i-1', type: 't3.nano', state: 'running', launchedAt: at })
    region.volumes.push(
      { id: 'vol-1', sizeGib: 8, type: 'gp3', createdAt: born, attachedTo: 'i-1' },
      { id: 'vol-2', name: 'old data', sizeGib: 100, type: 'gp2', createdAt: born, snapshotId: 'snap-1' },
    )
    const [used, lost] = await discover('Volume')
    expect(used).toMatchObject({
      attached: true,
      cloudCreatedAt: born,
      facts: { sizeBytes: 8_589_934_592, instanceId: 'i-1' },
    })
    expect(lost).toMatchObject({
      name: 'old data',
      attached: false,
      facts: { snapshotId: 'snap-1', volumeType: 'gp2' },
    })
  })

  it('sees its own snapshots and which volume each was taken from', async () => {
    aws.state.regions['us-east-1']!.snapshots.push(
      { id: 'snap-1', name: 'before upgrade', sizeGib: 40, volumeId: 'vol-1', createdAt: born, tags: { team: 'blue' } },
      { id: 'snap-2', sizeGib: 8, description: 'Copied for DestinationAmi ami-2', createdAt: at, state: 'pending' },
      { id: 'snap-3', sizeGib: 8, createdAt: at, foreign: true },
    )
    const [taken, copied, ...rest] = await discover('Snapshot')
    expect(taken).toEqual({
      cloudResourceId: 'snap-1',
      type: 'Snapshot',
      name: 'before upgrade',
      service: 'AmazonEC2',
      region: 'us-east-1',
      tags: { team: 'blue' },
      facts: { sizeGib: 40, state: 'completed', volumeId: 'vol-1', description: undefined },
      cloudCreatedAt: born,
    })
    expect(copied).toMatchObject({ name: 'snap-2', facts: { state: 'pending', volumeId: undefined } })
    expect(rest).toEqual([])
  })

  it('calls an address available without an instance, or with one that is stopped or gone, but not behind what holds it', async () => {
    const region = aws.state.regions['us-east-1']!
    region.instances.push(
      { id: 'i-up', type: 't3.nano', state: 'running', launchedAt: at },
      { id: 'i-down', type: 't3.nano', state: 'stopped', launchedAt: at },
    )
    const address = (name: string, more: object) => ({
      allocationId: `eipalloc-${name}`,
      publicIp: '203.0.113.7',
      ...more,
    })
    region.addresses.push(
      address('free', {}),
      address('up', { instanceId: 'i-up' }),
      address('down', { instanceId: 'i-down' }),
      address('gone', { instanceId: 'i-gone' }),
      address('nat', { networkInterfaceId: 'eni-nat' }),
      address('nlb', { networkInterfaceId: 'eni-nlb' }),
      address('alb', { networkInterfaceId: 'eni-alb' }),
      address('endpoint', { networkInterfaceId: 'eni-endpoint' }),
      address('foreign', { networkInterfaceId: 'eni-foreign' }),
      address('second', { networkInterfaceId: 'eni-second' }),
      address('loose', { networkInterfaceId: 'eni-loose' }),
      address('failed', { networkInterfaceId: 'eni-failed' }),
    )
    region.interfaces.push(
      { id: 'eni-nat', type: 'nat_gateway', description: 'Interface for NAT Gateway nat-1', attached: true },
      { id: 'eni-alb', description: 'ELB app/shop/50dc6c495c0c9188', attached: true },
      { id: 'eni-endpoint', type: 'vpc_endpoint', attached: true },
      { id: 'eni-second', attached: true, instanceId: 'i-down' },
      { id: 'eni-loose', attached: false },
      { id: 'eni-failed', attached: false },
    )
    region.gateways.push(
      { id: 'nat-1', allocationIds: ['eipalloc-nat'] },
      { id: 'nat-2', allocationIds: ['eipalloc-failed'], state: 'failed' },
    )
    region.balancers.push(
      { name: 'edge', type: 'network', hash: '1111111111111111', allocationIds: ['eipalloc-nlb'] },
      { name: 'shop', type: 'application', hash: '50dc6c495c0c9188' },
    )
    const seen = await discover('IP Address')
    expect(seen.map((each) => [each.cloudResourceId.slice(9), each.available, each.facts['heldBy']])).toEqual([
      ['free', true, undefined],
      ['up', false, { kind: 'instance', id: 'i-up' }],
      ['down', true, { kind: 'instance', id: 'i-down' }],
      ['gone', true, { kind: 'instance', id: 'i-gone' }],
      ['nat', false, { kind: 'nat_gateway', id: 'nat-1' }],
      ['nlb', false, { kind: 'load_balancer', id: 'edge' }],
      ['alb', false, { kind: 'load_balancer', id: 'shop' }],
      ['endpoint', false, { kind: 'network_interface', id: 'eni-endpoint' }],
      ['foreign', false, { kind: 'network_interface', id: 'eni-foreign' }],
      ['second', true, { kind: 'instance', id: 'i-down' }],
      ['loose', true, undefined],
      ['failed', true, undefined],
    ])
  })

  it('follows every page', async () => {
    const volumes = Array.from({ length: 1203 }, (_, n): SandboxVolume => ({
      id: `vol-${n}`,
      sizeGib: 1,
      type: 'gp3',
      createdAt: at,
    }))
    aws.state.regions['us-east-1']!.volumes = volumes
    const before = aws.calls.length
    const seen = await discover('Volume')
    expect(new Set(seen.map((each) => each.cloudResourceId)).size).toBe(1203)
    expect(aws.calls.length - before).toBe(3)
  })

  it('lists the enabled regions', async () => {
    aws.state.regions['eu-west-1'] = emptyRegion()
    expect(await adapter.regions!(credentials)).toEqual(['eu-west-1', 'us-east-1'])
  })
})

describe('mapping of what AWS leaves out', () => {
  it('does without tags, dates and attachments', () => {
    expect(toInstance({ InstanceId: 'i-1' }, 'r')).toMatchObject({
      name: 'i-1',
      tags: {},
      cloudCreatedAt: null,
      spot: false,
    })
    expect(toVolume({ VolumeId: 'vol-1' }, 'r')).toMatchObject({ name: 'vol-1', attached: false, cloudCreatedAt: null })
    expect(toSnapshot({ SnapshotId: 'snap-1', VolumeId: 'vol-ffffffff' }, 'r').facts['volumeId']).toBeUndefined()
    expect(toAddress({ PublicIp: '203.0.113.9' }, 'r', { holder: null, idle: new Set() })).toMatchObject({
      cloudResourceId: '203.0.113.9',
      available: true,
    })
  })
})
