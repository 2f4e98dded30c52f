/** Faults of the ground the product stands on that no other test meets: R6, R13, R16, R21. */
import { connect as dial } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { beforeAll, expect, inject, it } from 'vitest'
import { ensureDatabase, migrateDatabase } from '../../db/migrate.ts'
import { createBoss, work } from '../../engine/worker.ts'
import { stranger } from '../web/visitor.ts'
import { world, type World } from '../world.ts'

let w: World
beforeAll(async () => {
  w = await world()
})

it('R13: a job that always fails ends as failed, is counted, and keeps nobody', { timeout: 60_000 }, async () => {
  const boss = createBoss(w.url)
  await boss.start()
  let ran = 0
  await work(boss, w.deps, [
    { queue: 'check-calendar-due', run: () => Promise.reject(new Error('poison')) },
    { queue: 'sweep', run: () => Promise.resolve(void (ran += 1)) },
  ])
  await boss.send('check-calendar-due', {})
  await boss.send('sweep', {})
  const failed = () => w.database.sql`select 1 from pgboss.job where name = 'check-calendar-due' and state = 'failed'`
  await expect.poll(async () => (await failed()).length, { timeout: 20_000 }).toBe(1)
  await boss.send('sweep', {})
  await expect.poll(() => ran, { timeout: 20_000 }).toBeGreaterThan(1)
  const metrics = await stranger({ ...w.deps, metricsToken: 'a token of machines' }).app.request('/metrics', {
    headers: { authorization: 'Bearer a token of machines' },
  })
  expect(await metrics.text()).toContain('finops_jobs{queue="check-calendar-due",state="failed"} 1')
  await boss.stop({ graceful: false })
})

it(
  'R16: of two processes that migrate together one waits for the other, and both find the same tables',
  { timeout: 120_000 },
  async () => {
    const name = `finops_migrate_${process.pid}`
    const url = await ensureDatabase(inject('postgresUrl'), name)
    await Promise.all([migrateDatabase(url), migrateDatabase(url)])
    const sql = postgres(url, { max: 1 })
    const count = async (here: postgres.Sql) =>
      (
        await here`select (select count(*)::int from drizzle.__drizzle_migrations) as migrations, (select count(*)::int
      from information_schema.columns where table_schema = 'public') as columns`
      )[0]
    expect(await count(sql)).toMatchObject({ migrations: (await count(w.database.sql))!['migrations'] as number })
    await sql.end()
    await w.database.sql.unsafe(`drop database ${name}`)
  },
)

it(
  'R21: the backend of a client that vanished while it waited for a lock is gone within 10 s',
  { timeout: 60_000 },
  async () => {
    const sockets: ReturnType<typeof dial>[] = []
    const url = new URL(w.url)
    const dialed = {
      socket: () => {
        const socket = dial(Number(url.port), url.hostname)
        sockets.push(socket)
        return socket
      },
    }
    const waiting = postgres(w.url, { ...dialed, max: 1, connection: { application_name: 'vanished' } })
    const backends = async () =>
      (await w.database.sql`select 1 from pg_stat_activity where application_name = 'vanished'`).length
    await w.database.sql.begin(async (holder) => {
      await holder`lock table pools in access exclusive mode`
      waiting`select count(*) from pools`.catch(() => {})
      await expect.poll(backends, { timeout: 10_000 }).toBe(1)
      await sleep(200)
      sockets.forEach((socket) => socket.destroy())
      await expect.poll(backends, { timeout: 10_000 }).toBe(0)
    })
  },
)

it('R6: a server that lost its libraries answers SELECT 1 and is not ready', async () => {
  const { app } = stranger(w.deps)
  expect((await app.request('/ready')).status).toBe(200)
  await w.database.sql`drop extension plpgsql cascade`
  expect(await w.database.sql`select 1 as one`).toEqual([{ one: 1 }])
  expect((await app.request('/ready')).status).toBe(503)
})
