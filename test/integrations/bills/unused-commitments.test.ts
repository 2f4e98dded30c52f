/** What nothing used of a savings plan: whatever the fee says, use and the rest together are never more than the commitment. */
import { Decimal } from 'decimal.js'
import { expect, it } from 'vitest'
import { asReport, demoLines } from '../../fixtures/bills/live-demo.ts'
import { awsCsv, readText } from './reading.ts'

type Row = Record<string, string>
const plan = (id: string) => ({ 'savingsPlan/SavingsPlanARN': `arn:aws:savingsplans::1:savingsplan/${id}` })
const on = (day: number, hour?: number): Row => {
  const at = (n: number) => `2026-10-0${day}T${String(n).padStart(2, '0')}:00:00Z`
  const end = hour === undefined ? `2026-10-0${day + 1}T00:00:00Z` : at(hour + 1)
  return { 'lineItem/UsageStartDate': at(hour ?? 0), 'lineItem/UsageEndDate': end }
}
const fee = (committed: string, said: string, more: Row = {}): Row => ({
  ...{
    ...plan('p-1'),
    ...on(5),
    'lineItem/LineItemType': 'SavingsPlanRecurringFee',
    'lineItem/UnblendedCost': committed,
  },
  ...{ 'savingsPlan/TotalCommitmentToDate': committed, 'savingsPlan/UsedCommitment': said, ...more },
})
const covered = (cost: string, more: Row = {}): Row => ({
  ...{ ...plan('p-1'), ...on(5), 'lineItem/LineItemType': 'SavingsPlanCoveredUsage', 'lineItem/ResourceId': 'i-1' },
  ...{ 'lineItem/UnblendedCost': '9', 'savingsPlan/SavingsPlanEffectiveCost': cost, ...more },
})
const sum = (rows: Row[], name: string) => rows.reduce((so, row) => so.plus(row[name]!), new Decimal(0)).toFixed()
const isFee = (row: Row) => row['commitment_status'] === 'Unused'

/** The effective cost of fees, as charges and as usage tell it, and of everything. */
async function read(rows: Row[]) {
  const { charges, usage, total } = await readText(awsCsv(rows))
  const told = usage.filter(({ item }) => item === 'SavingsPlanRecurringFee')
  return [sum(charges.filter(isFee), 'effective'), sum(told, 'effective'), total.effective]
}

it.each<[string, Row[], [unused: string, total: string]]>([
  ['the fee says so', [fee('8', '7')], ['1', '1']],
  ['the fee says nothing was used, the lines say seven', [fee('8', '0'), covered('7')], ['1', '8']],
  ['both say seven', [fee('8', '7'), covered('7')], ['1', '8']],
  ['other accounts used more than this bill shows', [fee('8', '7'), covered('5')], ['1', '6']],
  ['everything was used, and a rounding more', [fee('8', '0'), covered('8.0000000001')], ['0', '8.0000000001']],
  ['another plan covers', [fee('8', '0'), covered('7', plan('p-2'))], ['8', '15']],
  ['another day was covered', [fee('8', '0'), covered('7', on(6))], ['8', '15']],
  // Hours of 1 each: 1 and 0.25 of the two are used.
  [
    'hours',
    [fee('1', '0', on(5, 3)), fee('1', '0', on(5, 4)), covered('1', on(5, 3)), covered('0.25', on(5, 4))],
    ['0.75', '2'],
  ],
  // A tenth off for both: 7.2 are paid, 6.3 used.
  [
    'net of a discount of a tenth',
    [
      fee('8', '7', { 'savingsPlan/NetRecurringCommitmentForBillingPeriod': '7.2' }),
      covered('7', { 'savingsPlan/NetSavingsPlanEffectiveCost': '6.3' }),
    ],
    ['0.9', '7.2'],
  ],
  // Two lines of one plan and day, 8 and 4, of which 9 are used: 3 are left, wherever they lie.
  ['several fees', [fee('8', '0'), fee('4', '0', { 'lineItem/UsageAccountId': '2' }), covered('9')], ['3', '12']],
  // Paid ahead: nothing on the invoice, yet 8 a day to use.
  ['paid upfront', [fee('8', '0', { 'lineItem/UnblendedCost': '0' }), covered('6')], ['2', '8']],
])('%s', async (_, rows, [unused, total]) => {
  expect(await read(rows)).toEqual([unused, unused, total])
})

/*
 * The real rows: a plan of 0.15 an hour, eleven fees of 3.6 that all say 0 was used. The lines they cover add up to 3.6 on
 * nine of the days, to 3.25 on September 16 and 0.3684131072 on the 17th; 17 more days have covered lines and no fee.
 */
it('real rows: what was used up costs nothing more, and the invoice stays what it was', async () => {
  const { charges, total } = await readText(asReport(await demoLines()))
  const fees = charges.filter(
    (row) => isFee(row) && row['type'] !== 'RIFee' && row['commitment']!.includes('savingsplan'),
  )
  expect(fees.map((row) => [row['day'], Number(row['effective'])]).toSorted()).toEqual([
    ...['2024-08-27', '2024-08-28', '2024-08-29', '2024-08-30', '2024-08-31'].map((day) => [day, 0]),
    ...['2024-09-12', '2024-09-13', '2024-09-14', '2024-09-15'].map((day) => [day, 0]),
    ['2024-09-16', 0.35],
    ['2024-09-17', 3.2315868928],
  ])
  const days = new Set(fees.map((row) => row['day']))
  const used = charges.filter((row) => row['commitment_status'] === 'Used' && days.has(row['day']))
  expect(sum(used, 'effective')).toBe('36.0184131072')
  expect([sum(fees, 'billed'), sum(fees, 'effective')]).toEqual(['39.6', '3.5815868928'])
  // 332.774116456 with both counted, less the 36.0184131072 that were counted twice.
  expect([total.billed, total.effective]).toEqual(['278.2065615183', '296.7557033488'])
})

it('real rows: the fee of a reservation lies where the reservation does, not where its product line says', async () => {
  const { charges } = await readText(asReport(await demoLines()))
  const fees = charges.filter((row) => row['commitment']!.includes('reserved-instances'))
  expect(fees).toHaveLength(30)
  expect(new Set(fees.map((row) => row['region']))).toEqual(new Set(['eu-central-1']))
})
