import { beforeEach, describe, expect, it } from 'vitest'
import type { ResourceType } from '../../../db/vocabulary.ts'
import { toAddress } from '../../../integrations/aws/discover-addresses.ts'
import { toInstance } from '../../../integrations/aws/discover-instances.ts'
import { toVolume } from '../../../integrations/aws/discover-volumes.ts'
import { emptyRegion, type SandboxVolume } from '../../../integrations/sandbox/aws-state.ts'
import { all, awsWorld, credentials } from './aws-world.ts'

const at = new Date('2026-11-01T08:00:00Z')
const born = new Date('2026-03-01T08:00:00Z')
const { aws, adapter } = await awsWorld()
const discover = (type: ResourceType, region = 'us-east-1') => all(adapter.discover![type]!(credentials, region))

beforeEach(() => {
  aws.heal()
  aws.state.regions = { 'us-east-1': emptyRegion() }
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

  it('calls an address available without an instance, or with one that is stopped or gone, but not behind a NAT gateway', async () => {
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
      address('nat', { networkInterfaceId: 'eni-9' }),
    )
    const seen = await discover('IP Address')
    expect(seen.map((each) => [each.cloudResourceId, each.available])).toEqual([
      ['eipalloc-free', true],
      ['eipalloc-up', false],
      ['eipalloc-down', true],
      ['eipalloc-gone', true],
      ['eipalloc-nat', false],
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
    expect(toAddress({ PublicIp: '203.0.113.9' }, 'r', new Set())).toMatchObject({
      cloudResourceId: '203.0.113.9',
      available: true,
    })
  })
})
