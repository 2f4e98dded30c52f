import { beforeEach, describe, expect, it } from 'vitest'
import { getAccount } from '../../../db/queries/cloud-accounts.ts'
import { machineTypes } from '../../../db/schema/prices.ts'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import discover from '../../../engine/jobs/discover.ts'
import { toOffer } from '../../../integrations/aws/machine-types.ts'
import { emptyRegion } from '../../../integrations/sandbox/aws-state.ts'
import { cloudWorld } from '../cloud-world.ts'

const w = await cloudWorld()
const { aws, clock } = w
let account: Account
const run = async () => {
  await w.deps.boss.send('discover', { orgId: w.org.id, accountId: account.id })
  await w.runJobs([discover])
}
const prices = () => w.deps.db.select().from(machineTypes).orderBy(machineTypes.os, machineTypes.cpus)
const calls = () => aws.calls.filter((call) => call.service === 'pricing').length

beforeEach(async () => {
  aws.heal()
  aws.calls.splice(0)
  await w.database.sql`delete from machine_types`
  const instances = [{ id: 'i-1', type: 'm5.large', state: 'running' as const, launchedAt: new Date('2026-01-01') }]
  aws.state.regions = { 'us-east-1': emptyRegion({ instances }), 'us-west-2': emptyRegion() }
  aws.state.prices = Array.from({ length: 130 }, (_, n) => ({
    region: 'us-east-1',
    type: `m5.x${n}`,
    cpus: n + 1,
    memoryGib: 4 * (n + 1),
    usd: `0.${100 + n}`,
  }))
  aws.state.prices.push({
    region: 'us-east-1',
    type: 'm5.large',
    cpus: 2,
    memoryGib: 8,
    usd: '0.1880000000',
    os: 'Windows',
  })
  aws.state.prices.push({ region: 'us-west-2', type: 'm5.large', cpus: 2, memoryGib: 8, usd: '0.0960000000' })
  account = await w.connected()
})

describe('list prices', () => {
  it('are read page by page where the account has instances, and again after a week', async () => {
    await run()
    const found = await prices()
    expect(found).toHaveLength(131)
    expect(found.at(-1)).toEqual({
      cloud: 'aws',
      region: 'us-east-1',
      name: 'm5.large',
      os: 'Windows',
      family: 'm5',
      cpus: 2,
      memoryGib: 8,
      hourlyPrice: '0.1880000000',
      seenAt: clock.now(),
    })
    expect(calls()).toBe(3)
    await run()
    expect(calls()).toBe(3)
    clock.advance(8 * 86_400_000)
    aws.state.prices = [{ region: 'us-east-1', type: 'm5.x0', cpus: 1, memoryGib: 4, usd: '0.2' }]
    await run()
    expect(await prices()).toContainEqual(
      expect.objectContaining({ name: 'm5.x0', hourlyPrice: '0.2', seenAt: clock.now() }),
    )
  })

  it('that may not be read are said, with the permission', async () => {
    aws.trouble({ kind: 'refused', service: 'pricing' })
    await run()
    const { health, healthDetail } = await getAccount(w.deps.db, { orgId: w.org.id, id: account.id })
    expect([health, healthDetail]).toEqual(['missing_permission', expect.stringContaining('pricing:GetProducts')])
    aws.heal()
    await run()
    expect((await getAccount(w.deps.db, { orgId: w.org.id, id: account.id })).health).toBe('no_data_yet')
  })

  it('are tried again when AWS throttles', async () => {
    aws.trouble({ kind: 'throttled', service: 'pricing', times: 1 })
    await run()
    expect(await prices()).toHaveLength(131)
  })

  it('leave out what has no price or no size', () => {
    const attributes = { instanceType: 'm5.large', vcpu: '2', memory: '8 GiB', operatingSystem: 'Linux' }
    const terms = (USD: string) => ({
      OnDemand: { a: { priceDimensions: { b: { unit: 'Hrs', pricePerUnit: { USD } } } } },
    })
    expect(toOffer({ product: { attributes }, terms: terms('0.0960000000') }, 'r')).toMatchObject({
      family: 'm5',
      memoryGib: 8,
    })
    expect(toOffer({ product: { attributes }, terms: terms('0.0000000000') }, 'r')).toBeNull()
    expect(toOffer({ product: { attributes: { ...attributes, memory: 'NA' } }, terms: terms('1') }, 'r')).toBeNull()
    expect(toOffer({}, 'r')).toBeNull()
  })
})
