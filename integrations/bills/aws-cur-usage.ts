import { awsUsageKind, sizeInUsage } from './aws-usage-kind.ts'
import type { UsageMapping } from './mapping.ts'

const tail = (arn: string) => `split_part(${arn}, '/', -1)`
/** A column of the legacy report, else the key in the map column of CUR 2.0. */
const attribute = (column: string, key: string) =>
  `coalesce(${column}, nullif(regexp_extract(attributes, '"${key}": ?"([^"]*)"', 1), ''))`
const isFee = `item in ('RIFee', 'SavingsPlanRecurringFee')`

/**
 * Usage in the cost and usage report: lines of use, covered or not, and the recurring fees of reservations and savings
 * plans. Negations, credits and refunds are no use. What a commitment costs, used or not: spec ingestion 6.1, net of
 * agreed discounts like the use it pays for, or every discount would look like waste. What it pays for of services that
 * are no use of ours otherwise (caches, searches) is kept too, or it would look unused.
 */
export const awsCurUsage: UsageMapping = {
  texts: {
    instance_type: 'product/instanceType',
    os: 'product/operatingSystem',
    software: 'product/preInstalledSw',
    tenancy: 'product/tenancy',
    sku: 'product/sku',
    term: 'pricing/term',
    unit: 'pricing/unit',
    attributes: 'product',
    normalization: 'lineItem/NormalizationFactor',
  },
  numbers: {
    n_quantity: 'lineItem/UsageAmount',
    n_rate: 'pricing/publicOnDemandRate',
    n_plan_rate: 'savingsPlan/SavingsPlanRate',
    n_upfront: 'reservation/AmortizedUpfrontFeeForBillingPeriod',
    n_net_upfront: 'reservation/NetAmortizedUpfrontFeeForBillingPeriod',
    n_normalized_units: 'reservation/TotalReservedNormalizedUnits',
    n_units: 'reservation/TotalReservedUnits',
  },
  kind: `case when ${isFee} then 'commitment'
    when item = 'Usage' then ${awsUsageKind('product')}
    when item in ('DiscountedUsage', 'SavingsPlanCoveredUsage') then coalesce(${awsUsageKind('product')}, 'commitment') end`,
  fields: {
    item: 'item',
    usage_type: 'usage',
    operation: 'operation',
    flavor: `case when kind in ('compute', 'database') or item = 'RIFee' then coalesce(instance_type, ${sizeInUsage}) end`,
    os: attribute('os', 'operating_system'),
    software: attribute('software', 'pre_installed_sw'),
    tenancy: attribute('tenancy', 'tenancy'),
    sku: 'sku',
    zone: 'zone',
    term: 'term',
    unit: 'unit',
    commitment: `coalesce(${tail('plan')}, ${tail('reservation')})`,
    quantity: 'n_quantity',
    rate: `case when item = 'SavingsPlanCoveredUsage' then n_plan_rate when not ${isFee} then n_rate end`,
    normalization: 'normalization',
    committed: `case item when 'RIFee' then coalesce(m_net, m_unblended) + coalesce(n_net_upfront, n_upfront, 0)
      when 'SavingsPlanRecurringFee' then committed end`,
    committed_units: `case when item = 'RIFee' then coalesce(nullif(n_normalized_units, 0), n_units) end`,
  },
}
