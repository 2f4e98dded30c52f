import { beforeEach, describe, expect, it } from 'vitest'
import { getAccount } from '../../../db/queries/cloud-accounts.ts'
import { listDiscoveries } from '../../../db/queries/discoveries.ts'
import { cloudRegions, commitmentOffers, machineTypes, spotPrices } from '../../../db/schema/prices.ts'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import discover from '../../../engine/jobs/discover.ts'
import refresh from '../../../engine/jobs/refresh-prices.ts'
import { emptyRegion, type SandboxRegion, type SandboxReservation } from '../../../integrations/sandbox/aws-state.ts'
import { cloudWorld } from '../cloud-world.ts'

const w = await cloudWorld()
const { aws, clock } = w
const day = 86_400_000
let account: Account
let east: SandboxRegion
const run = async () => {
  await w.deps.boss.send('discover', { orgId: w.org.id, accountId: account.id })
  await w.runJobs([discover, refresh])
}
const { db } = w.deps
const prices = () => db.select().from(machineTypes).orderBy(machineTypes.region, machineTypes.os, machineTypes.cpus)
const calls = (action: string) => aws.calls.filter((call) => call.action === action).length
const health = async () => {
  const { health: state, healthDetail } = await getAccount(db, { orgId: w.org.id, id: account.id })
  return [state, healthDetail]
}
const machine = (id: string) => ({
  ...{ id, type: 'm5.large', state: 'running' as const, launchedAt: new Date('2026-01-01') },
})
const m5 = { type: 'm5.large', cpus: 2, memoryGib: 8 }
const reservation: SandboxReservation = {
  ...{ id: 'r-1', type: 'm5.large', description: 'Linux/UNIX', tenancy: 'default', class: 'standard' },
  ...{ payment: 'All Upfront', seconds: 31_536_000, fixed: 501, hourly: 0 },
}

beforeEach(async () => {
  clock.set('2026-11-23T10:07:00Z')
  aws.heal()
  aws.calls.splice(0)
  for (const table of ['machine_types', 'spot_prices', 'commitment_offers', 'price_readings', 'cloud_regions'])
    await w.database.sql`delete from ${w.database.sql(table)}`
  east = emptyRegion({
    instances: [machine('i-1')],
    machineTypes: [{ type: 'm5.large', current: true, architectures: ['x86_64'] }],
    spotPrices: [
      { type: 'm5.large', zone: 'us-east-1a', description: 'Linux/UNIX', usd: '0.035', at: new Date('2026-11-20') },
    ],
    reservations: [reservation],
  })
  aws.state.regions = { 'us-east-1': east, 'us-west-2': emptyRegion() }
  aws.state.prices = Array.from({ length: 130 }, (_, n) => ({
    ...{ region: 'us-east-1', type: `m5.x${n}`, cpus: n + 1, memoryGib: 4 * (n + 1), usd: `0.${100 + n}` },
  }))
  aws.state.prices.push(
    { ...m5, region: 'us-east-1', usd: '0.1880000000', os: 'Windows' },
    { ...m5, region: 'us-east-1', usd: '0.6680000000', os: 'Windows', software: 'SQL Std' },
    { ...m5, region: 'us-west-2', usd: '0.0960000000' },
    { ...m5, region: 'eu-west-1', usd: '0.1070000000' },
  )
  aws.state.planRates = [
    {
      offering: { id: 'plan-1', type: 'Compute', payment: 'No Upfront', seconds: 31_536_000 },
      ...{ region: 'us-east-1', type: 'm5.large', description: 'Linux/UNIX', tenancy: 'shared' },
      ...{ usageType: 'BoxUsage:m5.large', rate: '0.07' },
    },
  ]
  account = await w.connected()
})

describe('list prices', () => {
  it('are read page by page where the account has instances, nearby for what is in use, and again after a week', async () => {
    await run()
    const found = await prices()
    expect(found).toHaveLength(133)
    expect(found.filter(({ os }) => os === 'Windows')).toEqual([
      expect.objectContaining({ software: 'NA', hourlyPrice: '0.1880000000' }),
      {
        ...{ cloud: 'aws', region: 'us-east-1', name: 'm5.large', os: 'Windows', software: 'SQL Std', family: 'm5' },
        ...{ series: 'm', generation: 5, currentGeneration: true, architecture: 'x86_64', cpus: 2, memoryGib: 8 },
        ...{ hourlyPrice: '0.6680000000', sku: 'SKUM5LARGEWINDOWSSQLSTD', seenAt: clock.now() },
      },
    ])
    expect(found.at(-1)).toMatchObject({ region: 'us-west-2', name: 'm5.large', hourlyPrice: '0.0960000000' })
    const read = calls('GetProducts')
    await run()
    expect(calls('GetProducts')).toBe(read)
    clock.advance(8 * day)
    aws.state.prices = [{ region: 'us-east-1', type: 'm5.x0', cpus: 1, memoryGib: 4, usd: '0.2' }]
    await run()
    expect(await prices()).toContainEqual(
      expect.objectContaining({ name: 'm5.x0', hourlyPrice: '0.2', seenAt: clock.now() }),
    )
  })

  it('keep what a shorter list does not say', async () => {
    aws.state.regions['us-west-2']!.instances.push(machine('i-2'))
    aws.state.regions['us-west-2']!.machineTypes = [{ type: 'm5.large', current: true, architectures: ['x86_64'] }]
    await run()
    const west = (await prices()).find(({ region }) => region === 'us-west-2')
    expect(west).toMatchObject({ currentGeneration: true, architecture: 'x86_64' })
  })

  it('of databases are read where there are any', async () => {
    const orders = { name: 'orders', type: 'db.r5.large', engine: 'postgres', createdAt: new Date('2026-01-01') }
    aws.state.regions['us-west-2']!.databases.push(orders)
    const db5 = { type: 'db.r5.large', cpus: 2, memoryGib: 16, engine: 'PostgreSQL' }
    aws.state.prices!.push({ ...db5, region: 'us-west-2', usd: '0.25' }, { ...db5, region: 'us-east-1', usd: '0.24' })
    await run()
    expect((await prices()).filter(({ name }) => name === 'db.r5.large')).toMatchObject([
      { region: 'us-west-2', os: 'PostgreSQL', family: 'db.r5', hourlyPrice: '0.25' },
    ])
  })

  it('are tried again when AWS throttles', async () => {
    aws.trouble({ kind: 'throttled', service: 'pricing', times: 1 })
    await run()
    expect(await prices()).toHaveLength(133)
  })
})

describe('spot prices and commitment offers', () => {
  it('are kept for the machine types in use, with where the regions lie', async () => {
    await run()
    expect(await db.select().from(spotPrices)).toEqual([
      {
        ...{ cloud: 'aws', region: 'us-east-1', zone: 'us-east-1a', name: 'm5.large', os: 'Linux' },
        ...{ hourlyPrice: '0.035', at: new Date('2026-11-20') },
      },
    ])
    const offers = await db.select().from(commitmentOffers).orderBy(commitmentOffers.kind)
    expect(offers.map((offer) => [offer.kind, offer.offeringId, offer.upfront, offer.hourly, offer.seenAt])).toEqual([
      ['ri', 'r-1', '501', '0', clock.now()],
      ['sp', 'plan-1', '0', '0.07', clock.now()],
    ])
    const places = await db.select().from(cloudRegions)
    expect(places).toContainEqual({
      ...{ cloud: 'aws', region: 'us-gov-west-1', name: 'AWS GovCloud (US-West)' },
      ...{ continent: 'north america', partition: 'aws-us-gov' },
    })
  })

  it('are read at once for a machine type that was not in use before', async () => {
    await run()
    aws.calls.splice(0)
    east.instances.push({ ...machine('i-2'), type: 'c5.large' })
    east.reservations!.push({ ...reservation, id: 'r-2', type: 'c5.large' })
    await run()
    expect(calls('DescribeReservedInstancesOfferings')).toBe(2)
    expect(calls('DescribeInstanceTypes')).toBe(0)
    expect(await db.select().from(commitmentOffers)).toHaveLength(3)
  })

  it('of long ago are forgotten, save the price that still holds', async () => {
    const at = (daysAgo: number) => ({ ...east.spotPrices![0]!, at: new Date(clock.now().getTime() - daysAgo * day) })
    const times = async () => (await db.select().from(spotPrices).orderBy(spotPrices.at)).map((row) => row.at)
    east.spotPrices = [at(29), at(28)]
    await run()
    expect(await times()).toHaveLength(2)
    clock.advance(40 * day)
    await run()
    expect(await times()).toEqual([new Date('2026-10-26T10:07:00Z')])
  })
})

describe('prices that may not be read', () => {
  it('are said with the permission, per region and part, while the others are read', async () => {
    aws.state.regions['us-west-2']!.instances.push(machine('i-2'))
    aws.trouble({ kind: 'refused', service: 'savingsplans' })
    aws.trouble({ kind: 'broken', action: 'DescribeSpotPriceHistory', region: 'us-west-2' })
    await run()
    const failed = (await listDiscoveries(db, { orgId: w.org.id, accountId: account.id })).filter((n) => n.lastError)
    expect(failed.map(({ resourceType, region }) => `${region} ${resourceType}`).sort()).toEqual([
      ...['us-east-1 prices plans', 'us-west-2 prices plans', 'us-west-2 prices spot'],
    ])
    expect(await health()).toEqual(['missing_permission', expect.stringContaining('DescribeSavingsPlansOfferingRates')])
    expect((await prices()).length).toBeGreaterThan(130)
    expect(await db.select().from(spotPrices)).toHaveLength(1)
    await w.database.sql`delete from pgboss.job where name = 'check-recommendations'`
    const waiting = () => w.database.sql`select 1 from pgboss.job where name = 'check-recommendations'`
    await run()
    expect(await waiting()).toHaveLength(0)
    aws.heal()
    await run()
    expect(await health()).toEqual(['no_data_yet', null])
    expect(await waiting()).toHaveLength(1)
  })

  it('are no worry any more when nothing there needs them', async () => {
    aws.trouble({ kind: 'refused', service: 'savingsplans' })
    await run()
    expect((await health())[0]).toBe('missing_permission')
    east.instances.splice(0)
    await run()
    clock.advance(day)
    await run()
    expect((await health())[0]).toBe('no_data_yet')
  })
})
