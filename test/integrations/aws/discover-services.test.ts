import { beforeEach, describe, expect, it } from 'vitest'
import type { ResourceType } from '../../../db/vocabulary.ts'
import { emptyRegion, type SandboxBucket, type SandboxRegion } from '../../../integrations/sandbox/aws-state.ts'
import { all, awsWorld, credentials } from './aws-world.ts'

const born = new Date('2026-03-01T08:00:00Z')
const { aws, adapter } = await awsWorld()
const discover = (type: ResourceType, region = 'us-east-1') => all(adapter.discover![type]!(credentials, region))
const bucket = (name: string, settings: SandboxBucket = {}) => {
  aws.state.buckets[name] = new Map()
  aws.state.bucketSettings[name] = settings
}
let east: SandboxRegion

beforeEach(() => {
  aws.heal()
  east = emptyRegion()
  Object.assign(aws.state, { regions: { 'us-east-1': east }, buckets: {}, bucketSettings: {} })
  delete aws.state.pageLimit
  delete aws.state.plainBucketList
  delete aws.state.accountBlock
})

describe('databases', () => {
  it('are known by their ARN, with class, engine and zones', async () => {
    east.databases.push(
      {
        name: 'orders',
        type: 'db.m5.large',
        engine: 'postgres',
        version: '16.3',
        multiAz: true,
        createdAt: born,
        zone: 'us-east-1b',
        tags: { team: 'blue' },
      },
      { name: 'graph', type: 'db.r5.large', engine: 'neptune', createdAt: born },
    )
    const [orders, graph] = await discover('RDS Instance')
    expect(orders).toEqual({
      cloudResourceId: 'arn:aws:rds:us-east-1:111122223333:db:orders',
      type: 'RDS Instance',
      name: 'orders',
      service: 'AmazonRDS',
      region: 'us-east-1',
      tags: { team: 'blue' },
      facts: {
        flavor: 'db.m5.large',
        engine: 'postgres',
        engineVersion: '16.3',
        multiAz: true,
        storageType: 'gp3',
        state: 'available',
        zone: 'us-east-1b',
      },
      cloudCreatedAt: born,
    })
    expect(graph).toMatchObject({ service: 'AmazonNeptune' })
  })
})

describe('streams', () => {
  it('are known by their ARN, because a name is taken once per region, with open shards, mode and all tags', async () => {
    const tags = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`tag-${n}`, `${n}`]))
    east.streams.push(
      { name: 'clicks', shards: 6, createdAt: born, tags },
      { name: 'audit', shards: 4, mode: 'ON_DEMAND', createdAt: born },
    )
    const [audit, clicks] = await discover('Kinesis Stream')
    expect(clicks).toEqual({
      cloudResourceId: 'arn:aws:kinesis:us-east-1:111122223333:stream/clicks',
      type: 'Kinesis Stream',
      name: 'clicks',
      service: 'AmazonKinesis',
      region: 'us-east-1',
      tags,
      facts: { shards: 6, mode: 'PROVISIONED', state: 'ACTIVE' },
      cloudCreatedAt: born,
    })
    expect(audit!.facts).toMatchObject({ shards: 4, mode: 'ON_DEMAND' })
    aws.state.regions['eu-west-1'] = emptyRegion({ streams: [{ name: 'clicks', shards: 1, createdAt: born }] })
    const [other] = await discover('Kinesis Stream', 'eu-west-1')
    expect(other).toMatchObject({
      cloudResourceId: clicks!.cloudResourceId.replace('us-east-1', 'eu-west-1'),
      name: 'clicks',
    })
  })
})

describe('buckets', () => {
  const open: SandboxBucket = { publicPolicy: true, grants: [{ group: 'AllUsers', permission: 'READ' }] }
  const publicStates = async () => Object.fromEntries((await discover('Bucket')).map((each) => [each.name, each.facts]))

  it('are listed in their own region only, with their tags', async () => {
    aws.state.regions['eu-west-1'] = emptyRegion()
    bucket('logs', { createdAt: born, tags: { team: 'blue' } })
    bucket('backup', { region: 'eu-west-1' })
    expect(await discover('Bucket')).toEqual([
      {
        cloudResourceId: 'logs',
        type: 'Bucket',
        name: 'logs',
        service: 'AmazonS3',
        region: 'us-east-1',
        tags: { team: 'blue' },
        facts: { isPublicPolicy: false, isPublicAcls: false },
        cloudCreatedAt: born,
      },
    ])
    expect((await discover('Bucket', 'eu-west-1')).map(({ name }) => name)).toEqual(['backup'])
    aws.state.plainBucketList = true
    expect((await discover('Bucket')).map(({ name }) => name)).toEqual(['logs'])
    expect((await discover('Bucket', 'eu-west-1')).map(({ name }) => name)).toEqual(['backup'])
  })

  it('are public by policy or by access list, unless a block forbids just that', async () => {
    bucket('open', open)
    bucket('any-account', { publicPolicy: false, grants: [{ group: 'AuthenticatedUsers', permission: 'WRITE_ACP' }] })
    bucket('blocked', { ...open, block: { policy: true, acls: true } })
    bucket('no-policies', { ...open, block: { policy: true, acls: false } })
    bucket('no-acls', { ...open, block: { policy: false, acls: true } })
    expect(await publicStates()).toEqual({
      open: { isPublicPolicy: true, isPublicAcls: true },
      'any-account': { isPublicPolicy: false, isPublicAcls: true },
      blocked: { isPublicPolicy: false, isPublicAcls: false },
      'no-policies': { isPublicPolicy: false, isPublicAcls: true },
      'no-acls': { isPublicPolicy: true, isPublicAcls: false },
    })
  })

  it('that are public by themselves are not where the account blocks it', async () => {
    bucket('open', open)
    for (const [accountBlock, isPublicPolicy, isPublicAcls] of [
      [{ policy: true, acls: true }, false, false],
      [{ policy: true }, false, true],
      [{ acls: true }, true, false],
      // New ones cannot be made, those that are there go on to work.
      [{ newPolicies: true, newAcls: true }, true, true],
      [undefined, true, true],
    ] as const) {
      if (accountBlock) aws.state.accountBlock = accountBlock
      else delete aws.state.accountBlock
      expect(await publicStates()).toEqual({ open: { isPublicPolicy, isPublicAcls } })
    }
  })

  it('that block new policies and lists only are as public as before', async () => {
    bucket('late', { ...open, block: { newPolicies: true, newAcls: true } })
    expect(await publicStates()).toEqual({ late: { isPublicPolicy: true, isPublicAcls: true } })
  })

  it('are judged by themselves when the block of the account is refused, and the refusal says so', async () => {
    bucket('open', open)
    aws.state.accountBlock = { policy: true, acls: true }
    aws.trouble({ kind: 'refused', permission: 's3:GetAccountPublicAccessBlock' })
    const seen: unknown[] = []
    const reading = (async () => {
      for await (const each of adapter.discover!.Bucket!(credentials, 'us-east-1')) seen.push(each)
    })()
    await expect(reading).rejects.toMatchObject({
      ...{ kind: 'missing_permission', complete: true },
      message: 'The access key may not use s3:GetAccountPublicAccessBlock (AccessDenied).',
    })
    expect(seen).toMatchObject([{ facts: { isPublicPolicy: true, isPublicAcls: true } }])
  })

  it('whose details are refused are listed without them, and the refusal says so', async () => {
    bucket('open', { publicPolicy: true, tags: { team: 'blue' } })
    aws.trouble({ kind: 'refused', action: 'GetBucketPolicyStatus' })
    const seen: unknown[] = []
    const reading = (async () => {
      for await (const each of adapter.discover!.Bucket!(credentials, 'us-east-1')) seen.push(each)
    })()
    await expect(reading).rejects.toMatchObject({
      kind: 'missing_permission',
      complete: true,
      message: 'The access key may not use s3:GetBucketPolicyStatus (AccessDenied).',
    })
    expect(seen).toMatchObject([{ name: 'open', facts: {}, tags: { team: 'blue' } }])
  })
})

describe('small pages and throttling', () => {
  it.each(['Snapshot', 'RDS Instance', 'Kinesis Stream', 'Bucket'] as ResourceType[])('%s', async (type) => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    for (const name of names) {
      east.snapshots.push({ id: name, sizeGib: 1, createdAt: born })
      east.databases.push({ name, type: 'db.t3.micro', engine: 'mysql', createdAt: born })
      east.streams.push({ name, shards: 1, createdAt: born, tags: { one: '1', two: '2', three: '3' } })
      bucket(name)
    }
    aws.state.pageLimit = 2
    aws.trouble({ kind: 'throttled', times: 2 })
    const seen = await discover(type)
    expect(seen.map(({ name }) => name)).toEqual(names)
    if (type === 'Kinesis Stream') expect(Object.keys(seen[0]!.tags)).toHaveLength(3)
  })
})
