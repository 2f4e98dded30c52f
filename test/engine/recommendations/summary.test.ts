import { beforeAll, beforeEach, expect, it } from 'vitest'
import { findings } from '../../../db/schema/recommendations.ts'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import type { Resource } from '../../../db/schema/resources.ts'
import { dismissFinding, reopenFinding } from '../../../engine/recommendations/dismiss.ts'
import { snoozeFinding } from '../../../engine/recommendations/snooze.ts'
import { sayOverlaps, summary, totalSaving } from '../../../engine/recommendations/summary.ts'
import { listEvents } from '../../../db/queries/events.ts'
import { world, type World } from '../../world.ts'

let w: World
let account: Account

async function finding(recommendation: string, saving: string, more: Partial<typeof findings.$inferInsert> = {}) {
  const resourceId = more.resourceId ?? (await w.resource(account)).id
  const row = {
    ...{ orgId: w.org.id, recommendation, accountId: account.id, resourceId, key: resourceId, saving },
    ...{ evidence: {}, detectedAt: w.clock.now(), checkedAt: w.clock.now(), ...more },
  }
  const [made] = await w.database.db.insert(findings).values(row).returning()
  return made!
}

beforeAll(async () => {
  w = await world()
})
beforeEach(async () => {
  await w.database.sql`truncate findings, dismissals, check_results, resources, accounts cascade`
  account = await w.account()
})

it('counts and adds up active findings only, those that save most first', async () => {
  await finding('obsolete_ips', '3.6')
  await finding('volumes_not_attached_for_a_long_time', '60.5')
  await finding('volumes_not_attached_for_a_long_time', '60')
  await finding('obsolete_ips', '1000', { isExcluded: true })
  const dismissed = await finding('obsolete_ips', '2000')
  const snoozed = await finding('obsolete_ips', '4000')
  await dismissFinding(w.as(), { findingId: dismissed.id })
  await snoozeFinding(w.as(), { findingId: snoozed.id })
  const { totalSaving: total, kinds } = await summary(w.as())
  expect(total).toBe('124.1')
  expect(kinds.slice(0, 3)).toMatchObject([
    { id: 'volumes_not_attached_for_a_long_time', count: 2, saving: '120.5', state: 'critical' },
    { id: 'obsolete_ips', count: 1, saving: '3.6', snoozed: 1, dismissed: 1, excluded: 1, state: 'saving' },
    { count: 0, saving: '0', state: 'good' },
  ])
})

it('of several savings on one resource only the best counts, because all lower the same cost', async () => {
  const all = async (abandoned: string, shutdown: string, smaller: string) => {
    const { id: resourceId } = await w.resource(account)
    await finding('abandoned_instances', abandoned, { resourceId })
    await finding('instances_for_shutdown', shutdown, { resourceId })
    await finding('rightsizing_instances', smaller, { resourceId })
  }
  await all('100', '60', '50')
  expect(await totalSaving(w.as())).toBe('100')
  await all('10', '30', '20')
  expect(await totalSaving(w.as())).toBe('130')
  expect((await summary(w.as())).kinds.map(({ saving }) => saving).slice(0, 3)).toEqual(['110', '90', '70'])
})

it('can be asked for one account, one pool with what is below it, or one owner', async () => {
  const team = await w.pool('team')
  const below = await w.pool('below', { parentId: team.id })
  const other = await w.account()
  const max = await w.person('Max')
  const at = async (saving: string, more: Partial<Resource>) => {
    const resource = await w.resource(account, more)
    await finding('obsolete_ips', saving, { resourceId: resource.id })
  }
  await at('1', { poolId: team.id })
  await at('2', { poolId: below.id })
  await at('4', { ownerId: max.id })
  await finding('obsolete_ips', '8', { accountId: other.id })
  expect(await totalSaving(w.as(), { poolId: team.id })).toBe('3')
  expect(await totalSaving(w.as(), { ownerId: max.id })).toBe('4')
  expect(await totalSaving(w.as(), { accountId: other.id })).toBe('8')
  expect((await summary(w.as(), { poolId: below.id })).kinds[0]).toMatchObject({ count: 1, saving: '2' })
})

it('a decision is recorded with who and what it was, and can be taken back', async () => {
  const { id } = await finding('obsolete_ips', '3')
  expect(await dismissFinding(w.as(), { findingId: id, reason: 'reserved' })).toMatchObject({
    status: 'dismissed',
    rev: 2,
  })
  expect(await reopenFinding(w.as(), { findingId: id })).toMatchObject({ status: 'active', rev: 3 })
  const events = await listEvents(w.database.db, { orgId: w.org.id, subject: { kind: 'finding', id } })
  expect(
    events.map((event) => [event.name, event.personId, event.before?.['status'], event.after?.['status']]),
  ).toEqual([
    ['finding.reopened', w.lea.id, 'dismissed', 'active'],
    ['finding.dismissed', w.lea.id, 'active', 'dismissed'],
  ])
})

it('a decision is taken back only while it is the last one', async () => {
  const { id: findingId } = await finding('obsolete_ips', '3')
  const { rev } = await snoozeFinding(w.as(), { findingId, days: 7 })
  await snoozeFinding(w.as(), { findingId, days: 30 })
  await expect(reopenFinding(w.as(), { findingId, rev })).rejects.toMatchObject({ kind: 'conflict' })
  expect(await reopenFinding(w.as(), { findingId, rev: rev + 1 })).toMatchObject({ status: 'active' })
})

it('dismissing twice with the same reason changes nothing', async () => {
  const { id } = await finding('obsolete_ips', '3')
  await dismissFinding(w.as(), { findingId: id })
  expect(await dismissFinding(w.as(), { findingId: id })).toMatchObject({ rev: 2 })
})

it('an engineer may dismiss what is theirs and nothing else', async () => {
  const ann = await w.person('Ann')
  const own = await finding('obsolete_ips', '3', { resourceId: (await w.resource(account, { ownerId: ann.id })).id })
  const foreign = await finding('obsolete_ips', '3')
  expect(await dismissFinding(w.as(ann), { findingId: own.id })).toMatchObject({ status: 'dismissed' })
  await expect(dismissFinding(w.as(ann), { findingId: foreign.id })).rejects.toThrow(
    'You cannot dismiss this recommendation.',
  )
  await expect(snoozeFinding(w.as(ann), { findingId: foreign.id })).rejects.toThrow('Nothing was changed.')
})

it('a finding of another organization does not exist', async () => {
  const stranger = { ...w.as(), orgId: '00000000-0000-4000-8000-000000000000', actor: w.job().actor }
  const { id } = await finding('obsolete_ips', '3')
  await expect(dismissFinding(stranger, { findingId: id })).rejects.toThrow('no longer there')
})

it('an image and its snapshots are counted once, and the shares of two images add up', async () => {
  const snapshot = (id: string, cost: string) => ({ cloud_resource_id: `snap-${cost}`, resource_id: id, cost })
  const image = (key: string, saving: string, snapshots: object[]) =>
    w.database.db.insert(findings).values({
      ...{ orgId: w.org.id, recommendation: 'obsolete_images', accountId: account.id, key, saving, resourceId: null },
      ...{ evidence: { snapshots }, detectedAt: w.clock.now(), checkedAt: w.clock.now() },
    })
  const [shared, own] = [await w.resource(account), await w.resource(account)]
  // Two images hold half of the shared snapshot each (2 + 2); the second holds another of 5 alone: 2 + 2 + 5 = 9.
  await image('ami-1', '2', [snapshot(shared.id, '2')])
  await image('ami-2', '7', [snapshot(shared.id, '2'), snapshot(own.id, '5')])
  expect(await totalSaving(w.as())).toBe('9')
  // Its own finding says 6 of the 5 that the image would free: the larger one counts, 2 + 2 + 6 = 10.
  await finding('obsolete_snapshots', '6', { resourceId: own.id })
  expect(await totalSaving(w.as())).toBe('10')
  const { overlaps } = await summary(w.as())
  expect(overlaps).toEqual({ findings: 3, costs: 2 })
  expect(sayOverlaps(overlaps)).toBe('3 of these lower the same 2 costs; only the largest of each counts.')
  expect(sayOverlaps({ findings: 3, costs: 1 })).toBe('3 of these lower the same cost; only the largest counts.')
})
