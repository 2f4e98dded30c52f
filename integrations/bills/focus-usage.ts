import { awsUsageKind, sizeInUsage } from './aws-usage-kind.ts'
import type { UsageMapping } from './mapping.ts'

/** A key of the JSON column SkuPriceDetails, FOCUS's own or a provider's (`x_…`). */
const detail = (key: string) => `nullif(regexp_extract(sku_details, '(?i)"(?:x_)?${key}": ?"([^"]*)"', 1), '')`
/** Transfer is a service of its own to AWS; whose it was is in the name. */
const product = `case when service_code = 'AWSDataTransfer' and service_name = 'Amazon Simple Storage Service' then 'AmazonS3'
  else service_code end`
const bySpend = `commitment_category = 'Spend'`

/**
 * Usage in a FOCUS export. Machine time, requests and the like need AWS's columns `x_ServiceCode` and `x_UsageType`;
 * commitments are told by FOCUS alone: recurring purchases cost what was committed (their effective cost is 0), and lines
 * of status Unused are the part nothing used.
 */
export const focusUsage: UsageMapping = {
  texts: {
    service_code: 'x_ServiceCode',
    usage: 'x_UsageType',
    operation: 'x_Operation',
    description: 'ChargeDescription',
    frequency: 'ChargeFrequency',
    sku_details: 'SkuPriceDetails',
    sku_id: 'SkuId',
    zone: 'AvailabilityZone',
    pricing: 'PricingCategory',
    consumed_unit: 'ConsumedUnit',
    pricing_unit: 'PricingUnit',
    commitment_category: 'CommitmentDiscountCategory',
  },
  numbers: { n_consumed: 'ConsumedQuantity', n_priced: 'PricingQuantity', n_rate: 'ListUnitPrice' },
  kind: `case
    when correction is not null then null
    when commitment_id is not null and charge = 'Purchase' and frequency = 'Recurring' then 'commitment'
    when commitment_id is not null and charge = 'Usage' and used = 'Unused' then 'commitment'
    when charge = 'Usage' and pricing is distinct from 'Dynamic'
      then coalesce(${awsUsageKind(product)}, if(commitment_id is not null and used = 'Used', 'commitment', null)) end`,
  fields: {
    item: `case when charge = 'Purchase' then if(${bySpend}, 'SavingsPlanRecurringFee', 'RIFee')
      when used = 'Unused' then 'Unused'
      when used = 'Used' then if(${bySpend}, 'SavingsPlanCoveredUsage', 'DiscountedUsage') else 'Usage' end`,
    usage_type: 'usage',
    operation: 'operation',
    flavor: `case when kind in ('compute', 'database') then coalesce(${detail('InstanceType')}, ${sizeInUsage}) end`,
    os: detail('OperatingSystem'),
    software: detail('PreInstalledSw'),
    tenancy: detail('Tenancy'),
    sku: 'sku_id',
    zone: 'zone',
    term: `if(pricing = 'Standard', 'OnDemand', pricing)`,
    unit: 'if(n_consumed is null, pricing_unit, consumed_unit)',
    commitment: `split_part(commitment_id, '/', -1)`,
    quantity: 'coalesce(n_consumed, n_priced)',
    rate: `case when kind <> 'commitment' and not (used is not null and ${bySpend}) then n_rate end`,
    normalization: `''`,
    committed: `case when charge = 'Purchase' then m_billed end`,
    committed_units: 'null::decimal(38, 18)',
  },
}
