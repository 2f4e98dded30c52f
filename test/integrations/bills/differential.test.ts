/** Random bills through DuckDB and through plain JavaScript: equal rows and sums. */
import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { plainText, totalOf, type PlainLine } from '../../fixtures/bills/plain-reader.ts'
import { awsCsv, focusCsv, readText, type Reading } from './reading.ts'

const day = fc.integer({ min: 1, max: 31 }).map((n) => `2026-10-${String(n).padStart(2, '0')}`)
/** Up to 18 decimals, positive and negative. */
const cost = fc
  .tuple(fc.integer({ min: -4_000_000, max: 4_000_000 }), fc.integer({ min: 0, max: 18 }))
  .map(([units, decimals]) => new Decimal(units).div(new Decimal(10).pow(decimals)).toFixed())
const word = fc.constantFrom('', 'a', 'NULL', 'Ünïcode, "quoted"', 'b\\c', 'line\nbreak')

const charge = fc.record({
  day,
  hours: fc.integer({ min: 1, max: 24 }),
  days: fc.constantFrom(0, 0, 0, 2, 5),
  cost,
  other: cost,
})
type Charge = { day: string; hours: number; days: number; cost: string; other: string }

/** A charge of several days costs a whole number of days, so that an even split has no rest. */
const amounts = ({ days, cost, other }: Charge) => {
  const whole = (amount: string) =>
    days
      ? new Decimal(amount)
          .toDecimalPlaces(8)
          .times(days * 24)
          .toFixed()
      : amount
  return [whole(cost), whole(other)] as const
}
const period = ({ day, hours, days }: Charge): [string, string] => {
  const from = Date.parse(`${day}T00:00:00Z`)
  const iso = (at: number) => new Date(at).toISOString().replace('.000', '')
  return [iso(from), iso(days ? from + days * 86_400_000 : from + hours * 3_600_000)]
}
/** Kept inside October, where no day is cut off. */
const inside = (one: Charge): Charge =>
  one.days && Number(one.day.slice(8)) + one.days > 31 ? { ...one, days: 0 } : one

const focusBill = fc
  .array(fc.tuple(charge, word, word, word, fc.constantFrom('Usage', 'Tax', 'Credit', 'Purchase')), {
    minLength: 1,
    maxLength: 60,
  })
  .map((lines) =>
    focusCsv(
      lines.map(([raw, SubAccountId, ServiceName, RegionId, ChargeCategory]) => {
        const one = inside(raw)
        const [BilledCost, EffectiveCost] = amounts(one)
        const [ChargePeriodStart, ChargePeriodEnd] = period(one)
        return {
          BilledCost,
          EffectiveCost,
          ChargePeriodStart,
          ChargePeriodEnd,
          SubAccountId,
          ServiceName,
          RegionId,
          ChargeCategory,
        }
      }),
    ),
  )

const types = [
  'Usage',
  'Tax',
  'Credit',
  'Refund',
  'Fee',
  'RIFee',
  'SavingsPlanCoveredUsage',
  'SavingsPlanNegation',
  'SavingsPlanRecurringFee',
  'DiscountedUsage',
] as const
const awsBill = fc
  .array(
    fc.tuple(
      charge,
      fc.constantFrom('AmazonEC2', 'AWSLambda', 'Fortinet'),
      fc.constantFrom(...types),
      fc.constantFrom('', 'i-1', 'i-2'),
    ),
    { minLength: 1, maxLength: 60 },
  )
  .map((lines) =>
    awsCsv(
      lines.map(([raw, product, type, resource]) => {
        const one = inside(raw)
        const [billed, other] = amounts(one)
        const [from, to] = period(one)
        return {
          'lineItem/UsageStartDate': from,
          'lineItem/UsageEndDate': to,
          'lineItem/ProductCode': product,
          'lineItem/LineItemType': type,
          'lineItem/ResourceId': resource,
          'lineItem/UnblendedCost': billed,
          'savingsPlan/SavingsPlanEffectiveCost': other,
          'savingsPlan/TotalCommitmentToDate': other,
          'reservation/EffectiveCost': other,
          'reservation/UnusedRecurringFee': other,
          'reservation/ReservationARN': type === 'Fee' && resource ? 'arn:aws:ec2:eu:1:reserved-instances/r' : '',
        }
      }),
    ),
  )

type Sums = Record<string, { billed: string; effective: string }>

function add(
  sums: Record<string, { billed: Decimal; effective: Decimal }>,
  key: string,
  billed: Decimal,
  effective: Decimal,
) {
  const sum = sums[key] ?? { billed: new Decimal(0), effective: new Decimal(0) }
  sums[key] = { billed: sum.billed.plus(billed), effective: sum.effective.plus(effective) }
}

const fixed = (sums: Record<string, { billed: Decimal; effective: Decimal }>): Sums =>
  Object.fromEntries(
    Object.entries(sums).map(([key, sum]) => [
      key,
      { billed: sum.billed.toFixed(), effective: sum.effective.toFixed() },
    ]),
  )

function expected(lines: PlainLine[]): Sums {
  const sums: Record<string, { billed: Decimal; effective: Decimal }> = {}
  for (const { days, subAccount, service, region, category, billed, effective } of lines)
    for (const day of days)
      add(
        sums,
        [day, subAccount, service, region, category].join('|'),
        billed.div(days.length),
        effective.div(days.length),
      )
  return fixed(sums)
}

function found({ charges }: Reading): Sums {
  const sums: Record<string, { billed: Decimal; effective: Decimal }> = {}
  for (const row of charges) {
    const key = [row['day'], row['sub_account'], row['service'], row['region'], row['category']].join('|')
    add(sums, key, new Decimal(row['billed']!), new Decimal(row['effective']!))
  }
  return fixed(sums)
}

it.each([
  ['FOCUS', focusBill],
  ['AWS', awsBill],
] as const)(
  'fifty random %s bills give the same rows and sums through DuckDB and through plain JavaScript',
  async (_, bill) => {
    await fc.assert(
      fc.asyncProperty(bill, async (text) => {
        const lines = plainText(text)
        const read = await readText(text)
        expect(found(read)).toEqual(expected(lines))
        expect(read.total).toMatchObject(totalOf(lines))
        expect(read.total.lines).toBe(lines.length)
      }),
      { numRuns: 50, seed: 20261123 },
    )
  },
  120_000,
)
