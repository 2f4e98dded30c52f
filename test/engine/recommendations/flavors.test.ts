import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { upsertMachineTypes } from '../../../db/queries/prices.ts'
import type { machineTypes } from '../../../db/schema/prices.ts'
import type { Check } from '../../../engine/recommendations/recommendation.ts'
import { currentFlavor, newerFlavor } from '../../../engine/recommendations/shared/flavors.ts'
import { world } from '../../world.ts'

const w = await world({ now: '2026-11-23T10:00:00Z' })
const account = await w.account()
const check: Check = {
  ...{ orgId: w.org.id, accountId: account.id, cloud: 'aws', currency: 'USD', now: w.clock.now() },
}
type Row = typeof machineTypes.$inferInsert
/** `m5ad.large` is generation 5 of `m`. */
const type = (name: string, hourlyPrice: string, more: Partial<Row> = {}): Row => ({
  ...{ cloud: 'aws', region: 'us-east-1', name, family: name.split('.')[0]!, series: name[0]! },
  ...{ generation: Number(name[1]), currentGeneration: true, architecture: 'x86_64', cpus: 2, memoryGib: 7.5 },
  ...{ hourlyPrice, seenAt: w.clock.now() },
  ...more,
})
const old = (more: Partial<Row> = {}) =>
  type('m3.large', '0.133', { currentGeneration: false, architecture: 'i386,x86_64', ...more })
const store = (...rows: Row[]) => upsertMachineTypes(w.deps.db, rows)
const successor = async (facts: Record<string, unknown> = { architecture: 'x86_64' }) => {
  const { id } = await w.resource(account, { facts: { flavor: 'm3.large', ...facts }, region: 'us-east-1' })
  const rows = await w.deps.db.execute<{ name: string }>(sql`
    select n.name from resources r
    join lateral ${currentFlavor(check)} c on true
    join lateral ${newerFlavor(check, sql`c`)} n on true where r.id = ${id}`)
  return [...rows].map(({ name }) => name)
}

beforeEach(() => w.database.sql`delete from machine_types`)

describe('the newer generation of a machine type', () => {
  it('is the highest of the same letters, then the cheapest', async () => {
    await store(old(), type('m5.large', '0.08'), type('m6i.large', '0.096'), type('m6a.large', '0.0864'))
    expect(await successor()).toEqual(['m6a.large'])
  })

  it('has the same size and letters, and runs what the instance runs', async () => {
    await store(
      ...[old(), type('c6i.large', '0.01'), type('m6i.large', '0.09', { memoryGib: 8 })],
      ...[type('m6g.large', '0.07', { architecture: 'arm64' }), type('m5.large', '0.096')],
      ...[type('m7i.large', '0.1', { region: 'us-east-2' }), type('m7i.large', '0.1', { currentGeneration: null })],
    )
    expect(await successor()).toEqual(['m5.large'])
  })

  it('is none for an instance whose architecture nobody said, when the type ran more than the newer one', async () => {
    await store(old(), type('m5.large', '0.096'))
    expect(await successor({})).toEqual([])
    await store(old({ architecture: 'x86_64' }))
    expect(await successor({})).toEqual(['m5.large'])
  })

  it('is none for what is still current, and none without its software', async () => {
    await store(old({ currentGeneration: true }), type('m5.large', '0.096'))
    expect(await successor()).toEqual([])
    const windows = { os: 'Windows', software: 'SQL Web' }
    await store(old(windows), type('m5.large', '0.2', { os: 'Windows' }))
    expect(await successor({ os: 'Windows', software: 'SQL Web', architecture: 'x86_64' })).toEqual([])
    await store(type('m5.large', '0.25', windows))
    expect(await successor({ os: 'Windows', preinstalled: 'SQL Web', architecture: 'x86_64' })).toEqual(['m5.large'])
  })
})
