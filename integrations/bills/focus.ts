/** FOCUS 1.0 to 1.2 (https://focus.finops.org): the columns are what we store, only resources need a key of their own. */
import { ownIdOfArn } from './aws-own-ids.ts'
import { focusUsage } from './focus-usage.ts'
import type { Mapping } from './mapping.ts'

export const focus: Mapping = {
  format: 'focus',
  title: 'a FOCUS export',
  required: [
    'BilledCost',
    'EffectiveCost',
    'BillingCurrency',
    'BillingPeriodStart',
    'ChargePeriodStart',
    'ChargePeriodEnd',
    'ChargeCategory',
  ],
  texts: {
    period_from: 'BillingPeriodStart',
    period_to: 'BillingPeriodEnd',
    starts: 'ChargePeriodStart',
    ends: 'ChargePeriodEnd',
    currency: 'BillingCurrency',
    charge: 'ChargeCategory',
    correction: 'ChargeClass',
    service_name: 'ServiceName',
    sub_account_id: 'SubAccountId',
    region_id: 'RegionId',
    resource: 'ResourceId',
    resource_type: 'ResourceType',
    commitment_id: 'CommitmentDiscountId',
    used: 'CommitmentDiscountStatus',
  },
  money: {
    m_billed: { column: 'BilledCost', demanded: true },
    m_effective: { column: 'EffectiveCost', like: 'm_billed', demanded: true },
    m_list: { column: 'ListCost', like: 'm_billed' },
    m_contracted: { column: 'ContractedCost', like: 'm_effective' },
  },
  fields: {
    resource_key: `coalesce(if(starts_with(resource, 'arn:'), ${ownIdOfArn}, resource), nullif(concat_ws(' ', service_name, charge, region_id), ''))`,
    type: `'1' || coalesce(resource_type, service_name, '')`,
    service: `coalesce(service_name, '')`,
    region: `coalesce(region_id, '')`,
    sub_account: `coalesce(sub_account_id, '')`,
    category: 'charge',
    class: `coalesce(correction, '')`,
    commitment: `coalesce(commitment_id, '')`,
    commitment_status: `coalesce(used, '')`,
    billed: 'm_billed',
    effective: 'm_effective',
    committed: '0',
    list: 'coalesce(m_list, m_contracted, m_effective)',
    contracted: 'coalesce(m_contracted, m_effective)',
  },
  usage: focusUsage,
  details: ({ text }) => ({ name: { column: text('ResourceName') }, tags: { column: text('Tags') } }),
  describe: ({ name, tags: json }) => {
    const tags = flatTags(json)
    return { name: name || tags['Name'] || '', tags, facts: {} }
  },
}

/** A JSON object of tags as text values; what is no object has no tags. */
export function flatTags(json: string | null | undefined): Record<string, string> {
  if (!json?.startsWith('{')) return {}
  try {
    const entries = Object.entries(JSON.parse(json) as Record<string, unknown>)
    const said = entries.filter(([, value]) => value !== null)
    return Object.fromEntries(said.map(([key, value]) => [storable(key), storable(asText(value))]))
  } catch {
    return {}
  }
}

/** JSON can escape what no database takes as text: a NUL character, half of a surrogate pair. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
