import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Decimal } from 'decimal.js'
import { describe, expect, it } from 'vitest'
import { asReport, demoLines } from '../../fixtures/bills/live-demo.ts'
import { awsCsv, focusCsv, readFiles, readText, type Reading } from './reading.ts'

const fixtures = join(import.meta.dirname, '../../fixtures/bills')
type Row = Reading['usage'][number]
const numbers = /^(quantity|billed|effective|list|rate|normalization|committed|committed_units)$/
/** Without what is empty or not said, and without zeros after the last digit. */
const told = (row: Row) =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== '' && value !== '\\N')
      .map(([name, value]) => [name, numbers.test(name) ? new Decimal(value).toFixed() : value]),
  )
const sum = (rows: Row[], name: string) =>
  rows.reduce((total, row) => total.plus(row[name]!.replace('\\N', '0')), new Decimal(0)).toFixed()

const instance = {
  'lineItem/ResourceId': 'i-1',
  'lineItem/UsageType': 'EU-BoxUsage:m5.large',
  'lineItem/Operation': 'RunInstances:0002',
  'lineItem/AvailabilityZone': 'eu-west-1a',
  'lineItem/UsageAmount': '1',
  'lineItem/NormalizationFactor': '4',
  'product/instanceType': 'm5.large',
  'product/operatingSystem': 'Windows',
  'product/preInstalledSw': 'SQL Web',
  'product/tenancy': 'Shared',
  'product/sku': 'SKU1',
  'product/region': 'eu-west-1',
  'pricing/term': 'OnDemand',
  'pricing/unit': 'Hrs',
  'pricing/publicOnDemandCost': '0.3',
  'pricing/publicOnDemandRate': '0.3000000000',
}
const at = (hour: number, day = '05') => ({
  'lineItem/UsageStartDate': `2026-10-${day}T${String(hour).padStart(2, '0')}:00:00Z`,
  'lineItem/UsageEndDate': `2026-10-${day}T${String(hour + 1).padStart(2, '0')}:00:00Z`,
})
const plan = { 'savingsPlan/SavingsPlanARN': 'arn:aws:savingsplans::1:savingsplan/p-1' }
const reservation = { 'reservation/ReservationARN': 'arn:aws:ec2:eu-west-1:1:reserved-instances/r-1' }

describe('usage in an AWS report', () => {
  it('tabs, newlines, quotes and backslashes in texts survive', async () => {
    const odd = 'a\tb\\c "d"\ne\r\\N'
    const { usage } = await readText(
      awsCsv([
        { ...instance, ...at(10), 'lineItem/Operation': odd, 'product/operatingSystem': '', 'pricing/unit': odd },
      ]),
    )
    expect(usage).toMatchObject([{ operation: odd, flavor: 'm5.large', os: '', software: 'SQL Web', unit: odd }])
  })

  it('hours of a day that differ in nothing but time and amounts are one row, with every column', async () => {
    const { usage } = await readText(
      awsCsv([
        { ...instance, ...at(10), 'lineItem/UnblendedCost': '0.25' },
        { ...instance, ...at(11), 'lineItem/UnblendedCost': '0.25' },
        { ...instance, ...at(10, '06'), 'lineItem/UnblendedCost': '0.125', 'lineItem/UsageAmount': '0.5' },
      ]),
    )
    expect(usage.map(told).toSorted((a, b) => a['day']!.localeCompare(b['day']!))).toEqual([
      {
        ...{ period: '2026-10-01', day: '2026-10-05', resource_key: 'i-1', kind: 'compute', item: 'Usage' },
        ...{ sub_account: '123', usage_type: 'EU-BoxUsage:m5.large', operation: 'RunInstances:0002' },
        ...{ flavor: 'm5.large', os: 'Windows', software: 'SQL Web', tenancy: 'Shared', sku: 'SKU1' },
        ...{ region: 'eu-west-1', zone: 'eu-west-1a', term: 'OnDemand', unit: 'Hrs' },
        ...{ quantity: '2', billed: '0.5', effective: '0.5', list: '0.6', rate: '0.3', normalization: '4', lines: '2' },
        ...{ starts_at: '2026-10-05 10:00:00', ends_at: '2026-10-05 12:00:00' },
      },
      expect.objectContaining({ day: '2026-10-06', quantity: '0.5', billed: '0.125', list: '0.3', lines: '1' }),
    ])
  })

  it('covered hours say by what, what they cost and would have cost; the plan has a rate of its own', async () => {
    const { usage } = await readText(
      awsCsv([
        {
          ...{
            ...instance,
            ...plan,
            'lineItem/LineItemType': 'SavingsPlanCoveredUsage',
            'lineItem/UnblendedCost': '0.3',
          },
          ...{ 'savingsPlan/SavingsPlanEffectiveCost': '0.2', 'savingsPlan/SavingsPlanRate': '0.2' },
        },
        { ...instance, ...plan, 'lineItem/LineItemType': 'SavingsPlanNegation', 'lineItem/UnblendedCost': '-0.3' },
        {
          ...{ ...instance, ...reservation, 'lineItem/LineItemType': 'DiscountedUsage', 'lineItem/UnblendedCost': '0' },
          ...{ 'reservation/EffectiveCost': '0.18', 'pricing/term': 'Reserved' },
        },
        { ...instance, 'lineItem/LineItemType': 'Credit', 'lineItem/UnblendedCost': '-1' },
        { ...instance, 'lineItem/LineItemType': 'Refund', 'lineItem/UnblendedCost': '-1' },
      ]),
    )
    const rows = usage.map(told).toSorted((a, b) => a['item']!.localeCompare(b['item']!))
    expect(rows).toMatchObject([
      {
        item: 'DiscountedUsage',
        commitment: 'r-1',
        billed: '0',
        effective: '0.18',
        list: '0.3',
        rate: '0.3',
        term: 'Reserved',
      },
      { item: 'SavingsPlanCoveredUsage', commitment: 'p-1', billed: '0.3', effective: '0.2', list: '0.3', rate: '0.2' },
    ])
  })

  it.each([
    ['compute', 'i-1', 'AmazonEC2', 'USW2-DedicatedUsage:m5.large', 'm5.large'],
    ['compute', 'i-1', 'AmazonEC2', 'USW2-HeavyUsage:m5.large', 'm5.large'],
    ['compute', 'task-1', 'AmazonECS', 'USE1-Fargate-vCPU-Hours:perCPU', ''],
    ['compute', 'pod-1', 'AmazonEKS', 'USE1-Fargate-GB-Hours', ''],
    ['compute', 'notebook-1', 'AmazonSageMaker', 'USE1-Notebk:ml.t3.medium', 'ml.t3.medium'],
    ['compute', 'function-1', 'AWSLambda', 'EU-Lambda-GB-Second', ''],
    ['database', 'arn:aws:rds:eu-west-1:1:db:x', 'AmazonRDS', 'EU-InstanceUsage:db.r5.large', 'db.r5.large'],
    ['database', 'arn:aws:rds:eu-west-1:1:db:x', 'AmazonRDS', 'Multi-AZUsage:db.t3.micro', 'db.t3.micro'],
    ['stream', 'arn:aws:kinesis:eu-west-1:1:stream/s', 'AmazonKinesis', 'EU-Storage-ShardHour', ''],
    ['storage', 'b', 'AmazonS3', 'EU-TimedStorage-ByteHrs', ''],
    ['requests', 'b', 'AmazonS3', 'EU-Requests-Tier2', ''],
    ['transfer', 'b', 'AmazonS3', 'EU-DataTransfer-Out-Bytes', ''],
  ])('%s: %s of %s, %s', async (kind, id, product, type, flavor) => {
    const { usage } = await readText(
      awsCsv([{ 'lineItem/ResourceId': id, 'lineItem/ProductCode': product, 'lineItem/UsageType': type }]),
    )
    // A bare name is taken once per account and region.
    const isBare = /^Amazon(ECS|EKS|SageMaker)$|Lambda/.test(product)
    const key = isBare ? `${product}::123:${id}` : id
    expect(usage).toMatchObject([{ kind, flavor, usage_type: type, resource_key: key }])
  })

  it.each([
    ['a spot machine', 'i-1', 'AmazonEC2', 'EU-SpotUsage:m5.large'],
    ['a spot task', 'task-1', 'AmazonECS', 'EU-SpotUsage-Fargate-vCPU-Hours:perCPU'],
    ['a volume', 'vol-1', 'AmazonEC2', 'EU-EBS:VolumeUsage.gp3'],
    ['credits of a database', 'arn:aws:rds:eu-west-1:1:db:x', 'AmazonRDS', 'EU-CPUCredits:db.t3'],
    ['a bucket nobody names', '', 'AmazonS3', 'EU-Requests-Tier1'],
    ['a function call', 'function-1', 'AWSLambda', 'EU-Request'],
    ['the surcharge of a cluster', 'i-1', 'ElasticMapReduce', 'EU-BoxUsage:m5.large'],
  ])('is not kept of %s', async (_, id, product, type) => {
    const { usage, total } = await readText(
      awsCsv([{ 'lineItem/ResourceId': id, 'lineItem/ProductCode': product, 'lineItem/UsageType': type }]),
    )
    expect([usage, total.lines]).toEqual([[], 1])
  })

  it('fees say what the commitment costs, used or not, from when to when', async () => {
    const month = { 'lineItem/UsageStartDate': '2026-10-01T00:00:00Z', 'lineItem/UsageEndDate': '2026-10-31T23:59:59Z' }
    const fee = { 'lineItem/LineItemType': 'RIFee', 'lineItem/UsageAmount': '744', 'pricing/term': 'Reserved' }
    const { usage } = await readText(
      awsCsv([
        {
          ...{ ...reservation, ...fee, ...month, 'lineItem/UsageType': 'EU-HeavyUsage:m5.large' },
          ...{ 'lineItem/UnblendedCost': '37.2', 'lineItem/NormalizationFactor': '4' },
          ...{ 'reservation/AmortizedUpfrontFeeForBillingPeriod': '12.4', 'reservation/UnusedRecurringFee': '3.72' },
          ...{ 'reservation/UnusedAmortizedUpfrontFeeForBillingPeriod': '1.24' },
          ...{ 'reservation/TotalReservedNormalizedUnits': '2976.0', 'reservation/TotalReservedUnits': '744.0' },
        },
        {
          ...{
            ...fee,
            ...month,
            'lineItem/ProductCode': 'AmazonRDS',
            'lineItem/UsageType': 'EU-HeavyUsage:db.r5.large',
          },
          ...{ 'reservation/ReservationARN': 'arn:aws:rds:eu-west-1:1:ri:ri-2026', 'lineItem/UnblendedCost': '70' },
          ...{ 'reservation/TotalReservedNormalizedUnits': '', 'reservation/TotalReservedUnits': '744.0' },
        },
        ...[10, 11].map((hour) => ({
          ...{ ...plan, ...at(hour), 'lineItem/LineItemType': 'SavingsPlanRecurringFee', 'lineItem/UsageAmount': '1' },
          ...{ 'lineItem/ProductCode': 'ComputeSavingsPlans', 'lineItem/UsageType': 'ComputeSP:1yrPartialUpfront' },
          ...{ 'lineItem/UnblendedCost': '0.1', 'savingsPlan/TotalCommitmentToDate': '0.15' },
          ...{ 'savingsPlan/UsedCommitment': '0.12', 'pricing/publicOnDemandRate': '0' },
        })),
      ]),
    )
    const rows = usage.map(told).toSorted((a, b) => a['resource_key']!.localeCompare(b['resource_key']!))
    expect(rows).toMatchObject([
      {
        ...{ kind: 'commitment', commitment: 'arn:aws:rds:eu-west-1:1:ri:ri-2026', flavor: 'db.r5.large' },
        ...{ committed: '70', committed_units: '744' },
      },
      {
        ...{ kind: 'commitment', item: 'SavingsPlanRecurringFee', commitment: 'p-1', day: '2026-10-05', lines: '2' },
        ...{ committed: '0.3', billed: '0.2', effective: '0.06', quantity: '2' },
      },
      {
        ...{ kind: 'commitment', item: 'RIFee', commitment: 'r-1', day: '2026-10-01', flavor: 'm5.large', lines: '1' },
        ...{ committed: '49.6', committed_units: '2976', normalization: '4', billed: '37.2', effective: '4.96' },
        ...{ quantity: '744', starts_at: '2026-10-01 00:00:00', ends_at: '2026-10-31 23:59:59' },
      },
    ])
    for (const row of rows) expect(row).not.toHaveProperty('rate')
  })

  it('a number that is none is not said and refuses nothing; a line that is set aside was not used', async () => {
    const odd = ['abc', 'NaN', '1_000', '1e13', '-Infinity', '9'.repeat(40)]
    const good = Array.from({ length: 3000 }, (_, n) => ({ 'lineItem/ResourceId': `vol-${n}` }))
    const { usage, rejected, total } = await readText(
      awsCsv([
        ...odd.map((amount, n) => ({
          ...{ ...instance, 'lineItem/ResourceId': `i-${n}`, 'lineItem/UsageAmount': amount },
          ...{ 'pricing/publicOnDemandRate': amount, 'lineItem/NormalizationFactor': amount },
        })),
        { ...instance, 'lineItem/ResourceId': 'i-bad', 'lineItem/UnblendedCost': 'much' },
        ...good,
      ]),
    )
    expect(rejected.map(({ reason }) => reason)).toEqual(['lineItem/UnblendedCost is "much", not a number'])
    expect(total.lines).toBe(3006)
    expect(usage.map((row) => row['resource_key']).toSorted()).toEqual(odd.map((_, n) => `i-${n}`))
    for (const row of usage) {
      expect(row).toMatchObject({ rate: '\\N', normalization: '\\N' })
      expect(told(row)).toMatchObject({ quantity: '0', billed: '1' })
    }
  })

  it('CUR 2.0 says the same in its own words, the rarer ones in a map', async () => {
    const header = readFileSync(join(fixtures, 'aws-cur2/fivetran_aws_cost_report_seed.csv'), 'utf8').split('\n')[0]!
    const names = header
      .trim()
      .split(',')
      .filter((name) => !/^product_(operating_system|pre_installed_sw|tenancy)$/.test(name))
    const values: Record<string, string> = {
      ...{
        bill_billing_period_start_date: '2026-10-01T00:00:00Z',
        bill_billing_period_end_date: '2026-11-01T00:00:00Z',
      },
      ...{ line_item_usage_start_date: '2026-10-05T10:00:00Z', line_item_usage_end_date: '2026-10-05T11:00:00Z' },
      ...{ line_item_line_item_type: 'Usage', line_item_product_code: 'AmazonEC2', line_item_currency_code: 'USD' },
      ...{
        line_item_usage_type: 'EUC1-BoxUsage:t3.micro',
        line_item_operation: 'RunInstances',
        line_item_resource_id: 'i-9',
      },
      ...{ line_item_usage_amount: '1', line_item_normalization_factor: '0.5', line_item_unblended_cost: '0.012' },
      ...{ pricing_term: 'OnDemand', pricing_unit: 'Hrs', pricing_public_on_demand_rate: '0.012' },
      ...{ pricing_public_on_demand_cost: '0.012', product_sku: 'SKU9', product_instance_type: 't3.micro' },
      product: '"{""operating_system"":""Linux"",""pre_installed_sw"":""NA"",""tenancy"":""Dedicated""}"',
    }
    const { usage } = await readText(
      [names, names.map((name) => values[name] ?? '')].map((row) => row.join(',')).join('\n'),
    )
    expect(usage.map(told)).toMatchObject([
      {
        ...{
          kind: 'compute',
          resource_key: 'i-9',
          flavor: 't3.micro',
          os: 'Linux',
          software: 'NA',
          tenancy: 'Dedicated',
        },
        ...{
          sku: 'SKU9',
          term: 'OnDemand',
          unit: 'Hrs',
          quantity: '1',
          rate: '0.012',
          list: '0.012',
          normalization: '0.5',
        },
      },
    ])
  })

  it('a report without resource ids has nothing but machine time to tell, here none', async () => {
    const { usage, total } = await readFiles([join(fixtures, 'aws-cur/cur_legacy_anonymous_2023-11.csv')])
    expect([usage, total.lines]).toEqual([[], 1281])
  })

  // Counted from the recorded lines by their own `box_usage` flag, product family and line item type.
  it('the recorded lines of a real account add up', async () => {
    const { usage } = await readText(asReport(await demoLines()))
    const of = (kind: string, item = 'Usage') => usage.filter((row) => row['kind'] === kind && row['item'] === item)
    const sums = (rows: Row[], ...names: string[]) => names.map((name) => sum(rows, name))
    expect(sums(of('compute'), 'lines', 'quantity', 'list')).toEqual(['63', '1419.4085306882', '104.6867673619'])
    expect(sums(of('compute', 'SavingsPlanCoveredUsage'), 'lines', 'quantity', 'list', 'effective')).toEqual([
      ...['98', '1256.4239052191', '79.589665505', '58.2347549377'],
    ])
    expect(sums(of('transfer'), 'lines', 'quantity', 'billed')).toEqual(['211', '498.2744121418', '26.8388968058'])
    expect(sums(of('storage'), 'lines', 'quantity')).toEqual(['36', '2639.7831505193'])
    expect(sums(of('requests'), 'lines')).toEqual(['174'])
    const tier = (name: string) => of('requests').filter((row) => row['usage_type']!.endsWith(name))
    expect(sum(tier('Requests-Tier1'), 'quantity')).toBe('25676')
    const reads = tier('Requests-Tier2').filter((row) => row['operation'] === 'GetObject')
    expect(sum(reads, 'quantity')).toBe('3366')
    expect(of('commitment', 'RIFee').map(told)).toMatchObject([
      {
        ...{ resource_key: '5e511dc3-932f-48dd-aa8b-7906baf72f28', commitment: '5e511dc3-932f-48dd-aa8b-7906baf72f28' },
        ...{ day: '2024-09-01', flavor: 't2.micro', committed: '6.912', committed_units: '360', normalization: '0.5' },
        ...{ billed: '6.912', effective: '3.2448', quantity: '720', ends_at: '2024-09-30 23:59:59' },
      },
    ])
    const fees = of('commitment', 'SavingsPlanRecurringFee')
    expect([fees.length, ...sums(fees, 'committed', 'billed', 'effective')]).toEqual([
      11,
      '39.6',
      '39.6',
      '3.5815868928',
    ])
    expect(usage.filter((row) => row['day'] === '2024-08-19').map(told)).toContainEqual({
      ...{ period: '2024-08-01', day: '2024-08-19', resource_key: 'i-082b1a163698b8ede', kind: 'compute' },
      ...{ item: 'SavingsPlanCoveredUsage', sub_account: '876292135824', usage_type: 'USW2-BoxUsage:t2.large' },
      ...{ operation: 'RunInstances', flavor: 't2.large', os: 'Linux', software: 'NA', tenancy: 'Shared' },
      ...{ sku: 'WE87HQHP89BK3AXK', region: 'us-west-2', zone: 'us-west-2b', term: 'OnDemand', unit: 'Hrs' },
      ...{ commitment: '75f200eb-1176-44b5-be56-01e9b6386a9a', quantity: '22.5941099058', billed: '2.0967333983' },
      ...{ effective: '1.4934706647', list: '2.0967333993', rate: '0.0661', normalization: '4', lines: '1' },
      ...{ starts_at: '2024-08-19 00:00:00', ends_at: '2024-08-20 00:00:00' },
    })
  })
})

describe('usage in a FOCUS export', () => {
  const machine = {
    ...{ ResourceId: 'i-1', ServiceName: 'Amazon Elastic Compute Cloud', RegionId: 'eu-west-1', SubAccountId: '123' },
    ...{ x_ServiceCode: 'AmazonEC2', x_UsageType: 'EU-BoxUsage:m5.large', x_Operation: 'RunInstances' },
    ...{ SkuId: 'SKU1', SkuPriceDetails: '{"InstanceType":"m5.large","OperatingSystem":"Linux","x_Tenancy":"Shared"}' },
    ...{ PricingCategory: 'Standard', ConsumedQuantity: '1', ConsumedUnit: 'Hours', AvailabilityZone: 'eu-west-1a' },
    ...{ ListUnitPrice: '0.096', ListCost: '0.096', BilledCost: '0.09', ChargeFrequency: 'Usage-Based' },
  }
  const spend = {
    ...{ CommitmentDiscountCategory: 'Spend', CommitmentDiscountId: 'arn:aws:savingsplans::1:savingsplan/p-1' },
    ...{ CommitmentDiscountType: 'Savings Plan' },
  }
  const reserved = {
    ...{ CommitmentDiscountCategory: 'Usage', CommitmentDiscountId: 'arn:aws:ec2:eu-west-1:1:reserved-instances/r-1' },
  }

  it('comes from the columns AWS adds', async () => {
    const { usage } = await readText(
      focusCsv([
        machine,
        { ...machine, ChargePeriodStart: '2026-10-05T11:00:00Z', ChargePeriodEnd: '2026-10-05T12:00:00Z' },
        { ...machine, PricingCategory: 'Dynamic' },
        { ...machine, ChargeClass: 'Correction' },
        { ...machine, ChargeCategory: 'Credit', BilledCost: '-1' },
      ]),
    )
    expect(usage.map(told)).toEqual([
      {
        ...{ period: '2026-10-01', day: '2026-10-05', resource_key: 'i-1', kind: 'compute', item: 'Usage' },
        ...{ sub_account: '123', usage_type: 'EU-BoxUsage:m5.large', operation: 'RunInstances', flavor: 'm5.large' },
        ...{ os: 'Linux', tenancy: 'Shared', sku: 'SKU1', region: 'eu-west-1', zone: 'eu-west-1a', term: 'OnDemand' },
        ...{
          unit: 'Hours',
          quantity: '2',
          billed: '0.18',
          effective: '0.18',
          list: '0.192',
          rate: '0.096',
          lines: '2',
        },
        ...{ starts_at: '2026-10-05 10:00:00', ends_at: '2026-10-05 12:00:00' },
      },
    ])
  })

  it('S3 by usage type, transfer under its own service code too', async () => {
    const bucket = { ResourceId: 'b', ServiceName: 'Amazon Simple Storage Service', x_ServiceCode: 'AmazonS3' }
    const { usage } = await readText(
      focusCsv([
        {
          ...bucket,
          x_UsageType: 'EU-Requests-Tier1',
          ConsumedQuantity: '',
          PricingQuantity: '7',
          PricingUnit: 'Requests',
        },
        {
          ...bucket,
          x_UsageType: 'EU-DataTransfer-Out-Bytes',
          x_ServiceCode: 'AWSDataTransfer',
          ConsumedQuantity: '2.5',
        },
        { ...bucket, x_UsageType: 'EU-DataTransfer-Out-Bytes', x_ServiceCode: 'AWSDataTransfer', ServiceName: 'Other' },
      ]),
    )
    const rows = usage.map(told).toSorted((a, b) => a['kind']!.localeCompare(b['kind']!))
    expect(rows).toMatchObject([
      { kind: 'requests', quantity: '7', unit: 'Requests' },
      { kind: 'transfer', quantity: '2.5', lines: '1' },
    ])
  })

  it('commitments: what was covered, what was bought, what nothing used', async () => {
    const bought = {
      ChargeCategory: 'Purchase',
      ChargeFrequency: 'Recurring',
      EffectiveCost: '0',
      PricingCategory: 'Committed',
    }
    const { usage } = await readText(
      focusCsv([
        {
          ...{ ...machine, ...spend, CommitmentDiscountStatus: 'Used', PricingCategory: 'Committed' },
          ...{ BilledCost: '0', EffectiveCost: '0.07' },
        },
        {
          ...{ ...machine, ...reserved, CommitmentDiscountStatus: 'Used', PricingCategory: 'Committed' },
          ...{ BilledCost: '0', EffectiveCost: '0.06', ResourceId: 'i-2' },
        },
        { ...spend, ...bought, BilledCost: '0.1', ResourceId: 'p-1' },
        {
          ...reserved,
          ...bought,
          BilledCost: '44.64',
          ResourceId: 'r-1',
          ChargePeriodStart: '2026-10-01T00:00:00Z',
          ChargePeriodEnd: '2026-11-01T00:00:00Z',
        },
        { ...spend, CommitmentDiscountStatus: 'Unused', BilledCost: '0', EffectiveCost: '0.03', ResourceId: 'p-1' },
        { ...reserved, ...bought, ChargeFrequency: 'One-Time', BilledCost: '500', ResourceId: 'r-1' },
      ]),
    )
    const rows = usage.map(told).toSorted((a, b) => a['item']!.localeCompare(b['item']!))
    expect(rows).toMatchObject([
      {
        kind: 'compute',
        item: 'DiscountedUsage',
        commitment: 'r-1',
        billed: '0',
        effective: '0.06',
        list: '0.096',
        rate: '0.096',
      },
      {
        ...{ kind: 'commitment', item: 'RIFee', commitment: 'r-1', committed: '44.64', effective: '0', lines: '1' },
        ...{ day: '2026-10-01', starts_at: '2026-10-01 00:00:00', ends_at: '2026-11-01 00:00:00' },
      },
      { kind: 'compute', item: 'SavingsPlanCoveredUsage', commitment: 'p-1', effective: '0.07', list: '0.096' },
      { kind: 'commitment', item: 'SavingsPlanRecurringFee', commitment: 'p-1', committed: '0.1', effective: '0' },
      { kind: 'commitment', item: 'Unused', commitment: 'p-1', billed: '0', effective: '0.03' },
    ])
    expect(rows[2]).not.toHaveProperty('rate')
  })

  it('an export without them gives what commitments paid for, and is imported all the same', async () => {
    const { usage, total } = await readFiles([join(fixtures, 'focus-1.0/focus-1.0_sample_1000.csv')])
    expect(usage.map(({ kind, item }) => [kind, item])).toEqual(
      Array.from({ length: 4 }, () => ['commitment', 'SavingsPlanCoveredUsage']),
    )
    expect(total.lines).toBe(1000)
  })
})
