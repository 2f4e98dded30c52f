/** Fault R7: the way to the database is gone and nobody says so. */
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest'
import { connect, type Database } from '../../db/client.ts'
import { takePulse, type Pulse } from '../../db/pulse.ts'
import { createBoss, work } from '../../engine/worker.ts'
import { doorway, type Doorway } from '../flows/blackhole.ts'
import { world, type World } from '../world.ts'

let w: World
let door: Doorway
let pulse: Pulse
let database: Database
let address: string

beforeAll(async () => {
  w = await world()
  door = await doorway(() => Number(new URL(inject('postgresUrl')).port))
  const url = new URL(w.url)
  url.port = String(door.port)
  address = url.href
  pulse = takePulse(address)
  database = connect(address, { max: 4, pulse })
})
afterEach(() => door.let('all'))
afterAll(async () => {
  await door.let('all')
  await pulse.stop()
  await database.close()
  await door.close()
})

const ask = () => database.sql`select 1 as one`.then(([row]) => row!['one'] as number)
/** Milliseconds until the pool answers at every place it has. */
async function recovery(): Promise<number> {
  const began = performance.now()
  const all = () => Promise.all([1, 2, 3, 4].map(() => database.sql`select pg_sleep(0.05)`))
  for (;;) {
    const done = await all().then(
      () => true,
      () => false,
    )
    if (done) return performance.now() - began
  }
}

it(
  'connections that are dead while new ones work are cut, and the pool is whole within 30 s',
  { timeout: 90_000 },
  async () => {
    await recovery()
    const waiting = database.sql`select pg_sleep(1)`.catch((error: unknown) => (error as { code: string }).code)
    const moving = database.sql
      .begin(async (sql) => {
        await sql`select 1`
        await sql`select pg_sleep(1)`
      })
      .catch((error: unknown) => (error as { code: string }).code)
    await ask()
    await door.let('new')
    const took = await recovery()
    expect(took).toBeGreaterThan(1000)
    expect(took).toBeLessThan(30_000)
    expect(await Promise.all([waiting, moving])).toEqual(['CONNECTION_CLOSED', 'CONNECTION_CLOSED'])
  },
)

it(
  'a way that is gone altogether fails statements instead of holding them, and is used again when it is back',
  { timeout: 90_000 },
  async () => {
    await recovery()
    await door.let('none')
    const began = performance.now()
    await expect(ask()).rejects.toThrow()
    expect(performance.now() - began).toBeLessThan(30_000)
    await door.let('all')
    expect(await recovery()).toBeLessThan(15_000)
  },
)

it('a statement that takes longer than a beat is left alone', { timeout: 60_000 }, async () => {
  const [row] = await database.sql`select pg_sleep(17)::text as slept, pg_backend_pid() as pid`
  expect(row!['slept']).toBe('')
})

it('the queue goes on by itself', { timeout: 90_000 }, async () => {
  const boss = createBoss(address, pulse)
  boss.on('error', () => {})
  await boss.start()
  let ran = 0
  await work(boss, w.deps, [{ queue: 'sweep', run: () => Promise.resolve(void (ran += 1)) }])
  await w.deps.boss.send('sweep', {})
  await expect.poll(() => ran, { timeout: 10_000 }).toBe(1)
  await door.let('new')
  await w.deps.boss.send('sweep', {})
  const began = performance.now()
  await expect.poll(() => ran, { timeout: 35_000 }).toBe(2)
  expect(performance.now() - began).toBeLessThan(30_000)
  await boss.stop({ graceful: false })
})

it(
  'what dies while the pulse itself has no connection is cut too: an answer over a new one says nothing of those before',
  { timeout: 60_000 },
  async () => {
    await door.let('none')
    const blind = takePulse(address, { beatMs: 200, withinMs: 8000 })
    await new Promise((soon) => setTimeout(soon, 300))
    await door.let('all')
    const late = connect(address, { max: 1, pulse: blind })
    await late.sql`select 1`
    await door.let('new')
    await expect(late.sql`select 2`).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
    expect(await late.sql`select 3 as three`).toEqual([{ three: 3 }])
    await blind.stop()
    await late.close()
  },
)
