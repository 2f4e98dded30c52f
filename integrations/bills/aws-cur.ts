/**
 * The AWS cost and usage report, legacy (`lineItem/UnblendedCost`) and 2.0 (`line_item_unblended_cost`).
 * Billed is unblended (net of discounts where the report has it); effective is amortized: commitments cost where they
 * are used and, unused, on themselves. Rules: spec ingestion 2.4 and 7.3. What of a plan was used is said by its fee and by
 * the lines it covers; `unused-commitments.ts` believes whoever says more.
 */
import { awsCurUsage } from './aws-cur-usage.ts'
import { afterSlash, ownIdOfArn, uuid } from './aws-own-ids.ts'
import { flatTags } from './focus.ts'
import type { Header } from './header.ts'
import type { Detail, Mapping } from './mapping.ts'

const planned = `item = 'SavingsPlanCoveredUsage'`
const planFee = `item = 'SavingsPlanRecurringFee'`
const discounted = `item = 'DiscountedUsage'`
const reservationFee = `item = 'RIFee'`
const covered = `item in ('SavingsPlanCoveredUsage', 'DiscountedUsage')`
/** The product of a reservation's fee may be one of another region than its machines; its ARN is right (seen in real rows). */
const isReservationFee = `reservation is not null and item in ('RIFee', 'Fee')`
const place = 'coalesce(region_name, region_code)'
const tail = (arn: string) => `split_part(${arn}, '/', -1)`

/**
 * Names of streams are taken once per region, so the ARN is the key, and what is paid for a reader of the stream is the
 * stream's; a report that gives the bare name says region and account elsewhere.
 */
const isStream = `product = 'AmazonKinesis' and (family = 'Kinesis Streams' or contains(resource, ':stream/'))`
const stream = `coalesce(nullif(regexp_extract(resource, '^arn:[^/]+:stream/[^/]+'), ''),
  if(starts_with(resource, 'arn:'), null, concat_ws(':', 'arn', case
    when starts_with(${place}, 'cn-') then 'aws-cn' when starts_with(${place}, 'us-gov-') then 'aws-us-gov' else 'aws' end,
    'kinesis', ${place}, account, 'stream/' || resource)))`

/** Lines of Glacier and of data transfer may be a bucket's. */
const isOwnName = `product in ('AmazonEC2', 'AmazonS3', 'AWSDataTransfer', 'AmazonGlacier', 'AmazonS3GlacierDeepArchive')
  or regexp_matches(resource, '^([^/]*/)?([a-z]+-[0-9a-f]{8}([0-9a-f]{9})?|${uuid}|[0-9]+(\\.[0-9]+){3})$')`
/**
 * What AWS gives once in the world is a key by itself (`aws-own-ids.ts`), names of buckets too. Every other name is taken
 * once per account and region, so its ARN is the key, or service, region and account stand before it.
 */
const named = `case when starts_with(resource, 'arn:') then ${ownIdOfArn}
  when ${isOwnName} then ${afterSlash}
  else coalesce(product, '') || ':' || coalesce(${place}, regexp_replace(zone, '[a-z]$', ''), '') || ':' || coalesce(account, '') || ':' || resource end`

/** What the key was while names counted as taken once in the world; '' where nothing changed. */
const formerKey = `case when starts_with(resource_key, 'arn:') then nullif(regexp_extract(resource_key, '^[^/]*/(.*)$', 1), '')
  when regexp_matches(resource_key, '^[^: ]+:[a-z0-9-]*:[0-9]+:.')
    then regexp_extract(resource_key, '^[^:]+:[^:]*:[^:]*:([^/]*/)?(.*)$', 2) end`

/**
 * The key of a resource, else something that names what was paid for. `nullif` works its first argument out twice, so it
 * stands around small ones only.
 */
const resourceKey = `coalesce(case
  when resource is not null and ${isStream} then ${stream}
  when resource is not null then ${named}
  when starts_with(item, 'SavingsPlan') and plan is not null then nullif(${tail('plan')}, '')
  when reservation is not null then nullif(${tail('reservation')}, '')
  when item = 'Tax' then nullif(concat_ws(' ', tax, product), '')
  when item = 'Credit' then concat_ws(' ', product, 'Credit')
  when item = 'Usage' then nullif(concat_ws(' ', product, operation, ${place}), '')
  else description end, resource, concat_ws(' ', product, item))`

const type = `case
  when item = 'Tax' then '1' || coalesce(tax, 'Tax')
  when plan is not null and item in ('SavingsPlanRecurringFee', 'SavingsPlanUpfrontFee') then '9Savings Plan'
  when ${isReservationFee} then '9Reserved Instances'
  when family = 'NAT Gateway' then '8NAT Gateway'
  when resource is null then '1' || coalesce(family, usage, item, '')
  when family = 'Compute Instance' or operation in ('Hibernation', 'RunInstances')
    or contains(usage, 'BoxUsage') and product = 'AmazonEC2'
    or family = 'Data Transfer' and regexp_matches(resource, '(^|/)i-[0-9a-f]+$') then '7Instance'
  when contains(usage, 'Snapshot') or contains(operation, 'Snapshot') then '6Snapshot'
  when contains(usage, 'EBS:Volume') then '5Volume'
  when family = 'Database Instance' then '5RDS Instance'
  when ${isStream} then '5Kinesis Stream'
  when operation = 'StorageLens' then '2StorageLens'
  when product = 'AmazonS3' and not starts_with(resource, 'arn:') then '4Bucket'
  when family = 'IP Address' then '3IP Address'
  else '1' || coalesce(family, usage, item, '') end`

/** What a savings plan costs for the time of its fee, net of agreed discounts like the use it pays for. */
const committed = `coalesce(m_net_recurring + coalesce(m_net_amortized, 0), m_commitment, 0)`

const effective = `case
  when item = 'SavingsPlanCoveredUsage' then coalesce(m_net_plan, m_plan, 0)
  when item in ('SavingsPlanNegation', 'SavingsPlanUpfrontFee') then 0
  when item = 'SavingsPlanRecurringFee' then coalesce(m_commitment, 0) - coalesce(m_used, 0)
  when item = 'DiscountedUsage' then coalesce(m_net_reserved, m_reserved, 0)
  when item = 'RIFee' then coalesce(m_net_unused_upfront, m_unused_upfront, 0) + coalesce(m_net_unused_fee, m_unused_fee, 0)
  when item = 'Fee' and reservation is not null then 0
  else coalesce(m_net, m_unblended) end`

export const awsCur: Mapping = {
  format: 'aws_cur',
  title: 'an AWS cost and usage report',
  required: [
    'lineItem/UnblendedCost',
    'lineItem/LineItemType',
    'lineItem/UsageStartDate',
    'lineItem/ProductCode',
    'lineItem/CurrencyCode',
    'bill/BillingPeriodStartDate',
  ],
  texts: {
    period_from: 'bill/BillingPeriodStartDate',
    period_to: 'bill/BillingPeriodEndDate',
    starts: 'lineItem/UsageStartDate',
    ends: 'lineItem/UsageEndDate',
    currency: 'lineItem/CurrencyCode',
    item: 'lineItem/LineItemType',
    tax: 'lineItem/TaxType',
    product: 'lineItem/ProductCode',
    entity: 'bill/BillingEntity',
    usage: 'lineItem/UsageType',
    operation: 'lineItem/Operation',
    resource: 'lineItem/ResourceId',
    description: 'lineItem/LineItemDescription',
    account: 'lineItem/UsageAccountId',
    zone: 'lineItem/AvailabilityZone',
    region_name: 'product/region',
    region_code: 'product/regionCode',
    family: 'product/productFamily',
    plan: 'savingsPlan/SavingsPlanARN',
    reservation: 'reservation/ReservationARN',
  },
  money: {
    m_unblended: { column: 'lineItem/UnblendedCost', demanded: true },
    m_net: { column: 'lineItem/NetUnblendedCost', like: 'm_unblended' },
    m_list: { column: 'pricing/publicOnDemandCost', like: 'm_unblended', when: `item = 'Usage' or ${covered}` },
    m_plan: { column: 'savingsPlan/SavingsPlanEffectiveCost', when: planned },
    m_net_plan: { column: 'savingsPlan/NetSavingsPlanEffectiveCost', when: planned },
    m_commitment: { column: 'savingsPlan/TotalCommitmentToDate', when: planFee },
    m_used: { column: 'savingsPlan/UsedCommitment', when: planFee },
    m_net_recurring: { column: 'savingsPlan/NetRecurringCommitmentForBillingPeriod', when: planFee },
    m_net_amortized: { column: 'savingsPlan/NetAmortizedUpfrontCommitmentForBillingPeriod', when: planFee },
    m_reserved: { column: 'reservation/EffectiveCost', when: discounted },
    m_net_reserved: { column: 'reservation/NetEffectiveCost', when: discounted },
    m_unused_upfront: { column: 'reservation/UnusedAmortizedUpfrontFeeForBillingPeriod', when: reservationFee },
    m_net_unused_upfront: { column: 'reservation/NetUnusedAmortizedUpfrontFeeForBillingPeriod', when: reservationFee },
    m_unused_fee: { column: 'reservation/UnusedRecurringFee', when: reservationFee },
    m_net_unused_fee: { column: 'reservation/NetUnusedRecurringFee', when: reservationFee },
  },
  fields: {
    resource_key: resourceKey,
    type,
    service: `coalesce(if(contains(lower(product), 'aws') or contains(lower(product), 'amazon'), product, entity), product, '')`,
    region: `coalesce(if(${isReservationFee}, nullif(split_part(reservation, ':', 4), ''), null), ${place}, regexp_replace(zone, '[a-z]$', ''), '')`,
    sub_account: `coalesce(account, '')`,
    category: `case item when 'Tax' then 'Tax' when 'Credit' then 'Credit' when 'Refund' then 'Adjustment'
      when 'Fee' then 'Purchase' when 'RIFee' then 'Purchase' when 'SavingsPlanUpfrontFee' then 'Purchase'
      when 'SavingsPlanRecurringFee' then 'Purchase' else 'Usage' end`,
    class: `if(item = 'Refund', 'Correction', '')`,
    commitment: `coalesce(plan, reservation, '')`,
    commitment_status: `case when ${covered} then 'Used' when item in ('RIFee', 'SavingsPlanRecurringFee') then 'Unused' else '' end`,
    billed: 'coalesce(m_net, m_unblended)',
    effective,
    committed: `if(${planFee}, ${committed}, 0)`,
    list: `case when item = 'Usage' or ${covered} then coalesce(m_list, m_unblended)
      when item = 'SavingsPlanNegation' then 0 else coalesce(m_net, m_unblended) end`,
    contracted: `case when item = 'DiscountedUsage' then coalesce(m_list, 0)
      when item = 'SavingsPlanNegation' then 0 else m_unblended end`,
  },
  formerKey,
  usage: awsCurUsage,
  details,
  describe,
}

/** Facts of a resource: our name → column; only instances and commitments have them. */
const instanceFacts = {
  os: 'product/operatingSystem',
  preinstalled: 'product/preInstalledSw',
  cpuCount: 'product/vcpu',
  flavor: 'product/instanceType',
}
const planFacts = {
  paymentOption: 'savingsPlan/PaymentOption',
  offeringType: 'savingsPlan/OfferingType',
  purchaseTerm: 'savingsPlan/PurchaseTerm',
  appliedRegion: 'savingsPlan/Region',
  start: 'savingsPlan/StartTime',
  end: 'savingsPlan/EndTime',
}
const reservationFacts = {
  paymentOption: 'pricing/PurchaseOption',
  offeringClass: 'pricing/OfferingClass',
  purchaseTerm: 'pricing/LeaseContractLength',
  start: 'reservation/StartTime',
  end: 'reservation/EndTime',
}

const isInstance = `type = '7Instance'`
const isReservation = `type = '9Reserved Instances'`
/** Commitments and what has no resource of its own are not tagged. */
const hasTags = `resource is not null and type[1] <> '9'`

const legacyTag = /^resourceTags\/(user|aws):(.+)$/
const snakeTag = /^resource_tags_(user|aws)_(.+)$/

function details({ names, text, column, has }: Header): Record<string, Detail> {
  const found: Record<string, Detail> = {}
  const take = (prefix: string, facts: Record<string, string>, when: string) => {
    for (const [fact, name] of Object.entries(facts)) if (has(name)) found[prefix + fact] = { column: text(name), when }
  }
  take('instance.', instanceFacts, isInstance)
  take('', { product: 'product' }, isInstance)
  take('plan.', planFacts, `type = '9Savings Plan'`)
  take('reservation.', reservationFacts, isReservation)
  take('reservation.', { usageType: 'lineItem/UsageType' }, isReservation)
  take('', { tags: 'resource_tags' }, hasTags)
  for (const name of names) {
    const [, owner, key] = legacyTag.exec(name) ?? snakeTag.exec(name) ?? []
    if (owner && key) found[`tag.${tagName(owner, key)}`] = { column: column(name), when: hasTags }
  }
  return found
}

function describe(details: Record<string, string | null>, key: string): ReturnType<Mapping['describe']> {
  const found = Object.entries(details).filter((entry): entry is [string, string] => Boolean(entry[1]))
  const of = (...prefixes: string[]): Record<string, string> =>
    Object.fromEntries(
      prefixes.flatMap((prefix) =>
        found.filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]),
      ),
    )
  const product = flatTags(details['product'])
  const fromMap = {
    ...(product['operating_system'] ? { os: product['operating_system'] } : {}),
    ...(product['pre_installed_sw'] ? { preinstalled: product['pre_installed_sw'] } : {}),
    ...(product['vcpu'] ? { cpuCount: product['vcpu'] } : {}),
  }
  const { cpuCount, usageType, ...facts }: Record<string, string> = {
    ...fromMap,
    ...of('instance.', 'plan.', 'reservation.'),
  }
  const instanceType = usageType?.split(':')[1]
  const mapped = Object.entries(flatTags(details['tags'])).map(([key, value]) => {
    const [, owner, rest] = /^(user|aws)[_:](.+)$/.exec(key) ?? []
    return [owner && rest ? tagName(owner, rest) : key, value]
  })
  const { Name: name = nameIn(key), ...tags } = {
    ...(Object.fromEntries(mapped) as Record<string, string>),
    ...of('tag.'),
  }
  const more = { ...(cpuCount ? { cpuCount: Number(cpuCount) } : {}), ...(instanceType ? { instanceType } : {}) }
  return { name, tags, facts: { ...facts, ...more } }
}

/** The name at the end of a key that says account and region too: `arn:…:table/orders` → `orders`; '' for other keys. */
function nameIn(key: string): string {
  const [, inArn] = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(?:[a-z-]+[:/])?(.+)$/s.exec(key) ?? []
  const [, bare] = /^[^: ]+:[a-z0-9-]*:\d+:(.+)$/s.exec(key) ?? []
  return inArn ?? bare ?? ''
}

/** `user:team` → `team`, `aws:createdBy` stays, `aws_created_by` → `aws:createdBy`, `user_name` → `Name`. */
function tagName(owner: string, key: string): string {
  if (owner === 'user') return /^name$/i.test(key) ? 'Name' : key
  if (key.startsWith('cloudformation_')) return `aws:cloudformation:${key.slice(15).replaceAll('_', '-')}`
  return `aws:${key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())}`
}
