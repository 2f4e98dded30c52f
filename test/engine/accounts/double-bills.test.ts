/** An account with a bill of its own that is in its payer's bill too: no total ever counts it twice. */
import { beforeAll, expect, it } from 'vitest'
import { findImport } from '../../../db/queries/imports.ts'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import { connectAccount } from '../../../engine/accounts/connect.ts'
import { updateAccount } from '../../../engine/accounts/update.ts'
import gatherJob from '../../../engine/jobs/gather-resources.ts'
import { breakdown } from '../../../engine/spend/breakdown.ts'
import { awsCsv } from '../../integrations/bills/reading.ts'
import type { World } from '../../world.ts'
import { visitor } from '../../web/visitor.ts'
import { fileOf, importFiles, ingestWorld } from '../ingest/ingest-world.ts'

let w: World
let number = 300000000000
beforeAll(async () => {
  w = await ingestWorld({ now: '2026-11-23T10:00:00Z' })
})

const line = (account: string, day: string, cost: string) => {
  const [year, month] = day.split('-').map(Number) as [number, number]
  const first = (at: number) => new Date(Date.UTC(year, at, 1)).toISOString()
  return {
    ...{ 'lineItem/UsageAccountId': account, 'lineItem/UnblendedCost': cost, 'product/region': 'eu-west-1' },
    ...{ 'lineItem/UsageStartDate': `${day}T10:00:00Z`, 'lineItem/UsageEndDate': `${day}T11:00:00Z` },
    ...{ 'bill/BillingPeriodStartDate': first(month - 1), 'bill/BillingPeriodEndDate': first(month) },
    ...{ 'lineItem/ResourceId': `i-${account.slice(-3)}`, 'lineItem/Operation': 'RunInstances' },
  }
}
type Lines = ReturnType<typeof line>[]

/** A payer and an account it pays for that has a bill of its own, by their numbers. */
async function pair() {
  const [own, other] = [String((number += 1)), String((number += 1))]
  const connect = (name: string, cloudAccountId: string) =>
    connectAccount(w.as(), { cloud: 'aws', name: `${name} ${cloudAccountId}`, cloudAccountId })
  const [payer, linked] = [await connect('Payer', other), await connect('Shop', own)]
  return { own, other, payer, linked }
}
const send = async (account: Account, lines: Lines) => {
  const { id } = await importFiles(w, account, [await fileOf(`${Math.random()}.csv`, awsCsv(lines))])
  return (await findImport(w.database.db, { orgId: w.org.id, id }))!
}
const total = async (...accounts: Account[]) => {
  const ids = accounts.map(({ id }) => id)
  const [sums] = await w.database.sql`
    select (select coalesce(trim_scale(sum(effective)), 0)::text from expenses where account_id = any(${ids})) as facts,
      (select coalesce(trim_scale(sum(effective)), 0)::text from spend_days where account_id = any(${ids})) as days,
      (select coalesce(trim_scale(sum(effective)), 0)::text from spend_months where account_id = any(${ids})) as months,
      (select coalesce(trim_scale(sum(total_cost)), 0)::text from resources where account_id = any(${ids})) as resources`
  expect(new Set(Object.values(sums!)).size, JSON.stringify(sums)).toBe(1)
  return sums!['facts'] as string
}
const spent = async (account: Account) => {
  const range = { from: '2026-09-01', to: '2026-11-30' }
  const asked = { scope: { accountId: account.id }, groupBy: 'service', range, grain: 'day' } as const
  return (await breakdown(w.as(), asked)).total
}
const choose = async (linked: Account) => {
  await updateAccount(w.as(), { accountId: linked.id, billOrigin: 'payer' })
  await w.runJobs([gatherJob])
}

it('the own bill that comes second is refused with a choice, and nothing of it is stored', async () => {
  const { own, other, payer, linked } = await pair()
  expect(await send(payer, [line(own, '2026-10-05', '4'), line(other, '2026-10-05', '10')])).toMatchObject({
    state: 'completed',
  })
  const refused = await send(linked, [line(own, '2026-10-05', '4'), line(own, '2026-10-06', '1')])
  expect(refused.state).toBe('failed')
  expect(refused.reason).toMatch(new RegExp(`bill of ${payer.name} charges ${linked.name} on 2026-10-05 already`))
  expect(refused.reason).toMatch(/Nothing was imported. Say on the page of Shop/)
  expect(await total(payer, linked)).toBe('14')
  expect(await spent(linked)).toBe('4')
  // Another month, that the payer's bill does not charge, is its own.
  expect(await send(linked, [line(own, '2026-09-05', '3')])).toMatchObject({ state: 'completed' })
  expect(await total(payer, linked)).toBe('17')
})

it("the payer's bill that comes second waits for the choice; then the own months it charges give way, others stay", async () => {
  const { own, other, payer, linked } = await pair()
  await send(linked, [line(own, '2026-09-05', '3'), line(own, '2026-10-05', '4')].slice(0, 1))
  await send(linked, [line(own, '2026-10-05', '4'), line(own, '2026-10-06', '1')])
  const lines = [line(own, '2026-10-05', '4'), line(own, '2026-10-06', '1'), line(other, '2026-10-05', '10')]
  const refused = await send(payer, lines)
  expect(refused.state).toBe('failed')
  expect(refused.reason).toMatch(/has a bill of its own from 2026-10-05 to 2026-10-06, and this bill charges it too/)
  expect(await total(payer, linked)).toBe('8')
  await choose(linked)
  expect(await total(payer, linked)).toBe('8')
  expect(await send(payer, lines.toReversed())).toMatchObject({ state: 'completed' })
  expect(await total(payer, linked)).toBe('18')
  expect(await spent(linked)).toBe('8')
  const again = await send(linked, [line(own, '2026-10-05', '4')])
  expect([again.state, again.reason]).toEqual(['failed', expect.stringMatching(/Nothing is to be done/)])
  const events = await w.database.sql`
    select after from events where name = 'account.bill-gave-way' and subject_id = ${linked.id}`
  expect(events.map((row) => row['after'])).toEqual([{ payer: payer.name, months: ['2026-10'] }])
})

it('what was counted twice before is told on the page and counts once after the choice', async () => {
  const { own, other, payer, linked } = await pair()
  await w.database.sql`update accounts set cloud_account_id = 'unknown' where id = ${linked.id}`
  await send(linked, [line('unknown', '2026-10-05', '4'), line('unknown', '2026-10-07', '0.5')])
  await send(payer, [line(own, '2026-10-05', '4'), line(own, '2026-10-07', '0.5'), line(other, '2026-10-05', '10')])
  await w.database.sql`update accounts set cloud_account_id = ${own} where id = ${linked.id}`
  for (const table of ['expenses', 'usage', 'spend_days', 'spend_months'])
    await w.database.sql`update ${w.database.sql(table)} set sub_account = ${own} where account_id = ${linked.id}`
  expect(await total(payer, linked)).toBe('19')
  await w.runJobs([gatherJob])
  await w.deps.boss.send('gather-resources', { orgId: w.org.id, accountId: linked.id })
  await w.runJobs([gatherJob])
  const page = await visitor(w)
  expect((await page.get(`/accounts/${linked.id}`)).text).toMatch(
    /from 2026-10-05 to 2026-10-07, so these costs count twice/,
  )
  await choose(linked)
  expect(await total(payer, linked)).toBe('14.5')
  expect(await spent(linked)).toBe('4.5')
  expect((await page.get(`/accounts/${linked.id}`)).text).not.toMatch(/count twice/)
})

it('an account that changed who pays within a month keeps both bills', async () => {
  const { own, other, payer, linked } = await pair()
  await send(linked, [line(own, '2026-10-05', '4')])
  const joined = await send(payer, [line(own, '2026-10-20', '2'), line(other, '2026-10-05', '10')])
  expect(joined.state).toBe('completed')
  expect(await total(payer, linked)).toBe('16')
  expect(await spent(linked)).toBe('6')
})
