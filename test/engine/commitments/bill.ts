/** Lines of bills with commitments. m5.large is 0.1 an hour on demand, m5.xlarge 0.2, c5.2xlarge 0.25. */
type Line = Record<string, string>

const next = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)
const monthOf = (day: string) => `${day.slice(0, 7)}-01T00:00:00Z`

/** The whole of a day. */
export const on = (day: string): Line => ({
  ...{ 'lineItem/UsageStartDate': `${day}T00:00:00Z`, 'lineItem/UsageEndDate': `${next(day)}T00:00:00Z` },
  ...{ 'bill/BillingPeriodStartDate': monthOf(day), 'bill/BillingPeriodEndDate': '' },
})

/** `hours` of a machine that would cost `list`. */
export const machine = (day: string, of: { flavor: string; hours: string; list: string; id?: string } & Line): Line => {
  const { flavor, hours, list, id = `i-${flavor}`, ...more } = of
  return {
    ...on(day),
    ...{ 'lineItem/ResourceId': id, 'lineItem/UsageType': `EU-BoxUsage:${flavor}`, 'lineItem/UsageAmount': hours },
    ...{ 'product/instanceType': flavor, 'product/operatingSystem': 'Linux', 'product/preInstalledSw': 'NA' },
    ...{ 'product/tenancy': 'Shared', 'product/region': 'eu-west-1', 'pricing/unit': 'Hrs' },
    ...{ 'pricing/publicOnDemandCost': list, 'lineItem/UnblendedCost': list },
    ...more,
  }
}

const reservation = (id: string) => ({
  'reservation/ReservationARN': `arn:aws:ec2:eu-west-1:1:reserved-instances/${id}`,
})
const plan = (id: string) => ({ 'savingsPlan/SavingsPlanARN': `arn:aws:savingsplans::1:savingsplan/${id}` })

/** The same paid by a reservation. */
export const reserved = (id: string, cost: string): Line => ({
  ...reservation(id),
  ...{ 'lineItem/LineItemType': 'DiscountedUsage', 'lineItem/UnblendedCost': '0', 'reservation/EffectiveCost': cost },
})

/** The same paid by a plan. */
export const planned = (id: string, cost: string): Line => ({
  ...plan(id),
  ...{ 'lineItem/LineItemType': 'SavingsPlanCoveredUsage', 'savingsPlan/SavingsPlanEffectiveCost': cost },
})

/** The fee of a reservation of m5.large for the rest of a month: partly paid ahead. */
export const reservationFee = (
  id: string,
  of: { from: string; to: string; fee: string; ahead: string; hours: string } & Line,
): Line => {
  const { from, to, fee, ahead, hours, ...more } = of
  return {
    ...on(from.slice(0, 10)),
    ...reservation(id),
    ...{ 'lineItem/LineItemType': 'RIFee', 'lineItem/UsageStartDate': from, 'lineItem/UsageEndDate': to },
    ...{
      'lineItem/UsageType': 'EU-HeavyUsage:m5.large',
      'lineItem/UsageAmount': hours,
      'lineItem/NormalizationFactor': '4',
    },
    ...{ 'lineItem/UnblendedCost': fee, 'reservation/AmortizedUpfrontFeeForBillingPeriod': ahead },
    ...{
      'reservation/TotalReservedNormalizedUnits': String(Number(hours) * 4),
      'reservation/TotalReservedUnits': hours,
    },
    ...{ 'product/region': 'eu-west-1', 'lineItem/ResourceId': '', 'pricing/PurchaseOption': 'Partial Upfront' },
    ...{ 'pricing/OfferingClass': 'standard', 'pricing/LeaseContractLength': '1yr' },
    ...{ 'reservation/StartTime': '2026-01-10T00:00:00.000Z', 'reservation/EndTime': '2027-01-10T00:00:00.000Z' },
    ...more,
  }
}

/** The fee of a plan for a day: what of it recurs and what was paid ahead. */
export const planFee = (id: string, of: { day: string; committed: string; fee?: string } & Line): Line => {
  const { day, committed, fee = committed, ...more } = of
  return {
    ...on(day),
    ...plan(id),
    ...{ 'lineItem/LineItemType': 'SavingsPlanRecurringFee', 'lineItem/ProductCode': 'ComputeSavingsPlans' },
    ...{ 'lineItem/UsageType': 'ComputeSP:1yrNoUpfront', 'lineItem/UsageAmount': '24', 'lineItem/ResourceId': '' },
    ...{
      'lineItem/UnblendedCost': fee,
      'savingsPlan/TotalCommitmentToDate': committed,
      'savingsPlan/UsedCommitment': '0',
    },
    ...{ 'savingsPlan/OfferingType': 'ComputeSavingsPlans', 'savingsPlan/PaymentOption': 'No Upfront' },
    ...{ 'savingsPlan/PurchaseTerm': '1yr', 'savingsPlan/Region': 'Any', 'product/region': 'global' },
    ...{ 'savingsPlan/StartTime': '2025-12-10T11:43:14.000Z', 'savingsPlan/EndTime': '2026-12-10T11:43:13.000Z' },
    ...more,
  }
}
