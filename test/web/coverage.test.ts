import { beforeAll, expect, it } from 'vitest'
import { upsertCommitmentOffers } from '../../db/queries/prices.ts'
import { coverageDays } from '../../db/schema/commitments.ts'
import { usage } from '../../db/schema/usage.ts'
import { addDays } from '../../engine/time.ts'
import { world, type World } from '../world.ts'
import { visitor, type Visitor } from './visitor.ts'

let w: World
let lea: Visitor

beforeAll(async () => {
  w = await world()
  const { db, sql } = w.database
  const account = await w.account('aws', { name: 'Payer' })
  const plan = await w.resource(account, {
    ...{ type: 'Savings Plan', cloudResourceId: 'p-1', name: '' },
    facts: { offeringType: 'ComputeSavingsPlans', paymentOption: 'No Upfront', end: '2026-12-10T11:43:13.000Z' },
  })
  const machine = {
    ...{ orgId: w.org.id, accountId: account.id, period: '2026-11-01', subAccount: '', kind: 'compute' as const },
    ...{ flavor: 'm5.large', family: 'm5', os: 'Linux', software: 'NA', tenancy: 'Shared', region: 'eu-west-1' },
    ...{ hours: '24', normalized: '96' },
  }
  await sql`select ensure_months('usage', '2026-10-01'::date, '2026-11-30'::date)`
  for (let n = 0; n < 30; n += 1) {
    const day = addDays('2026-11-22', -n)
    await db.insert(coverageDays).values([
      { ...machine, day, cover: 'sp', commitment: 'p-1', cost: '1.2', list: '2' },
      { ...machine, day, cover: 'none', commitment: '', cost: '2.4', list: '2.4' },
    ])
    const span = { startsAt: new Date(`${day}T00:00:00Z`), endsAt: new Date(`${addDays(day, 1)}T00:00:00Z`) }
    await db.insert(usage).values({
      ...{ orgId: w.org.id, accountId: account.id, period: '2026-11-01', day, resourceId: plan.id, kind: 'commitment' },
      ...{ item: 'SavingsPlanRecurringFee', commitment: 'p-1', region: 'global', quantity: '24', billed: '2.4' },
      ...{ effective: '1.2', list: '0', committed: '2.4', lines: 1, ...span },
    })
  }
  await upsertCommitmentOffers(db, [
    {
      ...{ cloud: 'aws', region: 'eu-west-1', kind: 'ri', offeringId: 'a', flavor: 'm5.large', family: 'm5' },
      ...{ class: 'standard', payment: 'All Upfront', termSeconds: 31_536_000, upfront: '480', hourly: '0' },
      seenAt: w.clock.now(),
    },
  ])
  lea = await visitor(w)
})

it('shows coverage, both charts, what is wasted, and what could be bought', async () => {
  const { status, text } = await lea.get('/coverage?range=7d')
  expect(status).toBe(200)
  // Six billed days of the seven: 7.2 of 21.6; saved 4.8; five of them are whole: wasted 6.
  expect(text).toMatch(/33\.3%/)
  expect(text).toMatch(/partly covered/)
  expect(text).toContain('value="6"')
  expect(text).toMatch(/Commitments cover 50% of 288 hours\./)
  expect(text).toMatch(/\$21\.60 with commitments, \$26\.40 at on-demand prices\./)
  expect(text.match(/<svg role="img"/g)).toHaveLength(4)
  expect(text).toContain('Compute savings plan')
  expect(text).toMatch(/hardly used<\/span>\s*50%/)
  expect(text).toMatch(/17 days left/)
  // 480 a year is 40 a month, where 72 are paid now; even in month 7.
  expect(text).toMatch(/Standard reservation, 1 year/)
  expect(text).toContain('1 × m5.large · All Upfront')
  expect(text).toMatch(/data-label="Saves per month"><data class="money" value="32"/)
  expect(text).toMatch(/data-label="Even in month">7</)
  expect(text).toMatch(/56% used/)
})

it('the chart of costs shows savings when asked, and another time may have nothing', async () => {
  expect((await lea.get('/coverage?range=7d')).text).not.toContain('>Saved</text>')
  expect((await lea.get('/coverage?range=7d&saved=yes')).text).toContain('>Saved</text>')
  const empty = await lea.get('/coverage?from=2025-01-01&to=2025-01-31')
  expect(empty.text).toMatch(/No machine hours were billed in this time/)
})

it('gives every table as a file', async () => {
  for (const [part, head] of [
    ['days', 'day,hours,'],
    ['accounts', 'account,hours,'],
    ['families', 'family,hours,'],
    ['regions', 'region,hours,'],
    ['offers', 'offer_id,kind,'],
  ] as const) {
    const { status, text } = await lea.get(`/files/coverage/${part}.csv?range=30d`)
    expect([status, text.slice(0, head.length)]).toEqual([200, head])
  }
  expect((await lea.get('/files/coverage/secrets.csv')).status).toBe(404)
  const { text } = await lea.get('/files/coverage/offers.csv?range=7d')
  expect(text).toContain('p-1,sp,Compute savings plan,Payer,eu-west-1,m5.large,No Upfront,')
  expect(text).toContain(',12,7.2,50,6,120,144,12,USD')
})

it('the savings page names the coverage of 30 days, the reservations lead here', async () => {
  // 29 billed days: 34.8 of 104.4.
  expect((await lea.get('/savings')).text).toMatch(/href="\/coverage\?range=30d"[\s\S]*33\.3%/)
  expect((await lea.get('/savings/reserved_instances')).text).toContain('href="/coverage"')
})
