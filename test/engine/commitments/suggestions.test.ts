import { beforeEach, expect, it } from 'vitest'
import { upsertCommitmentOffers, upsertMachineTypes } from '../../../db/queries/prices.ts'
import { coverageDays } from '../../../db/schema/commitments.ts'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import { purchaseSuggestions } from '../../../engine/commitments/suggestions.ts'
import { addDays } from '../../../engine/time.ts'
import { world } from '../../world.ts'

const w = await world({ now: '2026-11-23T10:00:00Z' })
const { db, sql } = w.database
let account: Account

const year = 31_536_000
const seenAt = w.clock.now()
const linux = { cloud: 'aws', region: 'eu-west-1', family: 'm5', flavor: 'm5.large', os: 'Linux', software: 'NA' }
const offer = { ...linux, tenancy: 'default', termSeconds: year, upfront: '0', seenAt }
const standard = { ...offer, kind: 'ri' as const, class: 'standard' }
const plan = { ...offer, kind: 'sp' as const, class: 'compute' }

/** `large` hours of m5.large a day for the last days until yesterday, 0.1 an hour; `more` changes what was used. */
async function used(hours: number[], more: Partial<typeof coverageDays.$inferInsert> = {}): Promise<void> {
  const rows = hours.map((count, ago) => ({
    ...{
      orgId: w.org.id,
      accountId: account.id,
      period: '2026-11-01',
      day: addDays('2026-11-22', -ago),
      subAccount: '',
    },
    ...{
      kind: 'compute' as const,
      cover: 'none' as const,
      commitment: '',
      flavor: 'm5.large',
      family: 'm5',
      os: 'Linux',
    },
    ...{ software: 'NA', tenancy: 'Shared', region: 'eu-west-1', hours: String(count), normalized: String(count * 4) },
    ...{ cost: (count * 0.1).toFixed(4), list: (count * 0.1).toFixed(4), ...more },
  }))
  await db.insert(coverageDays).values(rows)
}
const always = (hours: number, days = 30) => Array.from({ length: days }, () => hours)

beforeEach(async () => {
  await sql`truncate coverage_days, commitment_offers, machine_types, accounts cascade`
  await sql`update organizations set currency = 'USD'`
  account = await w.account('aws', { name: 'Payer' })
  const machine = { ...linux, name: 'm5.large', cpus: 2, memoryGib: 8, hourlyPrice: '0.1', seenAt }
  await upsertMachineTypes(db, [machine])
  await upsertCommitmentOffers(db, [
    { ...standard, offeringId: 'all', payment: 'All Upfront', upfront: '480', hourly: '0' },
    { ...standard, offeringId: 'none', payment: 'No Upfront', hourly: '0.07' },
    { ...standard, offeringId: 'three', payment: 'All Upfront', upfront: '900', hourly: '0', termSeconds: 3 * year },
    { ...standard, offeringId: 'convertible', class: 'convertible', payment: 'No Upfront', hourly: '0.08' },
    { ...standard, offeringId: 'dear', class: 'dear', payment: 'No Upfront', hourly: '0.11' },
    { ...plan, offeringId: 'half', payment: 'Partial Upfront', hourly: '0.06' },
    {
      ...plan,
      offeringId: 'old',
      class: 'ec2_instance',
      payment: 'No Upfront',
      hourly: '0.01',
      seenAt: new Date('2026-09-01'),
    },
  ])
})

it('prices what is always there with the cheapest payment of every class and term', async () => {
  // Two machines day and night; one day one of them was off: that is the one day of thirty that may be less.
  await used([24, ...always(48, 29)])
  const [one, ...more] = await purchaseSuggestions(w.as())
  expect(more).toEqual([])
  // 8 units an hour: two m5.large; now 2 · 72 = 144 a month.
  expect(one).toMatchObject({ account: 'Payer', region: 'eu-west-1', family: 'm5', system: 'Linux', steady: '8' })
  expect(one!.offers).toMatchObject([
    {
      // 2 · 900 for 36 months: 50; ahead of 144 a month after 12.5 months.
      ...{ name: 'Standard reservation', years: 3, payment: 'All Upfront', count: '2', upfront: '1800', hourly: '0' },
      ...{ monthly: '50', onDemand: '144', saving: '94', breakEvenMonth: 13, losesBelow: 35 },
    },
    {
      // 960 for 12 months: 80, where no upfront would be 100.8; 960 ÷ 144 is 6.67.
      ...{ name: 'Standard reservation', years: 1, payment: 'All Upfront', upfront: '960', saving: '64' },
      ...{ breakEvenMonth: 7, losesBelow: 56 },
    },
    {
      // 0.12 an hour for 8760 hours, half of it ahead: 525.6 and 0.06 an hour: 43.8 + 43.2.
      ...{ name: 'Compute savings plan', years: 1, payment: 'Partial Upfront', count: '2', upfront: '525.6' },
      ...{ hourly: '0.12', monthly: '87', saving: '57', breakEvenMonth: 6, losesBelow: 61 },
    },
    { name: 'Convertible reservation', saving: '28.8', upfront: '0', breakEvenMonth: 1, losesBelow: 80 },
  ])
  expect(one!.best).toBe(one!.offers[0])
})

it('never more than the steady base: whole machines, sizes of the family added up, days without use counted', async () => {
  // 1.5 machines of 4 units and one nano of 0.25 around the clock: 6.25 units, one whole machine.
  await used(always(36))
  await used(always(24), { flavor: 'm5.nano', hours: '24', normalized: '6', cost: '0.15', list: '0.15' })
  const [one] = await purchaseSuggestions(w.as())
  expect(one).toMatchObject({ steady: '6.25', best: { count: '1', onDemand: '72' } })
  await sql`truncate coverage_days`
  await used(always(24, 28))
  expect(await purchaseSuggestions(w.as())).toEqual([])
  await used([0, 24].slice(1).concat([24]), { day: '2026-10-24' })
  expect(await purchaseSuggestions(w.as())).toMatchObject([{ steady: '4' }])
})

it('does not take today, which is not over, for a day with less', async () => {
  await used([24, ...always(48, 29)])
  await used([9], { day: '2026-11-23' })
  expect(await purchaseSuggestions(w.as())).toMatchObject([{ steady: '8' }])
})

it('Windows is kept by size, because its reservations are not flexible', async () => {
  await upsertCommitmentOffers(db, [
    { ...standard, os: 'Windows', offeringId: 'win', payment: 'No Upfront', hourly: '0.05' },
  ])
  await used(always(24), { os: 'Windows' })
  await used(always(24), { os: 'Windows', flavor: 'm5.xlarge', normalized: '192' })
  expect(await purchaseSuggestions(w.as())).toMatchObject([
    { system: 'Windows', steady: '4', best: { flavor: 'm5.large' } },
  ])
})

it('in another currency an offer costs the same share of what is paid now', async () => {
  await sql`update organizations set currency = 'EUR'`
  // 0.08 a hour now, where the list says 0.1 dollars: 480 dollars are 384.
  await used(always(24), { cost: '1.92', list: '1.92' })
  const [one] = await purchaseSuggestions(w.as())
  expect(one!.offers[1]).toMatchObject({ years: 1, upfront: '384', onDemand: '57.6', monthly: '32', saving: '25.6' })
})

it('what is covered, other accounts and old prices are not advised about', async () => {
  await used(always(24), { cover: 'ri', commitment: 'r-1' })
  expect(await purchaseSuggestions(w.as())).toEqual([])
  await used(always(24))
  expect(await purchaseSuggestions(w.as(), { accountId: (await w.account()).id })).toEqual([])
  await sql`update commitment_offers set seen_at = '2026-09-01'`
  expect(await purchaseSuggestions(w.as())).toEqual([])
})
