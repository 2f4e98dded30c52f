import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { Decimal } from 'decimal.js'
import { describe, expect, it } from 'vitest'
import { BillError, type BillProgress } from '../../../integrations/bill.ts'
import { billReader } from '../../../integrations/bills/read-bill.ts'
import { csvChunks } from '../../bench/bills.ts'
import { csvField } from '../../fixtures/bills/live-demo.ts'
import { plainText, totalOf } from '../../fixtures/bills/plain-reader.ts'
import { awsCsv, focusCsv, readFiles, readText, scratch } from './reading.ts'

const plain = (amount: string) => new Decimal(amount).toFixed()
const sum = (amounts: string[]) => amounts.reduce((total, amount) => total.plus(amount), new Decimal(0)).toFixed()

describe('amounts', () => {
  it('are exact to the eighteenth decimal, in whatever way they are written', async () => {
    const written = ['0.000000000000000001', '1.5E-7', '123456789.123456789012345678', '-0.1', '+5', ' 7 ', '.5', '3.']
    const { total, charges } = await readText(focusCsv(written.map((BilledCost) => ({ BilledCost }))))
    expect(total.billed).toBe('123456804.523456939012345679')
    expect(charges.map((row) => plain(row['billed']!))).toEqual([total.billed])
  })

  it('keep the sign of refunds, credits and corrections', async () => {
    const { charges } = await readText(
      focusCsv([
        { BilledCost: '-3.5', ChargeCategory: 'Credit', ResourceId: '' },
        { BilledCost: '-1', ChargeCategory: 'Usage', ChargeClass: 'Correction' },
        { BilledCost: '-0.25', ChargeCategory: 'Adjustment' },
      ]),
    )
    expect(charges.map((row) => [row['category'], row['class'], plain(row['billed']!)]).toSorted()).toEqual([
      ['Adjustment', '', '-0.25'],
      ['Credit', '', '-3.5'],
      ['Usage', 'Correction', '-1'],
    ])
  })
})

describe('days', () => {
  it('a charge of several days is spread evenly, and the last day takes the rest', async () => {
    const { charges, total } = await readText(
      focusCsv([
        { BilledCost: '10', ChargePeriodStart: '2026-10-30T00:00:00Z', ChargePeriodEnd: '2026-11-02T00:00:00Z' },
      ]),
    )
    expect(charges.map((row) => [row['day'], plain(row['billed']!)]).toSorted()).toEqual([
      ['2026-10-30', '5'],
      ['2026-10-31', '5'],
    ])
    const thirds = await readText(
      focusCsv([
        { BilledCost: '10', ChargePeriodStart: '2026-10-01 00:00:00', ChargePeriodEnd: '2026-10-04 00:00:00' },
      ]),
    )
    expect(thirds.charges.map((row) => plain(row['billed']!)).toSorted()).toEqual([
      '3.3333333333',
      '3.3333333333',
      '3.3333333334',
    ])
    expect([total.billed, thirds.total.billed]).toEqual(['10', '10'])
  })

  it('a commitment bought for a year stays within the period that bills it', async () => {
    const { periods, charges } = await readText(
      focusCsv([
        {
          BilledCost: '8760',
          EffectiveCost: '0',
          ChargeCategory: 'Purchase',
          ChargePeriodStart: '2026-10-01',
          ChargePeriodEnd: '2027-10-01',
        },
      ]),
    )
    expect(periods).toMatchObject([
      { period: '2026-10-01', firstDay: '2026-10-01', lastDay: '2026-10-31', billed: '8760' },
    ])
    expect(charges).toHaveLength(31)
    expect(sum(charges.map((row) => row['billed']!))).toBe('8760')
  })

  it('usage of the last hour before the period and corrections of old months count on the first day', async () => {
    const { charges } = await readText(
      focusCsv([
        { ChargePeriodStart: '2026-09-30T22:00:00Z', ChargePeriodEnd: '2026-10-01T00:00:00Z', ResourceId: 'late' },
        {
          ChargePeriodStart: '2026-07-03T00:00:00Z',
          ChargePeriodEnd: '2026-07-04T00:00:00Z',
          ChargeClass: 'Correction',
          ResourceId: 'corrected',
        },
      ]),
    )
    expect(charges.map((row) => row['day'])).toEqual(['2026-10-01', '2026-10-01'])
  })

  it('moments with another offset are read in UTC', async () => {
    const { charges } = await readText(
      focusCsv([{ ChargePeriodStart: '2026-10-05T23:30:00-02:00', ChargePeriodEnd: '2026-10-06T00:30:00-02:00' }]),
    )
    expect(charges.map((row) => row['day'])).toEqual(['2026-10-06'])
  })
})

describe('resources of a FOCUS export', () => {
  it.each([
    ['i-0123456789abcdef0', 'i-0123456789abcdef0'],
    ['arn:aws:ec2:eu-west-1:1:snapshot/snap-1', 'snap-1'],
    ['arn:aws:ec2:eu-west-1:1:elastic-ip/eipalloc-1', 'eipalloc-1'],
    ['arn:aws:kms:eu-west-1:1:key/0f0e0d0c-1111-2222-3333-444455556666', '0f0e0d0c-1111-2222-3333-444455556666'],
    ['arn:aws:rds:eu-west-1:1:db:shop', 'arn:aws:rds:eu-west-1:1:db:shop'],
    ['arn:aws:dynamodb:eu-west-1:1:table/orders', 'arn:aws:dynamodb:eu-west-1:1:table/orders'],
    ['/subscriptions/1/resourceGroups/shop/vm-1', '/subscriptions/1/resourceGroups/shop/vm-1'],
  ])('%s has the key that discovery knows: %s', async (ResourceId, key) => {
    const { resources } = await readText(focusCsv([{ ResourceId }]))
    expect(resources.map((one) => one['resource_key'])).toEqual([key])
  })
})

describe('resources of an AWS report', () => {
  const keyOf = async (row: Record<string, string>) => (await readText(awsCsv([row]))).resources[0]!

  it.each([
    ['an ARN gives its tail', { 'lineItem/ResourceId': 'arn:aws:ec2:eu-west-1:1:instance/i-1' }, 'i-1'],
    [
      'a bucket stays a bucket',
      { 'lineItem/ResourceId': 'my-bucket', 'lineItem/ProductCode': 'AmazonS3' },
      'my-bucket',
    ],
    [
      'usage without a resource is named by what it was',
      { 'lineItem/Operation': 'RunInstances', 'product/region': 'eu-west-1' },
      'AmazonEC2 RunInstances eu-west-1',
    ],
    ['a credit lands on its service', { 'lineItem/LineItemType': 'Credit' }, 'AmazonEC2 Credit'],
    ['a tax too', { 'lineItem/LineItemType': 'Tax', 'lineItem/TaxType': 'VAT' }, 'VAT AmazonEC2'],
    [
      'a plan fee is the plan',
      {
        'lineItem/LineItemType': 'SavingsPlanRecurringFee',
        'savingsPlan/SavingsPlanARN': 'arn:aws:savingsplans::1:savingsplan/p-1',
      },
      'p-1',
    ],
    [
      'a reservation fee is the reservation',
      {
        'lineItem/LineItemType': 'RIFee',
        'reservation/ReservationARN': 'arn:aws:ec2:eu-west-1:1:reserved-instances/r-1',
      },
      'r-1',
    ],
    [
      'anything else is what its description says',
      { 'lineItem/LineItemType': 'Fee', 'lineItem/LineItemDescription': 'Support' },
      'Support',
    ],
  ])('%s', async (_, row, key) => {
    expect((await keyOf(row))['resource_key']).toBe(key)
  })

  it.each([
    ['Instance', { 'lineItem/ResourceId': 'i-1', 'product/productFamily': 'Compute Instance' }],
    ['Instance', { 'lineItem/ResourceId': 'i-0a', 'product/productFamily': 'Data Transfer' }],
    ['Volume', { 'lineItem/ResourceId': 'vol-1', 'lineItem/UsageType': 'EU-EBS:VolumeUsage.gp3' }],
    ['Snapshot', { 'lineItem/ResourceId': 'snapshot/snap-1', 'lineItem/UsageType': 'EU-EBS:SnapshotUsage' }],
    ['Bucket', { 'lineItem/ResourceId': 'b', 'lineItem/ProductCode': 'AmazonS3', 'lineItem/Operation': 'ListBucket' }],
    ['IP Address', { 'lineItem/ResourceId': 'eipalloc-1', 'product/productFamily': 'IP Address' }],
    ['NAT Gateway', { 'lineItem/ResourceId': 'natgateway/nat-1', 'product/productFamily': 'NAT Gateway' }],
    [
      'RDS Instance',
      { 'lineItem/ResourceId': 'arn:aws:rds:eu-west-1:1:db:x', 'product/productFamily': 'Database Instance' },
    ],
    [
      'Kinesis Stream',
      {
        'lineItem/ResourceId': 'arn:aws:kinesis:eu-west-1:1:stream/s',
        'lineItem/ProductCode': 'AmazonKinesis',
        'product/productFamily': 'Kinesis Streams',
      },
    ],
  ])('knows a %s', async (type, row) => {
    expect((await keyOf(row))['type']).toBe(type)
  })

  it('keeps tags apart that differ in case only', async () => {
    const tags = ({ env = '', Env = '', 'É^': other = '' }) => ({
      ...{ 'resourceTags/user:env': env, 'resourceTags/user:Env': Env, 'resourceTags/user:É^': other },
    })
    const { resources } = await readText(
      awsCsv([
        { 'lineItem/ResourceId': 'i-1', ...tags({ env: 'low', Env: 'high', 'É^': 'x' }) },
        { 'lineItem/ResourceId': 'i-2', ...tags({ env: 'low' }) },
        { 'lineItem/ResourceId': 'i-3', ...tags({ Env: 'high' }) },
      ]),
    )
    expect(resources.map((one) => JSON.parse(one['tags']!))).toEqual([
      { env: 'low', Env: 'high', 'É^': 'x' },
      { env: 'low' },
      { Env: 'high' },
    ])
  })

  it('streams of one name in two regions are two, whoever reads them and however they are named', async () => {
    const stream = (id: string, more: Record<string, string>) => ({
      ...{
        'lineItem/ResourceId': id,
        'lineItem/ProductCode': 'AmazonKinesis',
        'lineItem/UsageAccountId': '111122223333',
      },
      ...{ 'product/productFamily': 'Kinesis Streams', ...more },
    })
    const arn = (region: string, partition = 'aws') => `arn:${partition}:kinesis:${region}:111122223333:stream/clicks`
    const { resources } = await readText(
      awsCsv([
        stream(arn('eu-west-1'), { 'product/region': 'eu-west-1' }),
        stream(`${arn('eu-west-1')}/consumer/etl:1700000000`, { 'product/region': 'eu-west-1' }),
        stream(arn('us-east-1'), { 'product/region': 'us-east-1' }),
        stream('clicks', { 'product/region': 'us-east-1' }),
        stream('clicks', { 'product/region': 'cn-north-1' }),
      ]),
    )
    expect(resources.map(({ name }) => name)).toEqual(['clicks', 'clicks', 'clicks'])
    expect(resources.map(({ resource_key: key, region }) => [key, region])).toEqual([
      [arn('cn-north-1', 'aws-cn'), 'cn-north-1'],
      [arn('eu-west-1'), 'eu-west-1'],
      [arn('us-east-1'), 'us-east-1'],
    ])
  })

  it('the columns of CUR 2.0 that hold maps give tags, names and facts, from CSV and from Parquet', async () => {
    const csv = awsCsv([
      {
        'lineItem/ResourceId': 'i-1',
        product_product_family: 'Compute Instance',
        product_instance_type: 'm5.large',
        product: '{"vcpu":"2","operating_system":"Linux"}',
        resource_tags: '{"user_name":"web","user_team":"shop","aws_created_by":"Root"}',
      },
    ])
    const path = join(await scratch(), 'bill.parquet')
    const source = join(await scratch(), 'bill.csv')
    writeFileSync(source, csv)
    const instance = await DuckDBInstance.create()
    const connection = await instance.connect()
    await connection.run(`copy (
      select * exclude (product, resource_tags, "lineItem/UnblendedCost"), "lineItem/UnblendedCost"::double as "lineItem/UnblendedCost",
        map{'vcpu': '2', 'operating_system': 'Linux'} as product,
        map{'user_name': 'web', 'user_team': 'shop', 'aws_created_by': 'Root'} as resource_tags
      from read_csv('${source}', all_varchar = true)) to '${path}' (format parquet)`)
    connection.closeSync()
    for (const { resources, total } of [await readText(csv), await readFiles([path])]) {
      expect(total.billed).toBe('1')
      expect(resources).toMatchObject([{ resource_key: 'i-1', name: 'web', type: 'Instance' }])
      expect(JSON.parse(resources[0]!['tags']!)).toEqual({ team: 'shop', 'aws:createdBy': 'Root' })
      expect(JSON.parse(resources[0]!['facts']!)).toEqual({ os: 'Linux', cpuCount: 2, flavor: 'm5.large' })
    }
  })

  it('tabs, newlines, quotes and backslashes in names and tags survive', async () => {
    const odd = 'a\tb\\c "d"\ne\r\\N'
    const { resources, charges } = await readText(
      focusCsv([{ ResourceId: odd, ResourceName: odd, Tags: JSON.stringify({ [odd]: odd }), ServiceName: odd }]),
    )
    expect(resources[0]).toMatchObject({ resource_key: odd, name: odd, service: odd })
    expect(JSON.parse(resources[0]!['tags']!)).toEqual({ [odd]: odd })
    expect(charges[0]).toMatchObject({ resource_key: odd, service: odd })
  })
})

describe('amortized cost', () => {
  it('covered usage, its negation and the fee: billed and effective both add up to what was paid', async () => {
    const plan = { 'savingsPlan/SavingsPlanARN': 'arn:aws:savingsplans::1:savingsplan/p-1' }
    const { total, charges } = await readText(
      awsCsv([
        {
          ...plan,
          'lineItem/LineItemType': 'SavingsPlanCoveredUsage',
          'lineItem/ResourceId': 'i-1',
          'lineItem/UnblendedCost': '10',
          'savingsPlan/SavingsPlanEffectiveCost': '7',
        },
        { ...plan, 'lineItem/LineItemType': 'SavingsPlanNegation', 'lineItem/UnblendedCost': '-10' },
        {
          ...plan,
          'lineItem/LineItemType': 'SavingsPlanRecurringFee',
          'lineItem/UnblendedCost': '8',
          'savingsPlan/TotalCommitmentToDate': '8',
          'savingsPlan/UsedCommitment': '7',
        },
      ]),
    )
    expect(total).toMatchObject({ billed: '8', effective: '8' })
    const of = (key: string) =>
      sum(charges.filter((row) => row['resource_key'] === key).map((row) => row['effective']!))
    expect([of('i-1'), of('p-1')]).toEqual(['7', '1'])
  })

  it('what was paid upfront is not effective, and net amounts are preferred', async () => {
    const reservation = { 'reservation/ReservationARN': 'arn:aws:ec2:eu-west-1:1:reserved-instances/r-1' }
    const { total } = await readText(
      awsCsv([
        { ...reservation, 'lineItem/LineItemType': 'Fee', 'lineItem/UnblendedCost': '500' },
        {
          ...reservation,
          'lineItem/LineItemType': 'DiscountedUsage',
          'lineItem/UnblendedCost': '0',
          'reservation/EffectiveCost': '3',
          'lineItem/ResourceId': 'i-1',
        },
        {
          ...reservation,
          'lineItem/LineItemType': 'RIFee',
          'lineItem/UnblendedCost': '20',
          'reservation/UnusedRecurringFee': '2',
          'reservation/UnusedAmortizedUpfrontFeeForBillingPeriod': '1',
        },
        { 'lineItem/UnblendedCost': '10', 'lineItem/NetUnblendedCost': '9', 'lineItem/ResourceId': 'i-2' },
      ]),
    )
    expect(total).toMatchObject({ billed: '529', effective: '15' })
  })
})

describe("the specification's worked examples", () => {
  const folder = join(import.meta.dirname, '../../fixtures/bills/focus-scenarios')

  it.each(readdirSync(folder).filter((name) => name.endsWith('.csv')))(
    '%s: read exactly, or refused with the reason',
    async (name) => {
      const text = readFileSync(join(folder, name), 'utf8')
      if (text.includes('BillingCurrency')) {
        // The SaaS examples are spreadsheets: "$50,000.00 " and 5/1/25 are no amounts and dates of the specification.
        await expect(readFiles([join(folder, name)])).rejects.toThrow(/is "[^"]*", not a (number|date)|lacks/)
        return
      }
      await expect(readFiles([join(folder, name)])).rejects.toThrow(/lacks BillingCurrency/)
      const [header, ...rows] = text.split(/\r?\n/).filter(Boolean)
      const completed = [`${header},BillingCurrency`, ...rows.map((row) => `${row},USD`)].join('\n')
      // Two examples end an hour at 30 o'clock.
      if (completed.includes('T30:'))
        await expect(readText(completed)).rejects.toThrow(/"2023-02-01T30:00:00Z", not a date/)
      else expect((await readText(completed)).total).toMatchObject(totalOf(plainText(completed)))
    },
  )
})

describe('reading', () => {
  it('tells how far it is, and never goes back', async () => {
    const seen: BillProgress[] = []
    await readText([...csvChunks({ lines: 50_000 })].join(''), { progress: (progress) => void seen.push(progress) })
    expect(seen[0]).toMatchObject({ step: 'verifying' })
    expect(seen.at(-1)).toMatchObject({ step: 'grouping', lines: 50_000 })
    const verified = seen.filter(({ step }) => step === 'verifying').map(({ bytesRead }) => bytesRead)
    expect(verified).toEqual(verified.toSorted((a, b) => a - b))
    expect(verified.at(-1)).toBe(seen[0]!.bytesTotal)
  })

  it('stops when it is told to', async () => {
    const abort = new AbortController()
    const reading = readText([...csvChunks({ lines: 200_000 })].join(''), {
      signal: abort.signal,
      progress: ({ step }) => {
        if (step === 'verifying') abort.abort(new Error('the worker stops'))
      },
    })
    await expect(reading).rejects.toThrow('the worker stops')
  })

  it('stops and cleans up while what was read is handed out', async () => {
    const [folder, abort] = [await scratch(), new AbortController()]
    const path = join(await scratch(), 'bill.csv')
    writeFileSync(path, [...csvChunks({ lines: 50_000 })].join(''))
    const read = billReader()
    const options = { files: [path], folder, currency: 'USD', progress: () => {}, signal: abort.signal }
    await (await read(options)).close()
    expect(existsSync(join(folder, 'unpacked'))).toBe(false)
    const bill = await read(options)
    abort.abort(new Error('the worker stops'))
    const usage = bill.usage(bill.periods[0]!.period, [])
    await expect(usage[Symbol.asyncIterator]().next()).rejects.toThrow('the worker stops')
    await bill.close()
    expect(existsSync(join(folder, 'unpacked'))).toBe(false)
  })

  it('says so when a bill needs more memory than there is', async () => {
    const path = join(await scratch(), 'bill.csv')
    writeFileSync(path, [...csvChunks({ lines: 100_000 })].join(''))
    const reading = billReader({ memoryMb: 20 })({
      files: [path],
      folder: await scratch(),
      currency: 'USD',
      progress: () => {},
    })
    await expect(reading).rejects.toThrow(BillError)
    await expect(reading).rejects.toThrow(/bill.csv needs more memory than the reader may use/)
  })

  it('refuses files of different kinds together', async () => {
    const folder = await scratch()
    const write = (name: string, text: string) => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    const files = [write('a.csv', focusCsv([{}])), write('b.csv', awsCsv([{}]))]
    await expect(readFiles(files)).rejects.toThrow(/b.csv is not a FOCUS export, the other files are/)
  })

  it('quotes fields the way the other tests rely on', () => {
    expect(csvField('a "b", c')).toBe('"a ""b"", c"')
  })
})
