/** What a recommendation lacks is said in one sentence with the next step, for every kind of input. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { insertMetricPoints } from '../../../db/queries/metrics.ts'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import { discoveries } from '../../../db/schema/cloud-accounts.ts'
import { commitmentOffers, machineTypes } from '../../../db/schema/prices.ts'
import { usage } from '../../../db/schema/usage.ts'
import { recommendations } from '../../../engine/recommendations/catalog.ts'
import { checkRecommendations } from '../../../engine/recommendations/check.ts'
import { findLack } from '../../../engine/recommendations/inputs.ts'
import { getRecommendation, setOptions } from '../../../engine/recommendations/options.ts'
import { summary } from '../../../engine/recommendations/summary.ts'
import { now } from '../../recommendations/tester.ts'
import { world, type World } from '../../world.ts'

let w: World
beforeAll(async () => {
  w = await world({ now: now.toISOString() })
  for (const table of ['usage', 'metric_points'])
    await w.database.sql`select ensure_months(${table}, '2026-11-22'::date, '2026-11-23'::date)`
})
beforeEach(async () => {
  await w.database
    .sql`truncate findings, check_results, check_schedules, options, discoveries, usage, expenses, machine_types, commitment_offers, inventory, resources, accounts cascade`
})

const lack = (account: Account, id: string, readable = true, measurable = true) =>
  findLack(
    w.database.db,
    { orgId: w.org.id, accountId: account.id, cloud: account.cloud, currency: 'USD', now, readable, measurable },
    getRecommendation(id),
  )
const connected = (more: Partial<Account> = {}) =>
  w.account('aws', { name: 'AWS prod', credentials: 'sealed', ...more })
const read = (account: Account, resourceType: string, error: string | null = null) =>
  w.database.db.insert(discoveries).values({
    ...{ orgId: w.org.id, accountId: account.id, resourceType, region: error ? 'eu-west-1' : '' },
    ...(error ? { lastError: error, lastErrorAt: now } : { lastDiscoveryAt: now }),
  })

describe('a recommendation lacks', () => {
  it.each([
    ['obsolete_images', 'images'],
    ['inactive_users', 'users'],
    ['inactive_console_users', 'users'],
    ['insecure_security_groups', 'instances'],
    ['obsolete_snapshots', 'snapshots'],
    ['s3_public_buckets', 'buckets'],
    ['obsolete_ips', 'addresses'],
    ['volumes_not_attached_for_a_long_time', 'volumes'],
    ['rightsizing_rds', 'databases'],
  ])('%s: an account that was not read yet', async (id, things) => {
    const account = await connected()
    expect(await lack(account, id)).toBe(
      `Its ${things} were not read yet. Nothing to do: accounts are read every few minutes.`,
    )
  })

  it.each([
    ['obsolete_images', 'images, instances, snapshots'],
    ['volumes_not_attached_for_a_long_time', 'volumes'],
    ['abandoned_instances', 'instances, metrics of instances'],
    ['rightsizing_instances', 'instances, metrics of instances'],
  ])('%s: what a key would bring, when only the bill of the account is known', async (id, missing) => {
    expect(await lack(await w.account('aws', { lastImportAt: now }), id)).toBe(
      `Missing: ${missing}. It is known from its bill only; give it a read-only key on the account page.`,
    )
  })

  it('what nobody can give, when of a cloud only bills are read', async () => {
    const azure = await w.account('azure', { lastImportAt: now })
    expect(await lack(azure, 'obsolete_ips', false)).toBe(
      'Missing: addresses. It is known from its bill only: nothing else can be read of this cloud yet, so there is nothing to do here.',
    )
  })

  it('a permission, in the words of the cloud', async () => {
    const account = await connected()
    await read(account, 'user', 'missing_permission: AWS denies iam:ListUsers.')
    expect(await lack(account, 'inactive_users')).toBe(
      'Its users could not be read: AWS denies iam:ListUsers. Add the permission to its policy; the account page shows the whole policy.',
    )
  })

  it('nothing once it was read, even when there is nothing', async () => {
    const account = await connected({ lastImportAt: now })
    for (const part of [
      'image',
      'user',
      'Instance',
      'security_group',
      'Snapshot',
      'Volume',
      'Bucket',
      'IP Address',
      'RDS Instance',
    ])
      await read(account, part)
    for (const one of recommendations) expect(await lack(account, one.id), one.id).toBeNull()
  })

  it('a bill, when nothing has a cost', async () => {
    const account = await connected()
    await read(account, 'Volume')
    expect(await lack(account, 'volumes_not_attached_for_a_long_time')).toMatch(/^No bill was imported yet/)
  })

  it.each(['abandoned_instances', 'instances_for_shutdown', 'rightsizing_instances'])(
    '%s: metrics of instances',
    async (id) => {
      const account = await connected({ lastImportAt: now })
      const resource = await w.resource(account)
      expect(await lack(account, id)).toBe(
        'There are no metrics of its instances yet. Nothing to do: they are collected every half hour.',
      )
      await read(account, 'metrics', 'missing_permission: AWS denies cloudwatch:GetMetricData.')
      expect(await lack(account, id)).toMatch(
        /^The metrics of its instances could not be read: AWS denies cloudwatch:Get/,
      )
      await insertMetricPoints(w.database.db, [
        { orgId: w.org.id, accountId: account.id, resourceId: resource.id, metric: 'cpu', at: now, value: 3 },
      ])
      await w.database.sql`update resources set has_metrics = true`
      expect(await lack(account, id)).toBe(
        id === 'rightsizing_instances'
          ? 'There is no price list of machine types for this cloud yet. Nothing to do: prices are read after the account.'
          : null,
      )
    },
  )

  it('metrics, of a cloud whose metrics nothing reads', async () => {
    const account = await connected({ lastImportAt: now })
    await w.resource(account)
    expect(await lack(account, 'abandoned_instances', true, false)).toBe(
      'There are no metrics of its instances: metrics cannot be read of this cloud yet, so there is nothing to do here.',
    )
  })

  it('the size of buckets, which monitoring or the bill may tell', async () => {
    const account = await connected({ lastImportAt: now })
    const bucket = await w.resource(account, { type: 'Bucket' })
    expect(await lack(account, 's3_abandoned_buckets')).toMatch(/^There are no metrics of its buckets yet/)
    await use(account, bucket.id, 'storage')
    expect(await lack(account, 's3_abandoned_buckets')).toBeNull()
  })

  it.each([
    ['reserved_instances', 'Instance', 'instances'],
    ['instance_migration', 'Instance', 'instances'],
    ['instance_generation_upgrade', 'Instance', 'instances'],
    ['short_living_instances', 'Instance', 'instances'],
    ['abandoned_kinesis_streams', 'Kinesis Stream', 'streams'],
  ])('%s: what the bill says about use', async (id, type, things) => {
    const account = await connected({ lastImportAt: now })
    const resource = await w.resource(account, { type })
    expect(await lack(account, id)).toBe(
      `No bill says what its ${things} used. Import the cost and usage report of the cloud itself; other bills do not have it.`,
    )
    await use(account, resource.id, type === 'Instance' ? 'compute' : 'stream')
    expect((await lack(account, id)) ?? '').not.toMatch(/No bill/)
  })

  it('offers of reservations, after the price list', async () => {
    const account = await connected({ lastImportAt: now })
    const resource = await w.resource(account)
    await use(account, resource.id, 'compute')
    await w.database.db.insert(machineTypes).values({
      ...{ cloud: 'aws', region: 'eu-west-1', name: 'm5.large', os: 'Linux', family: 'm5', cpus: 2, memoryGib: 8 },
      ...{ hourlyPrice: '0.1', seenAt: now },
    })
    expect(await lack(account, 'reserved_instances')).toMatch(/^There is no list of offers of reservations/)
    expect(await lack(account, 'instance_migration')).toBeNull()
    await w.database.db.insert(commitmentOffers).values({
      ...{
        cloud: 'aws',
        region: 'eu-west-1',
        kind: 'ri',
        offeringId: 'o',
        flavor: 'm5.large',
        os: 'Linux',
        software: 'NA',
      },
      ...{ family: 'm5', tenancy: 'default', class: 'standard', payment: 'All Upfront', termSeconds: 1, upfront: '1' },
      ...{ hourly: '0', seenAt: now },
    })
    expect(await lack(account, 'reserved_instances')).toBeNull()
  })
})

async function use(account: Account, resourceId: string, kind: 'compute' | 'storage' | 'stream') {
  await w.database.db.insert(usage).values({
    ...{
      orgId: w.org.id,
      accountId: account.id,
      resourceId,
      kind,
      item: 'Usage',
      period: '2026-11-01',
      day: '2026-11-22',
    },
    ...{ quantity: '1', billed: '1', effective: '1', list: '1', startsAt: now, endsAt: now, lines: 1 },
  })
}

describe('the summary says', () => {
  it('what a check lacked and what could not be read lately, by what the recommendation reads', async () => {
    const account = await connected({ lastImportAt: now })
    for (const part of ['image', 'Instance', 'Snapshot', 'user']) await read(account, part)
    await read(account, 'Snapshot', 'missing_permission: AWS denies ec2:DescribeSnapshots.')
    await checkRecommendations(w.job('check-recommendations'))
    const { kinds } = await summary(w.as())
    const of = (id: string) => kinds.find((kind) => kind.id === id)!.lacks
    expect(of('inactive_users')).toEqual([])
    expect(of('obsolete_images')).toEqual([
      {
        account: 'AWS prod',
        text: 'AWS denies ec2:DescribeSnapshots (Snapshot in eu-west-1). Add the permission to its policy; the account page shows the whole policy.',
      },
    ])
    expect(of('obsolete_ips')[0]!.text).toMatch(/^Its addresses were not read yet/)
    const skip = { recommendation: 'obsolete_images', options: { skip_cloud_accounts: [account.id] } }
    await setOptions(w.as(), skip)
    w.clock.advance(4 * 3_600_000)
    await checkRecommendations(w.job('check-recommendations'))
    expect((await summary(w.as())).kinds.find(({ id }) => id === 'obsolete_images')!.lacks).toEqual([])
  })
})
