import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { sealer } from '../../db/secrets.ts'
import { rawSql } from '../../db/client.ts'
import { enqueue, inTransaction } from '../../engine/context.ts'
import { record } from '../../engine/events.ts'
import { postgresError } from '../../engine/errors.ts'
import { assertCan, can } from '../../engine/access.ts'
import { world, type World } from '../world.ts'

let w: World
beforeAll(async () => {
  w = await world()
})

describe('the database', () => {
  it('refuses a second live booking that overlaps and allows one that touches', async () => {
    const { sql } = w.database
    const [environment] =
      await sql`insert into environments ${sql({ org_id: w.org.id, name: 'stage-1', pool_id: w.root.id })} returning id`
    const book = (from: string, to: string) => sql`insert into bookings
      ${sql({ org_id: w.org.id, environment_id: environment!.id, person_id: w.lea.id, starts_at: from, ends_at: to, planned_ends_at: to })}`
    await book('2026-11-24T10:00Z', '2026-11-24T12:00Z')
    await book('2026-11-24T12:00Z', '2026-11-24T14:00Z')
    const error = await book('2026-11-24T11:00Z', '2026-11-24T13:00Z').catch((e: unknown) => e)
    expect(postgresError(error)).toEqual({ code: '23P01', constraint: 'bookings_no_overlap' })
  })

  it('keeps the audit trail append-only', async () => {
    await record(w.as(), 'pool.changed', {
      subject: { kind: 'pool', id: w.root.id },
      after: { name: 'x', apiKey: 'secret' },
    })
    const [event] = await w.database.sql`select after from events where name = 'pool.changed'`
    expect(event!.after).toEqual({ name: 'x', apiKey: '•••' })
    await expect(w.database.sql`update events set name = 'y'`).rejects.toThrow('append-only')
    await expect(w.database.sql`delete from events`).rejects.toThrow('append-only')
  })

  it('forgets a job sent in a transaction that was rolled back', async () => {
    const pending = () =>
      w.database.sql`select 1 from pgboss.job where name = 'check-pools' and data->>'orgId' = ${w.org.id}`
    const failing = inTransaction(w.as(), async (ctx) => {
      await enqueue(ctx, 'check-pools', { orgId: w.org.id })
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    expect(await pending()).toHaveLength(0)
    await inTransaction(w.as(), (ctx) => enqueue(ctx, 'check-pools', { orgId: w.org.id }))
    expect(await pending()).toHaveLength(1)
  })

  it('loses a connection inside a transaction without taking the process with it, and goes on with others', async () => {
    const lost = w.database.sql.begin(async (sql) => {
      const [own] = await sql`select pg_backend_pid() as pid`
      await w.database.sql`select pg_terminate_backend(${own!.pid})`
      await sleep(50)
      return sql`select 1`
    })
    await expect(lost).rejects.toThrow()
    await sleep(100)
    expect(await w.database.sql`select 1 as one`).toEqual([{ one: 1 }])
  })

  it('gives the raw handle of an open transaction', async () => {
    await inTransaction(w.as(), async (ctx) => {
      const [inside] = await rawSql(ctx.db)`select pg_current_xact_id_if_assigned() is null as idle, now() as at`
      const [again] = await rawSql(ctx.db)`select now() as at`
      expect(again!.at).toEqual(inside!.at)
    })
  })
})

describe('rights', () => {
  it('a pool manager may act in sub-pools and not above, an engineer on their own only', async () => {
    const team = await w.pool('team')
    const squad = await w.pool('squad', { parentId: team.id })
    const tom = await w.person('Tom', 'manager', team.id)
    const priya = await w.person('Priya', 'engineer', team.id)
    expect(await can(w.as(tom), 'manage_pools', { poolId: squad.id })).toBe(true)
    expect(await can(w.as(tom), 'manage_pools', { poolId: w.root.id })).toBe(false)
    expect(await can(w.as(priya), 'set_constraints', { poolId: squad.id, ownerId: priya.id })).toBe(true)
    expect(await can(w.as(priya), 'set_constraints', { poolId: squad.id, ownerId: tom.id })).toBe(false)
    const refusal = await assertCan(w.as(priya), 'manage_pools', { poolId: squad.id }).catch((e: unknown) => e)
    expect(refusal).toMatchObject({
      kind: 'forbidden',
      detail: { whoCan: [tom.id, w.lea.id], next: 'Ask Tom or Lea.' },
    })
  })

  it('a stranger to the organization may nothing', async () => {
    const ctx = { ...w.as(), actor: { personId: randomUUID(), door: 'slack' as const } }
    expect(await can(ctx, 'see_costs')).toBe(false)
  })
})

describe('sealed secrets', () => {
  it('open only where they were sealed and only unaltered', () => {
    const { seal, open } = sealer('a master key for tests')
    const sealed = seal('AKIA', 'org/accounts/1')
    expect(sealed).not.toContain('AKIA')
    expect(open(sealed, 'org/accounts/1')).toBe('AKIA')
    expect(() => open(sealed, 'org/accounts/2')).toThrow()
    // A character whose bits all count, changed for certain: a fixed ending is what was drawn once in 256 times.
    const other = sealed.at(-4) === 'A' ? 'B' : 'A'
    expect(() => open(sealed.slice(0, -4) + other + sealed.slice(-3), 'org/accounts/1')).toThrow()
  })
})

describe('a transaction that PostgreSQL gives up for another one (fault R9)', () => {
  const sacrifice = (state: string) =>
    sql.raw(`do $$ begin raise exception 'given up' using errcode = '${state}'; end $$`)

  it('a real deadlock costs neither side its work', async () => {
    const [one, other] = [await w.pool('deadlock one'), await w.pool('deadlock other')]
    let tries = 0
    const rename = (first: string, then: string) =>
      inTransaction(w.as(), async ({ db }) => {
        tries += 1
        await db.execute(sql`update pools set purpose = 'project' where id = ${first}`)
        await sleep(300)
        await db.execute(sql`update pools set name = name || '!' where id = ${then}`)
      })
    await Promise.all([rename(one.id, other.id), rename(other.id, one.id)])
    expect(tries).toBeGreaterThan(2)
    const rows = await w.database.sql`select name from pools where id in (${one.id}, ${other.id}) order by name`
    expect(rows.map(({ name }) => name as string)).toEqual(['deadlock one!', 'deadlock other!'])
  })

  it.each(['40P01', '40001'])('%s is tried again 3 times, then said in a sentence', async (state) => {
    let tries = 0
    const picked = inTransaction(w.as(), async ({ db }) => {
      tries += 1
      await db.execute(sacrifice(state))
    })
    await expect(picked).rejects.toMatchObject({ kind: 'conflict', detail: { next: 'Try again in a minute.' } })
    expect(tries).toBe(4)
  })

  it('what succeeds at the second try is done once', async () => {
    let tries = 0
    const id = await inTransaction(w.as(), async (ctx) => {
      await ctx.db.execute(sql`insert into pools (org_id, parent_id, name) values (${w.org.id}, ${w.root.id}, 'once')`)
      if ((tries += 1) === 1) await ctx.db.execute(sacrifice('40001'))
      return tries
    })
    expect(id).toBe(2)
    expect(await w.database.sql`select 1 from pools where name = 'once'`).toHaveLength(1)
  })
})
