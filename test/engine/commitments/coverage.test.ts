import { beforeEach, describe, expect, it } from 'vitest'
import { listCoverage } from '../../../db/queries/commitments.ts'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import { removeAccount } from '../../../engine/accounts/remove.ts'
import { coverageReport } from '../../../engine/commitments/coverage.ts'
import { readCommitments } from '../../../engine/commitments/offers.ts'
import { asReport, demoLines } from '../../fixtures/bills/live-demo.ts'
import { awsCsv, focusCsv } from '../../integrations/bills/reading.ts'
import { fileOf, importFiles, ingestWorld } from '../ingest/ingest-world.ts'
import { machine, on, planFee, planned, reservationFee, reserved } from './bill.ts'

const w = await ingestWorld()
const range = { from: '2026-10-01', to: '2026-10-04' }
const month = { from: '2026-10-01T00:00:00Z', to: '2026-10-31T23:59:59Z', hours: '744' }
let one: Account
let two: Account

async function bill(account: Account, ...lines: Record<string, string>[]): Promise<void> {
  const done = await importFiles(w, account, [await fileOf('bill.csv', awsCsv(lines))])
  expect(done.state).toBe('completed')
}
/** A machine that nothing covers, so that every day has a bill: 24 hours, 6. */
const base = (...days: string[]) =>
  days.map((day) => machine(`2026-10-${day}`, { flavor: 'c5.2xlarge', hours: '24', list: '6' }))
const large = (day: string, hours: string, list: string, more: Record<string, string>) =>
  machine(`2026-10-${day}`, { flavor: 'm5.large', hours, list, ...more })

beforeEach(async () => {
  w.clock.set('2026-11-23T10:00:00Z')
  await w.database
    .sql`truncate usage, coverage_days, expenses, spend_days, spend_months, bill_scopes, resources, accounts cascade`
  one = await w.account('aws', { name: 'Payer' })
  two = await w.account('aws', { name: 'Team' })
})

describe('a reservation', () => {
  /** 49.6 a month of 744 hours: 1.6 a day. Used whole, by half, not at all, and by a larger size of another account. */
  const days = async () => {
    await bill(
      one,
      reservationFee('r-1', { ...month, fee: '37.2', ahead: '12.4' }),
      large('01', '24', '2.4', reserved('r-1', '1.6')),
      large('02', '12', '1.2', reserved('r-1', '0.8')),
    )
    const xlarge = { flavor: 'm5.xlarge', hours: '12', list: '2.4', ...reserved('r-1', '1.6') }
    await bill(two, ...base('01', '02', '03', '04'), machine('2026-10-04', xlarge))
  }

  it('covers hours and costs, and what it cost beyond is wasted where its fee is billed', async () => {
    await days()
    const report = await coverageReport(w.as(), { range })
    // 48 covered of 144 hours; units: (36 · 4 + 12 · 8) of 240 + 96 · 16.
    expect(report.total).toMatchObject({
      ...{ hours: '144', normalized: '1776', uncoveredHours: '96', uncovered: '24' },
      ri: { hours: '48', cost: '4', list: '6', waste: '2.4', wasteHours: '36' },
      sp: { hours: '0', cost: '0', list: '0', waste: '0', wasteHours: '0' },
      ...{ cost: '28', list: '30', saving: '2', waste: '2.4', netSaving: '-0.4' },
      ...{ percent: 14.3, hoursPercent: 33.3, normalizedPercent: 13.5, state: 'partly' },
    })
    expect(report.days.map(({ day, ri }) => [day, ri.hours, ri.cost, ri.waste, ri.wasteHours])).toEqual([
      ['2026-10-01', '24', '1.6', '0', '0'],
      ['2026-10-02', '12', '0.8', '0.8', '12'],
      ['2026-10-03', '0', '0', '1.6', '24'],
      ['2026-10-04', '12', '1.6', '0', '0'],
    ])
    expect(report.accounts.map(({ label, ri, uncovered }) => [label, ri.cost, ri.waste, uncovered])).toEqual([
      ['Team (123)', '1.6', '0', '24'],
      ['Payer (123)', '2.4', '2.4', '0'],
    ])
    expect(report.families.map(({ label, hours, ri }) => [label, hours, ri.waste])).toEqual([
      ['c5', '96', '0'],
      ['m5', '48', '2.4'],
    ])
    expect(report.regions.map(({ label, hours }) => [label, hours])).toEqual([['eu-west-1', '144']])
    expect([report.through, report.currency]).toEqual(['2026-10-04', 'USD'])
  })

  it('is listed with what it cost, its use and its term', async () => {
    await days()
    expect(await readCommitments(w.as(), { range })).toMatchObject([
      {
        ...{ id: 'r-1', kind: 'ri', type: 'Reserved instances, standard', account: 'Payer (123)', flavor: 'm5.large' },
        ...{ expected: '6.4', used: '4', list: '6', utilization: 62, waste: '2.4', wasteHours: '36' },
        ...{ payment: 'Partial Upfront', term: '1yr', region: 'eu-west-1', daysLeft: 47 },
        ...{ startsAt: new Date('2026-01-10T00:00:00Z'), endsAt: new Date('2027-01-10T00:00:00Z') },
      },
    ])
    expect(await readCommitments(w.as(), { range, accountId: two.id })).toEqual([])
  })

  it('wastes nothing of today, whose hours are not all billed yet', async () => {
    w.clock.set('2026-10-03T10:00:00Z')
    await bill(
      one,
      reservationFee('r-1', { ...month, fee: '37.2', ahead: '12.4' }),
      ...['01', '02'].map((day) => large(day, '24', '2.4', reserved('r-1', '1.6'))),
      large('03', '9', '0.9', reserved('r-1', '0.6')),
    )
    const report = await coverageReport(w.as(), { range: { ...range, to: '2026-10-03' } })
    expect(report.days.map(({ ri }) => [ri.hours, ri.waste])).toEqual([
      ['24', '0'],
      ['24', '0'],
      ['9', '0'],
    ])
    expect(await readCommitments(w.as(), { range })).toMatchObject([{ expected: '3.2', used: '3.8', utilization: 100 }])
  })

  it('wastes nothing on the last billed day either, until that day is old', async () => {
    w.clock.set('2026-10-03T02:00:00Z')
    await bill(
      one,
      reservationFee('r-1', { ...month, fee: '37.2', ahead: '12.4' }),
      large('01', '12', '1.2', reserved('r-1', '0.8')),
      large('02', '9', '0.9', reserved('r-1', '0.6')),
    )
    const wasted = async () =>
      (await coverageReport(w.as(), { range: { ...range, to: '2026-10-02' } })).days.map(({ ri }) => ri.waste)
    expect(await wasted()).toEqual(['0.8', '0'])
    expect(await readCommitments(w.as(), { range })).toMatchObject([{ expected: '1.6', used: '1.4', utilization: 50 }])
    w.clock.set('2026-10-05T02:00:00Z')
    expect(await wasted()).toEqual(['0.8', '1'])
  })

  it('bought in the middle of a day costs the hours left of it', async () => {
    // 21.5 days, 51.6: 2.4 a day.
    const rest = { from: '2026-10-10T12:00:00Z', to: '2026-10-31T23:59:59Z', fee: '0', ahead: '51.6', hours: '516' }
    await bill(one, reservationFee('r-1', rest), ...base('09', '10', '11'))
    const report = await coverageReport(w.as(), { range: { from: '2026-10-09', to: '2026-10-31' } })
    expect(report.days.slice(0, 4).map(({ ri }) => [ri.waste, ri.wasteHours])).toEqual([
      ['0', '0'],
      ['1.2', '12'],
      ['2.4', '24'],
      ['0', '0'],
    ])
  })

  it('with an agreed discount is compared net with net', async () => {
    const net = { 'lineItem/NetUnblendedCost': '33.48', 'reservation/NetAmortizedUpfrontFeeForBillingPeriod': '11.16' }
    const use = { ...reserved('r-1', '1.6'), 'reservation/NetEffectiveCost': '1.44', 'lineItem/NetUnblendedCost': '0' }
    const fee = reservationFee('r-1', { ...month, fee: '37.2', ahead: '12.4', ...net })
    await bill(one, fee, large('01', '24', '2.4', use))
    const { total } = await coverageReport(w.as(), { range: { from: '2026-10-01', to: '2026-10-01' } })
    expect(total.ri).toEqual({ hours: '24', cost: '1.44', list: '2.4', waste: '0', wasteHours: '0' })
  })

  it('of another service counts what it paid there as use, but no hours of machines', async () => {
    const cache = { 'lineItem/ProductCode': 'AmazonElastiCache', 'lineItem/UsageType': 'EU-NodeUsage:cache.m5.large' }
    await bill(
      one,
      reservationFee('r-1', { ...month, fee: '49.6', ahead: '0', ...cache }),
      { ...large('01', '24', '2.4', reserved('r-1', '1.6')), ...cache, 'lineItem/ResourceId': 'cache-1' },
      ...base('01'),
    )
    const { total } = await coverageReport(w.as(), { range: { from: '2026-10-01', to: '2026-10-01' } })
    expect([total.hours, total.ri.hours, total.waste]).toEqual(['24', '0', '0'])
    const [known] = await readCommitments(w.as(), { range: { from: '2026-10-01', to: '2026-10-01' } })
    expect(known).toMatchObject({ utilization: 100, used: '1.6' })
  })
})

describe('a savings plan', () => {
  it('is shared by accounts; what nobody used is waste of the owner, in hours of its own rate', async () => {
    // 2.4 a day, 0.06 an hour of m5.large: 40 hours.
    const use = (day: string, hours: string, cost: string, list: string) =>
      large(day, hours, list, planned('p-1', cost))
    const fees = ['01', '02', '03', '04'].map((day) => planFee('p-1', { day: `2026-10-${day}`, committed: '2.4' }))
    await bill(one, ...fees, use('01', '20', '1.2', '2'), use('02', '20', '1.2', '2'))
    await bill(two, use('01', '20', '1.2', '2'), use('04', '40', '2.4', '4'))
    const { total, days, accounts } = await coverageReport(w.as(), { range })
    expect(total).toMatchObject({
      sp: { hours: '100', cost: '6', list: '10', waste: '3.6', wasteHours: '60' },
      ...{ percent: 100, state: 'well', saving: '4', netSaving: '0.4' },
    })
    expect(days.map(({ sp }) => [sp.waste, sp.wasteHours])).toEqual([
      ['0', '0'],
      ['1.2', '20'],
      ['2.4', '40'],
      ['0', '0'],
    ])
    expect(accounts.map(({ label, sp }) => [label, sp.cost, sp.waste])).toEqual([
      ['Payer (123)', '2.4', '3.6'],
      ['Team (123)', '3.6', '0'],
    ])
    expect(await readCommitments(w.as(), { range })).toMatchObject([
      { type: 'Compute savings plan', expected: '9.6', used: '6', utilization: 62, flavor: 'm5.large', daysLeft: 17 },
    ])
  })

  it('paid ahead costs its share of every day, and never used it is waste alone', async () => {
    await bill(one, planFee('p-1', { day: '2026-10-01', committed: '2.4', fee: '0' }), ...base('01'))
    const { total, days } = await coverageReport(w.as(), { range })
    expect([total.sp.waste, total.sp.wasteHours, total.percent, total.state]).toEqual(['2.4', '0', 0, 'hardly'])
    expect(days.map(({ waste }) => waste)).toEqual(['2.4', '0', '0', '0'])
    const { families } = await coverageReport(w.as(), { range })
    expect(families.map(({ label, waste }) => [label, waste])).toEqual([
      ['c5', '0'],
      ['Unused plans', '2.4'],
    ])
    expect(await readCommitments(w.as(), { range })).toMatchObject([{ utilization: 0, wasteHours: null }])
  })

  it('with an agreed discount is compared net with net', async () => {
    const net = {
      'savingsPlan/NetRecurringCommitmentForBillingPeriod': '1.08',
      'savingsPlan/NetAmortizedUpfrontCommitmentForBillingPeriod': '1.08',
    }
    const use = { ...planned('p-1', '2.4'), 'savingsPlan/NetSavingsPlanEffectiveCost': '2.16' }
    await bill(one, planFee('p-1', { day: '2026-10-01', committed: '2.4', ...net }), large('01', '40', '4', use))
    const { total } = await coverageReport(w.as(), { range })
    expect([total.sp.cost, total.sp.waste]).toEqual(['2.16', '0'])
  })
})

it('hours are hours also where the bill counts seconds; spot is left out; databases count one unit', async () => {
  const line = (more: Record<string, string>) => ({ ...on('2026-10-01'), 'pricing/publicOnDemandCost': '1', ...more })
  await bill(
    one,
    line({
      'lineItem/ProductCode': 'AWSLambda',
      'lineItem/UsageType': 'EU-Lambda-GB-Second',
      'lineItem/UsageAmount': '7200',
      'pricing/unit': 'Lambda-GB-Second',
      'lineItem/ResourceId': 'f',
    }),
    line({
      'lineItem/ProductCode': 'AmazonECS',
      'lineItem/UsageType': 'EU-SpotUsage-Fargate-vCPU-Hours:perCPU',
      'lineItem/UsageAmount': '5',
      'lineItem/ResourceId': 't',
    }),
    line({
      'lineItem/ProductCode': 'AmazonRDS',
      'lineItem/UsageType': 'EU-InstanceUsage:db.r5.4xlarge',
      'lineItem/UsageAmount': '24',
      'pricing/unit': 'Hrs',
      'lineItem/ResourceId': 'arn:aws:rds:eu-west-1:1:db:x',
    }),
    machine('2026-10-01', { flavor: 'm5.24xlarge', hours: '1', list: '1' }),
    machine('2026-10-01', { flavor: 'm5.metal-24xl', hours: '1', list: '1', 'lineItem/NormalizationFactor': '192' }),
    machine('2026-10-01', { flavor: 't3.nano', hours: '4', list: '1' }),
  )
  const { families, total } = await coverageReport(w.as(), { range })
  // 2 + 24 + 1 + 1 + 4 hours; 2 · 1 + 24 · 1 + 192 + 192 + 4 · 0.25 units.
  expect([total.hours, total.normalized]).toEqual(['32', '411'])
  expect(families.map(({ label }) => label).toSorted()).toEqual([
    'Containers, functions and others',
    'db.r5',
    'm5',
    't3',
  ])
})

it('FOCUS says itself what was not used', async () => {
  const day = { ChargePeriodStart: '2026-10-01T00:00:00Z', ChargePeriodEnd: '2026-10-02T00:00:00Z' }
  const plan = { ...day, CommitmentDiscountId: 'x/p-9', CommitmentDiscountCategory: 'Spend' }
  const file = focusCsv([
    {
      ...plan,
      CommitmentDiscountStatus: 'Used',
      ResourceId: 'i-1',
      BilledCost: '0',
      EffectiveCost: '0.75',
      x_ServiceCode: 'AmazonEC2',
      x_UsageType: 'BoxUsage:m5.large',
      ConsumedQuantity: '12',
      ConsumedUnit: 'Hours',
      ListCost: '1.2',
    },
    { ...plan, CommitmentDiscountStatus: 'Unused', ResourceId: 'x/p-9', BilledCost: '0', EffectiveCost: '0.25' },
  ])
  await importFiles(w, one, [await fileOf('focus.csv', file)])
  const [known] = await readCommitments(w.as(), { range })
  expect(known).toMatchObject({ kind: 'sp', expected: '1', used: '0.75', utilization: 75, waste: '0.25' })
})

it('goes with its bill and its account, and another organization sees nothing', async () => {
  await bill(one, planFee('p-1', { day: '2026-10-01', committed: '2.4' }), ...base('01', '02'))
  await bill(one, ...base('01'))
  expect((await coverageReport(w.as(), { range })).total).toMatchObject({ hours: '24', waste: '0' })
  const orgId = '8f2c0000-0000-4000-8000-000000000001'
  const [sum] = await listCoverage(w.database.db, { orgId, ...range, today: '2026-11-23', accountId: one.id })
  expect(sum).toMatchObject({ hours: '0', riWaste: '0', spWaste: '0' })
  await removeAccount(w.as(), { accountId: one.id })
  expect((await coverageReport(w.as(), { range })).total.hours).toBe('0')
})

it('real bills: a plan used up, then half of it, and a reservation nobody used', async () => {
  w.clock.set('2024-09-18T10:00:00Z')
  await importFiles(w, one, [await fileOf('demo.csv', asReport(await demoLines()))])
  // Five days of 3.6, all used; 48 hours a day at 3.2256 that nothing covers.
  const full = await coverageReport(w.as(), { range: { from: '2024-08-27', to: '2024-08-31' } })
  expect(full.total).toMatchObject({
    ...{ hours: '726.0808262036', uncovered: '16.128', cost: '34.128', list: '40.1603959406', saving: '6.0323959406' },
    sp: { hours: '486.0808262036', cost: '18', list: '24.0323959406', waste: '0', wasteHours: '0' },
    ...{ percent: 52.7, state: 'well' },
  })
  // 3.25 and 0.3684131072 of 3.6 each. The reservation: 6.912 for the 720 hours of September, 0.2304 a day.
  const half = { range: { from: '2024-09-16', to: '2024-09-17' } }
  const soon = (await coverageReport(w.as(), half)).total
  expect([soon.sp.waste, soon.ri.waste]).toEqual(['0.35', '0.2304'])
  w.clock.set('2024-09-20T10:00:00Z')
  expect((await coverageReport(w.as(), half)).total).toMatchObject({
    sp: { cost: '3.6184131072', waste: '3.5815868928' },
    ri: { cost: '0', waste: '0.4608', wasteHours: '48' },
  })
  expect(await readCommitments(w.as(), half)).toMatchObject([
    { kind: 'sp', type: 'Compute savings plan', expected: '7.2', utilization: 50, payment: 'No Upfront', term: '1yr' },
    { kind: 'ri', flavor: 't2.micro', expected: '0.4608', utilization: 0, wasteHours: '48' },
  ])
})
