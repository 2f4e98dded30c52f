import { beforeAll, expect, it } from 'vitest'
import { upsertChosen } from '../../../db/queries/clean-ups.ts'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import { requestCleanUp } from '../../../engine/clean-ups/request.ts'
import { checkAfterCleanUp, ranCleanUp } from '../../../engine/clean-ups/verify.ts'
import { meanwhile } from '../../meanwhile.ts'
import { world, type World } from '../../world.ts'

let w: World
let account: Account
beforeAll(async () => {
  w = await world({ now: '2026-11-23T10:00:00Z' })
  account = await w.account()
})
const checks = async () =>
  (await w.database.sql`delete from pgboss.job where name = 'check-recommendations' returning 1`).length
const finding = async () => {
  const volume = await w.resource(account, { type: 'Volume', attached: false })
  const kind = 'volumes_not_attached_for_a_long_time'
  const [row] = await w.database.sql`
    insert into findings (org_id, recommendation, account_id, resource_id, key, saving, evidence, detected_at, checked_at)
    values (${w.org.id}, ${kind}, ${account.id}, ${volume.id}, ${volume.cloudResourceId}, 5, '{}', now(), now()) returning id`
  return row!.id as string
}
/** Both clicks are under way before either is over. */
const twice = <T>(click: () => Promise<T>) =>
  meanwhile(w, (tx) => tx`lock table events in exclusive mode`, {
    work: () => Promise.all([click(), click()]),
    waiting: 2,
  })

it('is one request when the same list is asked for twice at once', async () => {
  const ids = [await finding()]
  const [one, two] = await twice(() => requestCleanUp(w.as(), { findingIds: ids }))
  expect(two).toMatchObject({ id: one.id, rev: one.rev })
})

it('hands a chosen list over once', async () => {
  await upsertChosen(w.deps.db, { orgId: w.org.id, personId: w.lea.id, findingId: await finding(), at: w.clock.now() })
  const [one, two] = await twice(() => requestCleanUp(w.as()))
  expect(two).toMatchObject({ id: one.id, rev: one.rev })
  const handed = await w.database
    .sql`select 1 from events where name = 'clean_up.handed-over' and subject_id = ${one.id}`
  expect(handed).toHaveLength(1)
})

it('has its account checked after every reading for a day, not for ever', async () => {
  const { id } = await requestCleanUp(w.as(), { findingIds: [await finding()] })
  await ranCleanUp(w.as(), { cleanUpId: id })
  await checks()
  await checkAfterCleanUp(w.job(), { accountId: account.id })
  expect(await checks()).toBe(1)
  w.clock.advance(25 * 3_600_000)
  await checkAfterCleanUp(w.job(), { accountId: account.id })
  expect(await checks()).toBe(0)
})
