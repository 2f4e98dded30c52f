import { describe, expect, it } from 'vitest'
import type { PricePart } from '../../../db/vocabulary.ts'
import { generationOf, toOffer } from '../../../integrations/aws/machine-types.ts'
import {
  emptyRegion,
  type SandboxPlanRate,
  type SandboxPrice,
  type SandboxReservation,
} from '../../../integrations/sandbox/aws-state.ts'
import { all, awsWorld, credentials } from './aws-world.ts'

const year = 31_536_000
const price = (region: string, type: string, usd: string, more: Partial<SandboxPrice> = {}): SandboxPrice => ({
  ...{ region, type, cpus: 2, memoryGib: 8, usd },
  ...more,
})
const reservation = (id: string, more: Partial<SandboxReservation> = {}): SandboxReservation => ({
  ...{ id, type: 'm5.large', description: 'Linux/UNIX', tenancy: 'default', class: 'standard', payment: 'All Upfront' },
  ...{ seconds: year, fixed: 501, hourly: 0 },
  ...more,
})
const rate = (more: Partial<SandboxPlanRate> = {}): SandboxPlanRate => ({
  offering: { id: 'plan-1', type: 'Compute', payment: 'No Upfront', seconds: year },
  ...{ region: 'us-east-1', type: 'm5.large', description: 'Linux/UNIX', tenancy: 'shared' },
  ...{ usageType: 'BoxUsage:m5.large', rate: '0.0700000000' },
  ...more,
})

const { aws, adapter } = await awsWorld({
  regions: { 'us-east-1': emptyRegion(), 'eu-west-1': emptyRegion() },
})
const east = aws.state.regions['us-east-1']!
const from = new Date('2026-11-01T00:00:00Z')
const read = async (part: PricePart, names: string[] = [], region = 'us-east-1') =>
  all<unknown>(adapter.prices![part]!(credentials, { region, names, from }))
const calls = (action: string) => aws.calls.filter((call) => call.action === action).length

describe('machine prices of AWS', () => {
  it('are those of a region in every system we advise about, with what EC2 says of the type', async () => {
    east.machineTypes = [
      { type: 'm5.large', current: true, architectures: ['x86_64'] },
      { type: 'm3.large', current: false, architectures: ['x86_64', 'i386'] },
    ]
    aws.state.prices = [
      price('us-east-1', 'm5.large', '0.0960000000'),
      price('us-east-1', 'm5.large', '0.1880000000', { os: 'Windows' }),
      price('us-east-1', 'm5.large', '0.6680000000', { os: 'Windows', software: 'SQL Std' }),
      price('us-east-1', 'm5.large', '0.5760000000', { os: 'Linux', software: 'SQL Std' }),
      price('us-east-1', 'm5.large', '0.0960000000', { attributes: { tenancy: 'Dedicated' } }),
      price('us-east-1', 'm3.large', '0.1330000000', { os: 'RHEL' }),
      price('eu-west-1', 'm5.large', '0.1070000000'),
    ]
    const found = (await read('machines')) as Record<string, unknown>[]
    expect(found.map(({ name, os, software, hourlyPrice }) => [name, os, software, hourlyPrice])).toEqual([
      ['m5.large', 'Linux', 'NA', '0.0960000000'],
      ['m3.large', 'RHEL', 'NA', '0.1330000000'],
      ['m5.large', 'Windows', 'NA', '0.1880000000'],
      ['m5.large', 'Windows', 'SQL Std', '0.6680000000'],
    ])
    expect(found[0]).toMatchObject({
      ...{ series: 'm', generation: 5, sku: 'SKUM5LARGELINUXNA' },
      architecture: 'x86_64',
    })
    expect(found[1]).toMatchObject({ currentGeneration: false, architecture: 'i386,x86_64' })
  })

  it('elsewhere are those of the same continent and partition', async () => {
    const regions = ['us-east-1', 'us-east-2', 'ca-central-1', 'eu-west-1', 'us-gov-west-1']
    aws.state.prices = regions.flatMap((region) => [
      price(region, 'm5.large', '0.1'),
      price(region, 'c5.large', '0.1'),
      price(region, 'm5.large', '0.1', { os: 'Ubuntu Pro' }),
    ])
    expect(await read('nearby', ['m5.large'])).toMatchObject([
      { region: 'us-east-2', name: 'm5.large', os: 'Linux' },
      { region: 'ca-central-1', name: 'm5.large', os: 'Linux' },
    ])
    expect(await read('nearby', ['m5.large'], 'moon-north-1')).toEqual([])
  })

  it('of databases are by engine and edition, in one zone, with the licence', async () => {
    const engine = (name: string, usd: string, attributes: Record<string, string> = {}) =>
      price('us-east-1', 'db.r5.large', usd, { engine: name, memoryGib: 16, attributes })
    aws.state.prices = [
      engine('PostgreSQL', '0.25'),
      engine('PostgreSQL', '0.5', { deploymentOption: 'Multi-AZ' }),
      engine('SQL Server', '0.6', { databaseEdition: 'Web', licenseModel: 'License included' }),
      engine('Oracle', '0.3', { databaseEdition: 'Standard', licenseModel: 'Bring your own license' }),
      engine('Aurora MySQL', '0.38', { usagetype: 'InstanceUsageIOOptimized:db.r5.large' }),
      price('us-east-1', 'm5.large', '0.1'),
    ]
    expect(await read('databases')).toMatchObject([
      { name: 'db.r5.large', os: 'PostgreSQL', software: 'NA', family: 'db.r5', series: 'db.r', hourlyPrice: '0.25' },
      { name: 'db.r5.large', os: 'SQL Server', software: 'Web', hourlyPrice: '0.6' },
    ])
  })

  it('leave out what has no price or no size', () => {
    const attributes = {
      regionCode: 'r',
      instanceType: 'm5.large',
      vcpu: '2',
      memory: '8 GiB',
      operatingSystem: 'Linux',
    }
    const terms = (USD: string) => ({
      OnDemand: { a: { priceDimensions: { b: { unit: 'Hrs', pricePerUnit: { USD } } } } },
    })
    expect(toOffer({ product: { attributes }, terms: terms('0.0960000000') })).toMatchObject({
      family: 'm5',
      memoryGib: 8,
    })
    expect(toOffer({ product: { attributes }, terms: terms('0.0000000000') })).toBeNull()
    expect(toOffer({ product: { attributes: { ...attributes, memory: 'NA' } }, terms: terms('1') })).toBeNull()
    expect(toOffer({})).toBeNull()
  })

  it('know the generation of a family by its name', () => {
    const found = ['m5ad', 't4g', 'db.r6g', 'x2iedn', 'hpc7a', 'u-6tb1'].map((family) => generationOf(family))
    expect(found.map(({ series, generation }) => `${series} ${generation}`)).toEqual([
      'm 5',
      't 4',
      'db.r 6',
      'x 2',
      'hpc 7',
      'u-6tb1 null',
    ])
  })
})

describe('the spot market of AWS', () => {
  it('is read page by page, from the price that held at the start', async () => {
    const at = (hours: number) => new Date(from.getTime() + hours * 3_600_000)
    const spot = (hours: number, more = {}) => ({
      ...{ type: 'm5.large', zone: 'us-east-1a', description: 'Linux/UNIX', usd: '0.035100', at: at(hours) },
      ...more,
    })
    east.spotPrices = [
      spot(-300, { usd: '0.01' }),
      spot(-5),
      ...Array.from({ length: 1100 }, (_, n) => spot(n + 1)),
      spot(1, { description: 'SUSE Linux', zone: 'us-east-1b' }),
      spot(1, { type: 'c5.large' }),
    ]
    const found = (await read('spot', ['m5.large'])) as { os: string; at: Date }[]
    expect(found).toHaveLength(1102)
    expect(found[0]).toEqual({
      ...{
        region: 'us-east-1',
        zone: 'us-east-1a',
        name: 'm5.large',
        os: 'Linux',
        hourlyPrice: '0.035100',
        at: at(-5),
      },
    })
    expect(found.at(-1)).toMatchObject({ os: 'SUSE', zone: 'us-east-1b' })
    expect(calls('DescribeSpotPriceHistory')).toBe(2)
    expect(await read('spot', [])).toEqual([])
  })
})

describe('commitment offers of AWS', () => {
  it('are regional reservations AWS itself sells, all pages, shared and dedicated', async () => {
    east.reservations = [
      reservation('r-1'),
      reservation('r-2', { class: 'convertible', payment: 'No Upfront', fixed: 0, hourly: 0.0687 }),
      reservation('r-3', { description: 'Windows with SQL Server Standard', payment: 'Partial Upfront', hourly: 0.3 }),
      reservation('r-4', { tenancy: 'dedicated', seconds: 3 * year }),
      reservation('r-zone', { scope: 'Availability Zone' }),
      reservation('r-used', { marketplace: true }),
      reservation('r-old', { description: 'Linux/UNIX (Amazon VPC)' }),
      reservation('r-other', { type: 'c5.large' }),
      ...Array.from({ length: 105 }, (_, n) => reservation(`r-more-${n}`)),
    ]
    const found = (await read('reservations', ['m5.large'])) as Record<string, unknown>[]
    expect(found).toHaveLength(4 + 105)
    expect(found[0]).toEqual({
      ...{ region: 'us-east-1', kind: 'ri', offeringId: 'r-1', flavor: 'm5.large', family: 'm5', os: 'Linux' },
      ...{ software: 'NA', tenancy: 'default', class: 'standard', payment: 'All Upfront', termSeconds: year },
      ...{ upfront: '501', hourly: '0' },
    })
    expect(found[1]).toMatchObject({ class: 'convertible', upfront: '0', hourly: '0.0687' })
    expect(found[2]).toMatchObject({ os: 'Windows', software: 'SQL Std', upfront: '501', hourly: '0.3' })
    expect(found.at(-1)).toMatchObject({ offeringId: 'r-4', tenancy: 'dedicated', termSeconds: 3 * year })
    expect(calls('DescribeReservedInstancesOfferings')).toBe(2 + 1)
  })

  it('are rates of savings plans, all pages, of hours that are used', async () => {
    const instance = { id: 'plan-2', type: 'EC2Instance' as const, payment: 'All Upfront', seconds: 3 * year }
    aws.state.planRates = [
      ...Array.from({ length: 1000 }, (_, n) =>
        rate({ offering: { id: `plan-x${n}`, type: 'Compute', payment: 'No Upfront', seconds: year } }),
      ),
      rate({ offering: instance, description: 'Red Hat Enterprise Linux', tenancy: 'dedicated', rate: '0.09' }),
      rate({ usageType: 'UnusedBox:m5.large' }),
      rate({ usageType: 'EU-BoxUsage:m5.large', region: 'eu-west-1' }),
      rate({ type: 'c5.large' }),
      rate({ tenancy: 'host' }),
    ]
    aws.state.planRates.at(-5)!.usageType = 'USE1-DedicatedUsage:m5.large'
    const found = (await read('plans', ['m5.large'])) as Record<string, unknown>[]
    expect(found).toHaveLength(1001)
    expect(found.at(-1)).toEqual({
      ...{ region: 'us-east-1', kind: 'sp', offeringId: 'plan-2', flavor: 'm5.large', family: 'm5', os: 'RHEL' },
      ...{ software: 'NA', tenancy: 'dedicated', class: 'ec2_instance', payment: 'All Upfront', termSeconds: 3 * year },
      ...{ upfront: '0', hourly: '0.09' },
    })
    expect(calls('DescribeSavingsPlansOfferingRates')).toBe(2)
  })

  it('are all there however small the pages are', async () => {
    aws.state.pageLimit = 150
    expect(await read('plans', ['m5.large'])).toHaveLength(1001)
    expect(await read('reservations', ['m5.large'])).toHaveLength(109)
    expect(await read('spot', ['m5.large'])).toHaveLength(1102)
    delete aws.state.pageLimit
  })

  it('that may not be read name the permission', async () => {
    aws.trouble({ kind: 'refused', service: 'savingsplans' })
    await expect(read('plans', ['m5.large'])).rejects.toMatchObject({
      ...{
        kind: 'missing_permission',
        message: expect.stringContaining('savingsplans:DescribeSavingsPlansOfferingRates'),
      },
    })
    aws.heal()
  })

  it('are tried again when AWS throttles', async () => {
    aws.trouble({ kind: 'throttled', service: 'savingsplans', times: 1 })
    aws.trouble({ kind: 'throttled', service: 'pricing', times: 1 })
    expect(await read('plans', ['m5.large'])).toHaveLength(1001)
    expect(await read('nearby', ['m5.large'])).toEqual([])
  })
})
