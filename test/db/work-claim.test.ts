import { afterAll, beforeAll, expect, it } from 'vitest'
import { claimWork, isWorked } from '../../db/work-claim.ts'
import { enqueue } from '../../engine/context.ts'
import { world, type World } from '../world.ts'

let w: World
const claims: { release: () => Promise<void> }[] = []
const claim = async () => claims.push(await claimWork(w.url))
/** Takes the waiting job as a worker does. */
const fetch = () =>
  w.database.sql`update pgboss.job set state = 'active', started_on = now() where name = 'check-pools'`
const states = async () =>
  (await w.database.sql`select state::text from pgboss.job where name = 'check-pools'`).map(({ state }) => state)

beforeAll(async () => {
  w = await world()
})
afterAll(() => Promise.all(claims.map(({ release }) => release())))

it('a check of recommendations cut off with its process may begin again at once', async () => {
  const { sql } = w.database
  const running = '00000000-0000-4000-8000-000000000000'
  await sql`insert into check_schedules ${sql({ org_id: w.org.id, next_run_at: '2026-11-23', last_started_at: '2026-11-23', running })}`
  const first = await claimWork(w.url)
  expect(await sql`select running from check_schedules`).toEqual([{ running: null }])
  await sql`update check_schedules set running = ${running}`
  const second = await claimWork(w.url)
  expect(await sql`select running from check_schedules`).toEqual([{ running }])
  await first.release()
  await second.release()
})

it('a job cut off with its process waits again when the only process starts, and is left alone by a second one', async () => {
  const key = w.org.id
  await enqueue(w.job(), 'check-pools', { orgId: w.org.id, key })
  await fetch()
  expect(await states()).toEqual(['active'])
  await claim()
  expect(await states()).toEqual(['retry'])
  await fetch()
  await claim()
  expect(await states()).toEqual(['active'])
})

it('of two equal jobs, one cut off and one waiting for its next try, one is left', async () => {
  await Promise.all(claims.splice(0).map(({ release }) => release()))
  await claim()
  await fetch()
  await claims.pop()!.release()
  await w.database.sql`insert into pgboss.job (name, data, state, singleton_key, policy, retry_limit)
    select name, data, 'retry', singleton_key, policy, 1 from pgboss.job where name = 'check-pools' and state = 'active'`
  await claim()
  expect(await states()).toEqual(['retry'])
})

it('is held again after the database cut its connection, as a restart does', async () => {
  await Promise.all(claims.splice(0).map(({ release }) => release()))
  await claim()
  const worked = () => isWorked(w.database.sql)
  expect(await worked()).toBe(true)
  await w.database.sql`select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and mode = 'ShareLock' and pid <> pg_backend_pid()
      and database = (select oid from pg_database where datname = current_database())`
  await expect.poll(worked, { timeout: 5000 }).toBe(true)
  await claims.pop()!.release()
  await expect.poll(worked).toBe(false)
})
