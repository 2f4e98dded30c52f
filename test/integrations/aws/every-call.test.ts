/** Whatever is read of AWS comes in small pages, after throttling, and from one region while another is broken. */
import { beforeEach, describe, expect, it } from 'vitest'
import { emptyRegion, type SandboxRegion } from '../../../integrations/sandbox/aws-state.ts'
import { all, awsWorld, credentials } from './aws-world.ts'

const born = new Date('2026-03-01T08:00:00Z')
const [east, west] = ['us-east-1', 'us-west-2'] as const
const five = ['a', 'b', 'c', 'd', 'e']
const types = five.map((letter, n) => ({ type: `m5.${letter}`, cpus: n + 1, memoryGib: 4 }))
const linux = 'Linux/UNIX'

/** Five of everything. */
const filled = (region: string): SandboxRegion =>
  emptyRegion({
    instances: five.map((id, n) => ({
      id: `i-${id}`,
      type: types[n]!.type,
      state: 'running' as const,
      launchedAt: born,
    })),
    volumes: five.map((id) => ({ id: `vol-${id}`, sizeGib: 1, type: 'gp3', createdAt: born })),
    snapshots: five.map((id) => ({ id: `snap-${id}`, sizeGib: 1, createdAt: born })),
    images: five.map((id) => ({ id: `ami-${id}`, name: id, createdAt: born, snapshotIds: [] })),
    securityGroups: five.map((id) => ({ id: `sg-${id}`, name: id, vpcId: 'vpc-1', rules: [] })),
    addresses: five.map((id) => ({
      allocationId: `eipalloc-${id}`,
      publicIp: '203.0.113.7',
      networkInterfaceId: `eni-${id}`,
    })),
    databases: five.map((name) => ({ name, type: 'db.t3.micro', engine: 'mysql', createdAt: born })),
    streams: five.map((name) => ({ name, shards: 1, createdAt: born })),
    metric: () => 1,
    series: five.map((name) => ({
      ...{ namespace: 'AWS/S3', name: 'BucketSizeBytes' },
      dimensions: { BucketName: name, StorageType: 'StandardStorage' },
    })),
    machineTypes: types.map(({ type }) => ({ type, current: true, architectures: ['x86_64'] })),
    spotPrices: types.map(({ type }) => ({ type, zone: `${region}a`, description: linux, usd: '0.01', at: born })),
    reservations: types.map(({ type }) => ({
      ...{ id: `r-${type}`, type, description: linux, tenancy: 'default' as const, class: 'standard' as const },
      ...{ payment: 'All Upfront', seconds: 31_536_000, fixed: 1, hourly: 0 },
    })),
  })

const { aws, adapter } = await awsWorld({
  regions: { [east]: filled(east), [west]: filled(west) },
  users: five.map((name) => ({ id: `AIDA${name}`, name, createdAt: born })),
  buckets: {
    bills: new Map(five.map((name) => [`cur/2026-10/${name}.csv`, { body: Buffer.from('x'), lastModified: born }])),
    ...Object.fromEntries(five.map((name) => [`bucket-${name}`, new Map()])),
    ...Object.fromEntries(five.map((name) => [`western-${name}`, new Map()])),
  },
  bucketSettings: Object.fromEntries(five.map((name) => [`western-${name}`, { region: west }])),
  prices: [east, west].flatMap((region) => [
    ...types.map((type) => ({ ...type, region, usd: '0.1' })),
    ...five.map((name) => ({ region, type: `db.m5.${name}`, cpus: 1, memoryGib: 1, usd: '0.2', engine: 'MySQL' })),
  ]),
  planRates: [east, west].flatMap((region) =>
    types.map(({ type }) => ({
      offering: { id: `plan-${type}`, type: 'Compute' as const, payment: 'No Upfront', seconds: 31_536_000 },
      ...{ region, type, description: linux, tenancy: 'shared' as const, usageType: `BoxUsage:${type}`, rate: '0.05' },
    })),
  ),
  exports: [],
  reports: [],
})

const window = { from: new Date('2026-11-20T00:00:00Z'), to: new Date('2026-11-22T00:00:00Z') }
const ids = { Instance: five.map((id) => `i-${id}`), Bucket: five, 'RDS Instance': five, 'Kinesis Stream': five }

/** Every reading of a region, by the part it belongs to. */
const regional: Record<string, (region: string) => Promise<unknown[]>> = {}
for (const [type, role] of Object.entries(adapter.discover!))
  regional[type] = (region) => all(role(credentials, region))
for (const [kind, { global, read }] of Object.entries(adapter.inventory!))
  if (!global) regional[kind] = (region) => all(read(credentials, region))
for (const [type, role] of Object.entries(adapter.metrics!))
  regional[`metrics ${type}`] = (region) =>
    all<unknown>(role(credentials, { region, cloudResourceIds: ids[type as keyof typeof ids], ...window }))
for (const [name, role] of Object.entries(adapter.prices!))
  regional[`prices ${name}`] = (region) =>
    all<unknown>(role(credentials, { region, names: types.map(({ type }) => type), from: born }))

/** Asked at one place only, whatever the region: the price list, plans, and what is global. */
const global: Record<string, () => Promise<unknown[]>> = {
  user: () => all(adapter.inventory!.user!.read(credentials, '')),
  regions: () => adapter.regions!(credentials),
  objects: () => all<unknown>(adapter.objects!(credentials, { bucket: 'bills', region: east })),
  bill: async () => (await adapter.bill!.find(credentials, { bucket: 'bills', prefix: 'cur' }))[0]!.files,
}
const calls: [string, () => Promise<unknown[]>][] = [
  ...Object.entries(regional).map(([name, read]): [string, () => Promise<unknown[]>] => [name, () => read(east)]),
  ...Object.entries(global),
]

beforeEach(() => {
  aws.heal()
  delete aws.state.pageLimit
})

describe.each(calls)('%s', (name, read) => {
  it('is the same in pages of two, and when AWS asks to slow down twice', async () => {
    const whole = await read()
    expect(whole.length).toBeGreaterThan(name === 'regions' ? 1 : 4)
    aws.state.pageLimit = 2
    aws.trouble({ kind: 'throttled', times: 2 })
    expect(await read()).toEqual(whole)
  })

  it('says so when AWS does not stop asking to slow down', async () => {
    aws.trouble({ kind: 'throttled' })
    await expect(read()).rejects.toMatchObject({ kind: 'throttled' })
  })
})

/** The price list and the rates of plans are asked in one region for all. */
const elsewhere = ['prices databases', 'prices nearby', 'prices plans']
it.each(Object.entries(regional).filter(([name]) => !elsewhere.includes(name)))(
  '%s of a broken region is told, and the other region is read',
  async (_, read) => {
    aws.trouble({ kind: 'broken', region: west })
    await expect(read(west)).rejects.toMatchObject({ kind: 'unreachable' })
    expect((await read(east)).length).toBeGreaterThan(4)
  },
)
