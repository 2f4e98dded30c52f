/** Every type of line AWS bills, with amounts worked out by hand: what it costs on the invoice, amortized and at list price. */
import { describe, expect, it } from 'vitest'
import { awsCsv, readText } from './reading.ts'

const plan = { 'savingsPlan/SavingsPlanARN': 'arn:aws:savingsplans::1:savingsplan/p-1' }
const reservation = { 'reservation/ReservationARN': 'arn:aws:ec2:eu-west-1:1:reserved-instances/r-1' }
const onInstance = { 'lineItem/ResourceId': 'i-1' }
const cost = (amount: string) => ({ 'lineItem/UnblendedCost': amount })
const list = (amount: string) => ({ 'pricing/publicOnDemandCost': amount })

type Row = Record<string, string>
/** `amounts`: billed, effective, list, contracted. `kind`: category, class, status of the commitment. */
type Case = [item: string, row: Row, expected: { amounts: string[]; kind: string[]; key: string }]

const cases: Case[] = [
  // An hour of an instance, list price 0.10, billed 0.08 after a private price.
  ['Usage', { ...onInstance, ...cost('0.08'), ...list('0.10') }, usage(['0.08', '0.08', '0.1', '0.08'], 'i-1')],
  [
    'Tax',
    { ...cost('19'), 'lineItem/TaxType': 'VAT' },
    other(['19', '19', '19', '19'], ['Tax', '', ''], 'VAT AmazonEC2'),
  ],
  ['Credit', cost('-25.5'), other(['-25.5', '-25.5', '-25.5', '-25.5'], ['Credit', '', ''], 'AmazonEC2 Credit')],
  [
    'Refund',
    { ...cost('-3'), 'lineItem/LineItemDescription': 'Refund of September' },
    other(['-3', '-3', '-3', '-3'], ['Adjustment', 'Correction', ''], 'Refund of September'),
  ],
  [
    'Fee',
    { ...cost('100'), 'lineItem/LineItemDescription': 'Support (Business)' },
    other(['100', '100', '100', '100'], ['Purchase', '', ''], 'Support (Business)'),
  ],
  // The upfront part of a reservation is paid once and used later: 500 on the invoice, nothing amortized.
  ['Fee', { ...reservation, ...cost('500') }, other(['500', '0', '500', '500'], ['Purchase', '', ''], 'r-1')],
  // 744 hours at 0.03 are billed; 10 hours were not used: 10 × 0.03 recurring and 10 × 0.05 of what was paid upfront.
  [
    'RIFee',
    {
      ...reservation,
      ...cost('22.32'),
      'reservation/UnusedRecurringFee': '0.3',
      'reservation/UnusedAmortizedUpfrontFeeForBillingPeriod': '0.5',
    },
    other(['22.32', '0.8', '22.32', '22.32'], ['Purchase', '', 'Unused'], 'r-1'),
  ],
  // An hour the reservation pays for: nothing on the invoice, 0.08 amortized, 0.12 on demand.
  [
    'DiscountedUsage',
    { ...reservation, ...onInstance, ...cost('0'), ...list('0.12'), 'reservation/EffectiveCost': '0.08' },
    other(['0', '0.08', '0.12', '0.12'], ['Usage', '', 'Used'], 'i-1'),
  ],
  // Ten dollars of usage at the plan's price of seven; the negation takes the ten back.
  [
    'SavingsPlanCoveredUsage',
    { ...plan, ...onInstance, ...cost('10'), ...list('10'), 'savingsPlan/SavingsPlanEffectiveCost': '7' },
    other(['10', '7', '10', '10'], ['Usage', '', 'Used'], 'i-1'),
  ],
  ['SavingsPlanNegation', { ...plan, ...cost('-10') }, other(['-10', '0', '0', '0'], ['Usage', '', ''], 'p-1')],
  // Of a commitment of eight, seven were used: one is waste.
  [
    'SavingsPlanRecurringFee',
    {
      ...plan,
      ...cost('8'),
      'savingsPlan/TotalCommitmentToDate': '8',
      'savingsPlan/UsedCommitment': '7',
    },
    other(['8', '1', '8', '8'], ['Purchase', '', 'Unused'], 'p-1'),
  ],
  [
    'SavingsPlanUpfrontFee',
    { ...plan, ...cost('4380') },
    other(['4380', '0', '4380', '4380'], ['Purchase', '', ''], 'p-1'),
  ],
  // Discounts are lines of their own on the resource they take from.
  ...['BundledDiscount', 'EdpDiscount', 'PrivateRateDiscount'].map((item): Case => {
    const amounts = ['-0.6', '-0.6', '-0.6', '-0.6']
    return [item, { ...onInstance, ...cost('-0.6') }, other(amounts, ['Usage', '', ''], 'i-1')]
  }),
]

function usage(amounts: string[], key: string) {
  return { amounts, kind: ['Usage', '', ''], key }
}
function other(amounts: string[], kind: string[], key: string) {
  return { amounts, kind, key }
}

describe('a line of the type', () => {
  it.each(cases)('%s', async (item, row, expected) => {
    const { charges, total } = await readText(awsCsv([{ ...row, 'lineItem/LineItemType': item }]))
    expect(charges).toHaveLength(1)
    const { billed, effective, list, contracted, category, class: correction, ...charge } = charges[0]!
    expect([billed, effective, list, contracted].map((amount) => String(Number(amount)))).toEqual(expected.amounts)
    expect([category, correction, charge['commitment_status']]).toEqual(expected.kind)
    expect(charge['resource_key']).toBe(expected.key)
    expect([total.billed, total.effective]).toEqual(expected.amounts.slice(0, 2))
  })
})

describe('a whole month of a payer with two linked accounts', () => {
  const account = (id: string) => ({ 'lineItem/UsageAccountId': id })
  const lines = cases.map(([item, row], at) => ({
    ...row,
    ...account(at % 2 ? '222' : '111'),
    'lineItem/LineItemType': item,
  }))

  it('adds up per account and in total, billed and amortized', async () => {
    const { charges, total } = await readText(awsCsv(lines))
    const of = (id: string, name: string) =>
      charges
        .filter((row) => row['sub_account'] === id)
        .reduce((sum, row) => sum + Math.round(Number(row[name]) * 100), 0) / 100
    // 111 has lines 1, 3, 5 …: 0.08 − 25.5 + 100 + 22.32 + 10 + 8 − 0.6 − 0.6, amortized 0.08 − 25.5 + 100 + 0.8 + 7 + 1 − 1.2.
    expect([of('111', 'billed'), of('111', 'effective')]).toEqual([113.7, 82.18])
    // 222: 19 − 3 + 500 + 0 − 10 + 4380 − 0.6, amortized 19 − 3 + 0 + 0.08 + 0 + 0 − 0.6.
    expect([of('222', 'billed'), of('222', 'effective')]).toEqual([4885.4, 15.48])
    expect(total).toMatchObject({ billed: '4999.1', effective: '97.66', lines: 15 })
  })

  it('says the same in the spelling of CUR 2.0', async () => {
    const snake = (name: string) =>
      name
        .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
        .replaceAll('/', '_')
        .toLowerCase()
    const [header, ...rows] = awsCsv(lines).split('\n')
    const columns = header!.split(',').map(snake)
    const { total } = await readText([columns.join(','), ...rows].join('\n'))
    expect(total).toMatchObject({ billed: '4999.1', effective: '97.66', lines: 15 })
  })
})
