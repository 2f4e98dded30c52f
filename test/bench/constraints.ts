/**
 * Goal 13: TTLs and daily limits of many resources (950 of 1,000 active, 450 policies on 300 pools) through our engine, one
 * statement per type with hits, marks and notifications, against the usual loop: one question for the policies and one for
 * the expenses of each resource, judged in code. The loop runs over a sample; both must find the same violations there.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PgBoss } from 'pg-boss'
import pino from 'pino'
import { connect, type Database } from '../../db/client.ts'
import { startEmbedded } from '../../db/embedded.ts'
import { ensureDatabase, migrateDatabase } from '../../db/migrate.ts'
import { insertMembership, insertOrganization, insertPerson } from '../../db/queries/organizations.ts'
import { sealer } from '../../db/secrets.ts'
import { checkConstraints } from '../../engine/constraints/check.ts'
import { contextFor, jobActor, type Context } from '../../engine/context.ts'
import { createBoss, createQueues } from '../../engine/worker.ts'
import type { Bench } from './harness.ts'

const now = new Date('2026-11-23T10:00:00Z')
const yesterday = '2026-11-22'

export const bench: Bench = {
  name: 'constraints',
  async open({ quick }) {
    const size = quick ? 20_000 : 1_000_000
    const w = await constraintsWorld(size)
    return {
      unit: 's',
      contenders: [
        { name: 'check of all', run: w.ours },
        { name: 'loop, from its first thousands', run: async () => (await w.peer(quick ? 500 : 5000)) * size },
      ],
      gates: [
        {
          goal: '13 loop ÷ check',
          value: (best) => best('loop, from its first thousands') / best('check of all'),
          atLeast: 50,
        },
      ],
      async compare() {
        const same = await w.compare()
        return `${size} resources, ${same} violations of the sample; first check ${w.first.seconds.toFixed(1)} s, ${w.first.red} violations`
      },
      close: w.close,
    }
  },
}

type ConstraintsWorld = {
  database: Database
  size: number
  /** The first check, which writes every hit. */
  first: { seconds: number; red: number }
  /** A check of everything when little changed since the last one; seconds. */
  ours: () => Promise<number>
  /** The loop over `sample` resources; seconds per resource. */
  peer: (sample: number) => Promise<number>
  /** Throws when loop and engine disagree about a resource of the sample. Returns the violations in it. */
  compare: () => Promise<number>
  close: () => Promise<void>
}

/** A database with `size` resources in 300 pools, one expense of yesterday each, about 1 % over a limit, checked once. */
async function constraintsWorld(size: number): Promise<ConstraintsWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'finops-constraints-'))
  const server = await startEmbedded(folder, ['shared_buffers=512MB', 'work_mem=64MB', 'max_wal_size=4GB'])
  const url = await ensureDatabase(server.url, 'constraints')
  await migrateDatabase(url)
  const boss = createBoss(url)
  await boss.start()
  await createQueues(boss)
  const database = connect(url, { max: 4, statementTimeoutMs: 1_200_000 })
  const orgId = await furnish(database, size)
  const ctx = context(database, boss, orgId)
  const check = async () => {
    const began = performance.now()
    const { red } = await checkConstraints(ctx)
    return { seconds: (performance.now() - began) / 1000, red }
  }
  const first = await check()
  await database.sql`vacuum analyze constraint_hits, resources`
  const violated = new Map<string, boolean>()
  return {
    ...{ database, size, first },
    ours: async () => (await check()).seconds,
    peer: (sample) => loop(database, { orgId, sample, violated }),
    compare: () => compare(database, violated),
    close: async () => {
      await boss.stop({ graceful: false })
      await database.close()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function context(database: Database, boss: PgBoss, orgId: string): Context {
  const deps = {
    db: database.db,
    boss,
    now: () => now,
    secrets: sealer('a master key for the bench'),
    log: pino({ level: 'warn' }),
    outside: { clouds: {}, readBill: () => Promise.reject(new Error('no bills here')), calendar: null },
    spool: tmpdir(),
    publicUrl: 'http://localhost',
  }
  return contextFor(deps, orgId, jobActor('check-constraints'))
}

/** 300 pools, each with a TTL of 720 hours, every second one with a daily limit of 20; 300 owners; 5 % inactive. */
async function furnish({ sql, db }: Database, size: number): Promise<string> {
  const { id: orgId } = await insertOrganization(db, { name: 'Bench' })
  const { id: lea } = await insertPerson(db, { orgId, name: 'Lea' })
  await insertMembership(db, { orgId, personId: lea, role: 'manager', poolId: null })
  const at = sql`${now.toISOString()}::timestamptz`
  await sql`insert into people (org_id, name) select ${orgId}, 'Person ' || n from generate_series(1, 300) n`
  await sql`insert into pools (org_id, name) values (${orgId}, 'Bench')`
  await sql`insert into pools (org_id, parent_id, name) select ${orgId}, id, 'Pool ' || n from pools, generate_series(1, 300) n`
  await sql`insert into pool_policies (org_id, pool_id, type, "limit") select org_id, id, 'ttl', 720 from pools where parent_id is not null`
  await sql`insert into pool_policies (org_id, pool_id, type, "limit")
    select org_id, id, 'daily_expense_limit', 20 from pools where parent_id is not null order by name limit 150`
  await sql`insert into accounts (org_id, name, cloud, cloud_account_id) values (${orgId}, 'aws', 'aws', '1')`
  await sql`insert into discoveries (org_id, account_id, resource_type, region, last_discovery_at)
    select org_id, id, 'Instance', 'eu-west-1', ${at} from accounts`
  await sql`
    insert into resources (org_id, account_id, cloud_resource_id, name, type, service, region, pool_id, owner_id, active,
      first_seen_at, last_seen_at, last_expense_day, last_expense_cost)
    select ${orgId}, (select id from accounts), 'i-' || n, 'i-' || n, 'Instance', 'compute', 'eu-west-1', p.id, o.id, n % 20 <> 3,
      ${at} - make_interval(mins => case when n % 200 = 0 then 43300 else n % 40000 end), ${at} - interval '5 minutes',
      ${yesterday}, case when n % 100 = 1 then 31.4 else (n % 190)::numeric / 10 end
    from generate_series(1, ${size}::int) n
    join (select id, row_number() over (order by id) - 1 as at from pools where parent_id is not null) p on p.at = n % 300
    join (select id, row_number() over (order by id) - 1 as at from people where name like 'Person %') o on o.at = n % 300`
  await sql`select ensure_months('expenses', '2026-11-01', '2026-11-30')`
  await sql`
    insert into expenses (org_id, account_id, period, day, resource_id, service, region, category, billed, effective, list, contracted, lines)
    select org_id, account_id, '2026-11-01', ${yesterday}, id, service, region, 'Usage', c, c, c, c, 1
    from (select r.*, last_expense_cost as c from resources r) r`
  await sql`vacuum analyze`
  return orgId
}

/** The usual way: walk over the resources, ask for the policies of its pool and for its expenses, judge. */
async function loop(
  { sql }: Database,
  { orgId, sample, violated }: { orgId: string; sample: number; violated: Map<string, boolean> },
): Promise<number> {
  const resources = await sql`select id, pool_id, first_seen_at from resources
    where org_id = ${orgId} and active order by id limit ${sample}`
  const began = performance.now()
  for (const { id, pool_id: poolId, first_seen_at: seen } of resources) {
    const policies = await sql`select type, "limit" from pool_policies where pool_id = ${poolId} and active`
    const [cost] =
      await sql`select sum(effective) as total from expenses where resource_id = ${id} and day >= ${yesterday}`
    const over = policies.some(({ type, limit }) =>
      type === 'ttl'
        ? now.getTime() > new Date(seen as string).getTime() + Number(limit) * 3_600_000
        : Number(cost?.['total'] ?? 0) > Number(limit),
    )
    violated.set(id as string, over)
  }
  return (performance.now() - began) / 1000 / resources.length
}

async function compare({ sql }: Database, violated: Map<string, boolean>): Promise<number> {
  const rows =
    await sql`select id, constraint_violated as marked from resources where id = any(${[...violated.keys()]})`
  const different = rows.filter(({ id, marked }) => violated.get(id as string) !== marked)
  if (rows.length === 0 || different.length)
    throw new Error(`The engine and the loop disagree about ${different.length} of ${rows.length} resources.`)
  return rows.filter(({ marked }) => marked).length
}
