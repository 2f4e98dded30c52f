import { eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { listDiscoveries } from '../../../db/queries/discoveries.ts'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import { inventory } from '../../../db/schema/inventory.ts'
import { sealCredentials } from '../../../engine/accounts/credentials.ts'
import { acceptVanished } from '../../../engine/accounts/vanished.ts'
import { healthOf } from '../../../engine/accounts/health.ts'
import { getAccount } from '../../../db/queries/cloud-accounts.ts'
import { removeAccount } from '../../../engine/accounts/remove.ts'
import { createRule } from '../../../engine/assignment/rules.ts'
import { discoverAccount } from '../../../engine/ingest/discover.ts'
import discover from '../../../engine/jobs/discover.ts'
import discoverDue from '../../../engine/jobs/discover-due.ts'
import type { SandboxVolume } from '../../../integrations/sandbox/aws-ec2-state.ts'
import { emptyRegion, type SandboxRegion } from '../../../integrations/sandbox/aws-state.ts'
import { cloudWorld, key } from '../cloud-world.ts'

const w = await cloudWorld()
const { aws, clock } = w
const minute = 60_000
const born = new Date('2026-03-01T08:00:00Z')
let east: SandboxRegion
let west: SandboxRegion
let account: Account

const volume = (id: string, more: Partial<SandboxVolume> = {}): SandboxVolume => ({
  id,
  sizeGib: 8,
  type: 'gp3',
  createdAt: born,
  ...more,
})
const run = (of = account) => discoverAccount(w.job('discover'), { accountId: of.id })
const health = async (of = account) => healthOf(await getAccount(w.deps.db, { orgId: w.org.id, id: of.id })).state
const notices = (of = account) =>
  w.database.sql`select kind, facts, person_ids from notifications where subject_id = ${of.id} order by created_at`

beforeEach(async () => {
  aws.heal()
  east = emptyRegion()
  west = emptyRegion()
  aws.state.keys = { [key.accessKeyId]: key.secretAccessKey }
  aws.state.regions = { 'us-east-1': east, 'us-west-2': west }
  aws.state.users = []
  account = await w.connected()
})

describe('discovery of an account', () => {
  it('stores what every region holds, in the pool of the account', async () => {
    east.instances.push({
      id: 'i-1',
      name: 'web',
      type: 't3.large',
      state: 'running',
      launchedAt: born,
      tags: { team: 'blue' },
    })
    west.volumes.push(volume('vol-1', { attachedTo: 'i-1' }))
    west.addresses.push({ allocationId: 'eipalloc-1', publicIp: '203.0.113.7' })
    await run()
    const { 'i-1': web, 'vol-1': disk, 'eipalloc-1': address } = await w.inventory(account)
    expect(web).toMatchObject({
      name: 'web',
      type: 'Instance',
      service: 'AmazonEC2',
      region: 'us-east-1',
      tags: { team: 'blue' },
      active: true,
      firstSeenAt: born,
      lastSeenAt: clock.now(),
      lastNotStoppedAt: clock.now(),
      poolId: w.root.id,
    })
    expect(web!.facts).toMatchObject({ flavor: 't3.large', state: 'running' })
    expect(disk).toMatchObject({ region: 'us-west-2', attached: true, lastAttachedAt: clock.now() })
    expect(address).toMatchObject({ available: true, lastUsedAt: null, firstSeenAt: clock.now() })
  })

  it('keeps the last moment of the good state while the bad one lasts', async () => {
    east.instances.push({ id: 'i-1', type: 't3.nano', state: 'running', launchedAt: born })
    east.volumes.push(volume('vol-1', { attachedTo: 'i-1' }), volume('vol-2'))
    east.addresses.push({ allocationId: 'eipalloc-1', publicIp: '203.0.113.7', instanceId: 'i-1' })
    await run()
    const before = clock.now()
    clock.advance(10 * minute)
    east.instances[0]!.state = 'stopped'
    delete east.volumes[0]!.attachedTo
    await run()
    const seen = await w.inventory(account)
    expect(seen['vol-1']).toMatchObject({ attached: false, lastAttachedAt: before, lastSeenAt: clock.now() })
    expect(seen['vol-1']!.facts).not.toHaveProperty('instanceId')
    expect(seen['vol-2']).toMatchObject({ attached: false, lastAttachedAt: null })
    expect(seen['eipalloc-1']).toMatchObject({ available: true, lastUsedAt: before })
    expect(seen['i-1']).toMatchObject({ lastNotStoppedAt: before, stoppedAllocated: false, active: true })
  })

  it('joins what the bill already brought: its service, its own facts and its aws: tags stay', async () => {
    const billed = {
      cloudResourceId: 'vol-1',
      name: '',
      type: 'Volume',
      service: 'AmazonEBS',
      region: '',
      active: false,
    }
    const tags = { 'aws:createdBy': 'ann', team: 'red' }
    const known = await w.resource(account, { ...billed, tags, facts: { os: 'Linux', state: 'old' } })
    east.volumes.push(volume('vol-1', { name: 'data', tags: { team: 'blue' } }))
    await run()
    const { 'vol-1': disk } = await w.inventory(account)
    expect(disk).toMatchObject({ id: known.id, active: true, name: 'data', service: 'AmazonEBS', region: 'us-east-1' })
    expect(disk!.tags).toEqual({ 'aws:createdBy': 'ann', team: 'blue' })
    expect(disk!.facts).toMatchObject({ os: 'Linux', state: 'available' })
    expect(disk!.firstSeenAt).toEqual(born)
  })

  it('makes inactive what a region does not show any more, and active again what comes back', async () => {
    east.volumes.push(volume('vol-1'), volume('vol-2'))
    await run()
    const gone = east.volumes.pop()!
    await run()
    expect(await w.inventory(account)).toMatchObject({ 'vol-1': { active: true }, 'vol-2': { active: false } })
    east.volumes.push(gone)
    await run()
    expect(await w.inventory(account)).toMatchObject({ 'vol-2': { active: true } })
  })

  it('keeps the resources of a region that fails as they were, and says so, while the others go on', async () => {
    east.volumes.push(volume('vol-1'), volume('vol-2'))
    west.volumes.push(volume('vol-3'))
    await run()
    const before = clock.now()
    clock.advance(10 * minute)
    aws.trouble({ kind: 'broken', region: 'us-east-1', action: 'DescribeVolumes' })
    east.volumes = []
    west.volumes = []
    await run()
    expect(await w.inventory(account)).toMatchObject({
      'vol-1': { active: true, lastSeenAt: before },
      'vol-2': { active: true, lastSeenAt: before },
      'vol-3': { active: false },
    })
    const notes = await listDiscoveries(w.deps.db, { orgId: w.org.id, accountId: account.id })
    const note = (region: string) => notes.find((n) => n.resourceType === 'Volume' && n.region === region)
    expect(note('us-east-1')).toMatchObject({ lastDiscoveryAt: before, lastErrorAt: clock.now() })
    expect(note('us-west-2')).toMatchObject({ lastDiscoveryAt: clock.now(), lastError: null })
    expect(await health()).toBe('no_data_yet')
    expect(await notices()).toHaveLength(0)
  })

  it('puts new resources where the rules say, and leaves known ones where a person put them', async () => {
    const pool = await w.pool('Blue team', { defaultOwnerId: w.lea.id })
    await createRule(w.as(), {
      name: 'blue',
      conditions: [{ kind: 'tag-is', key: 'team', value: 'blue' }],
      poolId: pool.id,
    })
    const known = await w.resource(account, { cloudResourceId: 'vol-1', type: 'Volume', assignedBy: 'person' })
    east.volumes.push(
      volume('vol-1', { tags: { team: 'blue' } }),
      volume('vol-2', { tags: { team: 'blue' } }),
      volume('vol-3'),
    )
    await run()
    const { 'vol-1': kept, 'vol-2': blue, 'vol-3': other } = await w.inventory(account)
    expect(kept).toMatchObject({ id: known.id, poolId: w.root.id, assignedBy: 'person' })
    expect(blue).toMatchObject({ poolId: pool.id, ownerId: w.lea.id, assignedBy: 'rule' })
    expect(other).toMatchObject({ poolId: w.root.id, assignedBy: 'account' })
  })

  it('goes on after throttling', async () => {
    east.volumes.push(volume('vol-1'))
    aws.trouble({ kind: 'throttled', action: 'DescribeVolumes', region: 'us-east-1', times: 1 })
    await run()
    expect(await w.inventory(account)).toHaveProperty('vol-1')
  })

  it('reads thousands of volumes', async () => {
    east.volumes = Array.from({ length: 2345 }, (_, n) => volume(`vol-${n}`))
    await run()
    expect(Object.keys(await w.inventory(account))).toHaveLength(2345)
  })
})

describe('an answer that lacks more than half', () => {
  const many = () => Array.from({ length: 12 }, (_, n) => volume(`vol-${n}`))
  const active = async () => Object.values(await w.inventory(account)).filter((each) => each.active).length

  it('is not believed until a person says so, who is asked once', async () => {
    east.volumes = many()
    await run()
    east.volumes = []
    await run()
    await run()
    expect(await active()).toBe(12)
    const asked = await notices()
    expect(asked).toHaveLength(1)
    expect(asked[0]).toMatchObject({
      kind: 'account-health',
      facts: { doubts: [expect.stringContaining('12 of 12 resources of type Volume in us-east-1')] },
    })
    await acceptVanished(w.as(), { accountId: account.id })
    await w.runJobs([discover])
    expect(await active()).toBe(0)
  })

  it('is not believed either when every region lost a few', async () => {
    const all = many()
    east.volumes = all.slice(0, 6)
    west.volumes = all.slice(6)
    await run()
    east.volumes = []
    west.volumes = []
    await run()
    expect(await active()).toBe(12)
  })

  it('is believed when it is half', async () => {
    east.volumes = Array.from({ length: 24 }, (_, n) => volume(`vol-${n}`))
    await run()
    east.volumes = east.volumes.slice(0, 12)
    await run()
    expect(await active()).toBe(12)
  })
})

describe('a key that is refused', () => {
  it('is told once per episode to the person who looks after the account, and other accounts go on', async () => {
    const pool = await w.pool(`Cloud ${account.name}`, { defaultOwnerId: (await w.person('Otto')).id })
    const other = await w.connected({ poolId: pool.id })
    aws.state.keys = { AKIAANOTHERKEY000002: 'another-secret-key-0002' }
    const good = sealCredentials(w.deps, account, {
      accessKeyId: 'AKIAANOTHERKEY000002',
      secretAccessKey: 'another-secret-key-0002',
    })
    await w.database.sql`update accounts set credentials = ${good} where id = ${account.id}`
    east.volumes.push(volume('vol-1'))
    for (let n = 0; n < 3; n += 1) {
      await w.deps.boss.send('discover-due', {})
      await w.runJobs([discoverDue, discover])
      clock.advance(5 * minute)
    }
    expect(await health(other)).toBe('bad_credentials')
    expect(await notices(other)).toMatchObject([
      {
        kind: 'account-health',
        person_ids: [pool.defaultOwnerId],
        facts: { accountId: other.id, state: 'bad_credentials' },
      },
    ])
    expect(await health()).toBe('no_data_yet')
    expect(await w.inventory(account)).toHaveProperty('vol-1')

    aws.state.keys[key.accessKeyId] = key.secretAccessKey
    await run(other)
    expect(await health(other)).toBe('no_data_yet')
    delete aws.state.keys[key.accessKeyId]
    clock.advance(5 * minute)
    await run(other)
    expect(await notices(other)).toHaveLength(2)
  })

  it('names the permission it lacks, and the types it may read are read', async () => {
    east.volumes.push(volume('vol-1'))
    aws.trouble({ kind: 'refused', action: 'DescribeAddresses' })
    await run()
    expect(await w.inventory(account)).toHaveProperty('vol-1')
    const { healthDetail } = await getAccount(w.deps.db, { orgId: w.org.id, id: account.id })
    expect(await health()).toBe('missing_permission')
    expect(healthDetail).toContain('ec2:DescribeAddresses')
    aws.heal()
    await run()
    expect(await health()).toBe('no_data_yet')
    expect(await notices()).toHaveLength(1)
  })
})

describe('inventory', () => {
  const items = async () => {
    const rows = await w.deps.db.select().from(inventory).where(eq(inventory.accountId, account.id))
    return Object.fromEntries(rows.map((row) => [row.cloudId, row]))
  }
  const notes = () => listDiscoveries(w.deps.db, { orgId: w.org.id, accountId: account.id })
  const ann = { id: 'AIDA1', name: 'ann', createdAt: born, hasConsole: true }

  it('is kept beside resources, with its facts, and becomes inactive when it is gone', async () => {
    aws.state.users = [ann]
    east.images.push({ id: 'ami-1', name: 'web', createdAt: born, snapshotIds: ['snap-1'] })
    west.securityGroups.push({ id: 'sg-1', name: 'open', rules: [{ protocol: '-1', cidrs: ['0.0.0.0/0'] }] })
    await run()
    const facts = { snapshotIds: ['snap-1'], state: 'available' }
    expect(await items()).toMatchObject({
      'ami-1': { kind: 'image', region: 'us-east-1', active: true, firstSeenAt: born, facts },
      'sg-1': { kind: 'security_group', region: 'us-west-2', firstSeenAt: clock.now() },
      AIDA1: { kind: 'user', region: '', name: 'ann' },
    })
    east.images = []
    await run()
    expect(await items()).toMatchObject({ 'ami-1': { active: false }, 'sg-1': { active: true } })
  })

  it('stays as it was where a region fails, and the other parts go on', async () => {
    aws.state.users = [ann]
    east.images.push({ id: 'ami-1', name: 'web', createdAt: born, snapshotIds: [] })
    west.images.push({ id: 'ami-2', name: 'web', createdAt: born, snapshotIds: [] })
    await run()
    Object.assign(east, { images: [] })
    Object.assign(west, { images: [] })
    aws.trouble({ kind: 'refused', region: 'us-east-1', action: 'DescribeImages' })
    await run()
    expect(await items()).toMatchObject({ 'ami-1': { active: true }, 'ami-2': { active: false } })
    const { healthDetail } = await getAccount(w.deps.db, { orgId: w.org.id, id: account.id })
    expect(healthDetail).toBe(
      'The access key may not use ec2:DescribeImages (UnauthorizedOperation) (Images in us-east-1).',
    )
  })

  it('that takes many calls rests for half an hour after it was read, not after it failed', async () => {
    aws.trouble({ kind: 'refused', action: 'ListUsers', times: 1 })
    aws.state.users = [ann]
    await run()
    expect(await items()).not.toHaveProperty('AIDA1')
    await run()
    expect(await items()).toHaveProperty('AIDA1')
    aws.state.users = []
    clock.advance(29 * minute)
    await run()
    expect(await items()).toMatchObject({ AIDA1: { active: true } })
    clock.advance(2 * minute)
    await run()
    expect(await items()).toMatchObject({ AIDA1: { active: false } })
    expect((await notes()).find((note) => note.resourceType === 'user')?.lastDiscoveryAt).toEqual(clock.now())
  })

  it('of an account that was removed is erased and does not come back', async () => {
    aws.state.users = [ann]
    await run()
    await removeAccount(w.as(), { accountId: account.id })
    await run()
    expect(await items()).toEqual({})
  })

  it('lists buckets whose details are refused, and still sees which are gone', async () => {
    aws.state.buckets = { logs: new Map(), old: new Map() }
    aws.trouble({ kind: 'refused', action: 'GetBucketAcl' })
    await run()
    delete aws.state.buckets['old']
    await run()
    expect(await w.inventory(account)).toMatchObject({ logs: { active: true }, old: { active: false } })
    expect(await health()).toBe('missing_permission')
    aws.state.buckets = {}
  })
})
