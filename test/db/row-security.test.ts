/** S12, S13: organizations stay apart in PostgreSQL even when a query forgets its filter, and everything works where that cannot be. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { count, eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { rawSql } from '../../db/client.ts'
import { insertOrganization, insertPerson, listPeople } from '../../db/queries/organizations.ts'
import { getReadiness } from '../../db/queries/readiness.ts'
import { stage } from '../../db/queries/staging.ts'
import { closed, indirect, shared } from '../../db/row-security.ts'
import { environments, propertyChanges } from '../../db/schema/environments.ts'
import { events } from '../../db/schema/events.ts'
import { expenses } from '../../db/schema/expenses.ts'
import { organizations, people } from '../../db/schema/organizations.ts'
import { pools } from '../../db/schema/pools.ts'
import { resources } from '../../db/schema/resources.ts'
import { tenantDb } from '../../db/tenant.ts'
import { contextFor, enqueue, inTransaction, jobActor, type Context } from '../../engine/context.ts'
import { postgresError } from '../../engine/errors.ts'
import { record } from '../../engine/events.ts'
import { world, type World } from '../world.ts'

let w: World
/** Zoe's organization, and Lea's, which is the world's. */
let [zoe, lea]: Context[] = []
beforeAll(async () => {
  w = await world()
  const { db } = w.database
  const org = await insertOrganization(db, { name: 'Other', currency: 'EUR' })
  const person = await insertPerson(db, { orgId: org.id, name: 'Zoe' })
  zoe = contextFor(w.deps, org.id, { personId: person.id, door: 'web' })
  lea = w.as()
  const account = await w.account()
  await w.spend(await w.resource(account), { '2026-11-20': '10', '2026-11-21': '12.5' })
  const [environment] = await db
    .insert(environments)
    .values({ orgId: w.org.id, name: 'stage-1', poolId: w.root.id })
    .returning()
  await db.insert(propertyChanges).values({ environmentId: environment!.id, at: w.clock.now(), changes: {} })
})

const code = async (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => postgresError(error)?.code,
  )
const refused = '42501'

describe('a query that forgets the organization', () => {
  it('finds nothing of others, in plain tables, partitions, views and what hangs below', async () => {
    for (const table of [resources, expenses, people, pools, environments, propertyChanges, organizations]) {
      const [all] = await lea!.db.select({ n: count() }).from(table)
      const [own] = await zoe!.db.select({ n: count() }).from(table)
      const mine = table === people || table === organizations ? 1 : 0
      expect(all!.n).toBeGreaterThan(0)
      expect(own!.n).toBe(mine)
    }
    expect(await zoe!.db.execute(sql`select * from pool_ancestors`)).toHaveLength(0)
    expect((await lea!.db.execute(sql`select * from pool_ancestors`)).length).toBeGreaterThan(0)
  })

  it('changes and deletes nothing of others', async () => {
    const changed = await zoe!.db.update(resources).set({ name: 'mine' }).returning()
    const deleted = await inTransaction(zoe!, (ctx) => ctx.db.delete(resources).returning())
    expect([changed, deleted]).toEqual([[], []])
    const [left] = await w.database.db.select({ n: count() }).from(resources).where(eq(resources.name, 'thing-2'))
    expect(left!.n).toBe(1)
  })

  it('cannot write for others, nor give away what is its own', async () => {
    const row = { orgId: w.org.id, name: 'Smuggler' }
    expect(await code(zoe!.db.insert(people).values(row))).toBe(refused)
    expect(await code(zoe!.db.update(people).set({ orgId: w.org.id }))).toBe(refused)
    expect(await code(inTransaction(zoe!, (ctx) => ctx.db.insert(people).values(row)))).toBe(refused)
    const event = { at: w.clock.now(), name: 'x.done', subjectKind: 'pool' as const, subjectId: 'x' }
    expect(await code(zoe!.db.insert(events).values({ ...event, orgId: w.org.id, door: 'web' }))).toBe(refused)
  })

  it('reaches no partition around its parent, and not what is for no door', async () => {
    expect(await code(lea!.db.execute(sql`select * from expenses_202611`))).toBe(refused)
    expect(await code(lea!.db.execute(sql`select * from slack_seen`))).toBe(refused)
    expect(await code(lea!.db.execute(sql`delete from machine_types`))).toBe(refused)
  })

  it('sees all as a job, and nothing as the role of doors without an organization', async () => {
    const job = contextFor(w.deps, zoe!.orgId, jobActor('test'))
    expect((await job.db.select().from(people)).length).toBe(2)
    const rows = await w.database.sql.begin(async (tx) => {
      await tx`set local role finops_tenant`
      return tx`select * from people`
    })
    expect(rows).toHaveLength(0)
  })
})

describe('the catalogue', () => {
  it('has a policy for every table of an organization, and a decision for every other one', async () => {
    const tables = await w.database.sql<{ name: string; org: boolean; rls: boolean; policies: string[] | null }[]>`
      select c.relname as name, c.relrowsecurity as rls,
        exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id') as org,
        (select array_agg(pg_get_expr(p.polqual, c.oid) || pg_get_expr(coalesce(p.polwithcheck, p.polqual), c.oid))
          from pg_policy p where p.polrelid = c.oid) as policies
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`
    const open = tables.filter(({ org, rls, policies }) => org && !(rls && policies?.length === 1))
    expect(open.map(({ name }) => name)).toEqual([])
    const below = tables.filter(({ name }) => name in indirect)
    expect(below.filter(({ rls, policies }) => !rls || policies?.length !== 1).map(({ name }) => name)).toEqual([])
    const others = tables.filter(({ org, name }) => !org && !(name in indirect)).map(({ name }) => name)
    expect(others.sort()).toEqual([...shared, ...closed].sort())
    expect(below).toHaveLength(Object.keys(indirect).length)
  })

  it('has no view that reads as its owner, and no partition the role of doors may touch', async () => {
    const views = await w.database.sql`select relname from pg_class where relkind = 'v'
      and relnamespace = 'public'::regnamespace and not 'security_invoker=true' = any(coalesce(reloptions, '{}'))`
    const partitions = await w.database.sql`select relname from pg_class
      where relispartition and relkind = 'r' and relnamespace = 'public'::regnamespace
      and has_table_privilege('finops_tenant', oid, 'select, insert, update, delete')`
    expect([[...views], [...partitions]]).toEqual([[], []])
  })
})

describe('one pool', () => {
  const seen = async (ctx: Context) => (await listPeopleOfAll(ctx)).map(({ orgId }) => orgId)
  const listPeopleOfAll = (ctx: Context) => ctx.db.select({ orgId: people.orgId }).from(people)

  it('serves two organizations at once and keeps them apart, also after errors', async () => {
    const owner = contextFor(w.deps, w.org.id, jobActor('test'))
    const broken = (ctx: Context) => code(ctx.db.execute(sql`select 1 / 0`))
    const rolledBack = (ctx: Context) =>
      inTransaction(ctx, async () => {
        throw new Error('changed my mind')
      }).catch(() => null)
    const round = async (ctx: Context) => {
      await Promise.all([broken(ctx), rolledBack(ctx)])
      return seen(ctx)
    }
    const rounds = Array.from({ length: 40 }, (_, n) => round(n % 2 ? zoe! : lea!))
    const all = await Promise.all([...rounds, ...Array.from({ length: 10 }, () => seen(owner))])
    for (const [n, ids] of all.entries())
      expect(new Set(ids)).toEqual(n < 40 ? new Set([n % 2 ? zoe!.orgId : w.org.id]) : new Set([zoe!.orgId, w.org.id]))
    const left = Array.from(
      { length: 16 },
      () => w.database.sql`select current_user <> session_user as changed,
      coalesce(current_setting('app.org', true), '') as org from pg_sleep(0.02)`,
    )
    for (const [row] of await Promise.all(left)) expect(row).toEqual({ changed: false, org: '' })
  })

  it('keeps them apart in savepoints and COPY, and after a connection was cut', async () => {
    await inTransaction(zoe!, async (ctx) => {
      await ctx.db.transaction((inner) => inner.execute(sql`select 1 / 0`)).catch(() => null)
      expect(await seen(ctx)).toEqual([zoe!.orgId])
      const rows = {
        columns: ['n'],
        chunks: async function* () {
          yield '1\n2\n'
        },
      }
      await stage(ctx.db, 'staged_here', { definition: sql`n integer`, rows })
      expect(await rawSql(ctx.db)`select n from staged_here`).toHaveLength(2)
    })
    const cut = inTransaction(zoe!, async (ctx) => {
      const [own] = await ctx.db.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)
      await w.database.sql`select pg_terminate_backend(${own!.pid})`
      await sleep(50)
      return ctx.db.execute(sql`select 1`)
    })
    await expect(cut).rejects.toThrow()
    expect(await seen(zoe!)).toEqual([zoe!.orgId])
    expect(() => rawSql(zoe!.db)`select 1`).toThrow('open transaction')
  })

  it('queues and records in the transaction of a door', async () => {
    await inTransaction(zoe!, async (ctx) => {
      await enqueue(ctx, 'check-pools', { orgId: ctx.orgId, key: ctx.orgId })
      await record(ctx, 'pool.changed', { subject: { kind: 'pool', id: randomUUID() } })
    })
    const jobs = await w.database.sql`select name from pgboss.job where data->>'orgId' = ${zoe!.orgId} order by name`
    expect(jobs.map(({ name }) => name)).toEqual(['check-pools', 'redraw-copies'])
  })

  it('adds to the queue and reads nothing of it but what it added', async () => {
    // As databases of before have it, until the next start.
    await w.database.sql.unsafe('grant select, insert on all tables in schema pgboss to finops_tenant')
    await w.database.sql`select open_queue()`
    const key = `${zoe!.orgId} joined`
    for (let n = 0; n < 2; n += 1)
      await inTransaction(zoe!, (ctx) => enqueue(ctx, 'mirror-all-bookings', { orgId: ctx.orgId, key }))
    expect(await w.database.sql`select 1 from pgboss.job where singleton_key = ${key}`).toHaveLength(1)
    for (const asked of [
      sql`select data from pgboss.job`,
      sql`select singleton_key from pgboss.job_common`,
      sql`select name from pgboss.schedule`,
      sql`update pgboss.job set priority = 9`,
      sql`delete from pgboss.job`,
      sql`insert into pgboss.schedule (name, cron) values ('sweep', '* * * * *')`,
    ])
      expect(await code(zoe!.db.execute(asked))).toBe(refused)
  })

  it('binds once, and to what is asked for', async () => {
    expect(tenantDb(zoe!.db, zoe!.orgId)).toBe(zoe!.db)
    expect(await listPeople(tenantDb(zoe!.db, w.org.id), w.org.id)).not.toHaveLength(0)
    expect(() => tenantDb(w.database.db, "x'; reset role; --")).toThrow('is no organization')
  })

  it('says that it is in force', async () => {
    expect(await getReadiness(w.database.db)).toEqual({ rowLevelSecurity: true })
  })
})
