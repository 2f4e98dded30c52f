/**
 * A world for one test file: a fresh migrated database, a clock you set, an organization with people and pools, and
 * factories. The outside is whatever the test puts into `outside`; jobs run when the test says `runJobs`.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PgBoss } from 'pg-boss'
import pino from 'pino'
import postgres from 'postgres'
import { afterAll, inject } from 'vitest'
import { connect, type Database } from '../db/client.ts'
import { insertMembership, insertOrganization, insertPerson } from '../db/queries/organizations.ts'
import { accounts, type Account } from '../db/schema/cloud-accounts.ts'
import { pools, type Pool } from '../db/schema/pools.ts'
import { resources, type Resource } from '../db/schema/resources.ts'
import type { Organization, Person } from '../db/schema/organizations.ts'
import { sealer } from '../db/secrets.ts'
import type { Role } from '../db/vocabulary.ts'
import { contextFor, type Context, type Deps, type Outside } from '../engine/context.ts'
import { queues, type QueueName } from '../engine/queues.ts'
import { runJob, type AnyHandler } from '../engine/worker.ts'

export type Clock = { now: () => Date; set: (at: string | Date) => void; advance: (ms: number) => void }

export type World = {
  database: Database
  url: string
  deps: Deps
  clock: Clock
  org: Organization
  root: Pool
  /** Organization manager, the first person. */
  lea: Person
  /** The context of a person at the Slack door; Lea's without one. */
  as: (person?: Person) => Context
  /** The context of a job. */
  job: (name?: string) => Context
  person: (name: string, role?: Role, poolId?: string | null) => Promise<Person>
  pool: (name: string, more?: Partial<Pool>) => Promise<Pool>
  account: (cloud?: Account['cloud'], more?: Partial<Account>) => Promise<Account>
  resource: (account: Account, more?: Partial<Resource>) => Promise<Resource>
  /** Daily costs of a resource, both billed and effective, written to the facts and both rollups. */
  spend: (resource: Resource, costs: Record<string, number | string>) => Promise<void>
  /** Runs every waiting job of these handlers until none is left; returns the queues that ran, in order. */
  runJobs: (handlers: AnyHandler[]) => Promise<QueueName[]>
}

/** `url`: a migrated database of the test's own, on another server. */
export type WorldOptions = { now?: string; outside?: Partial<Outside>; currency?: string; url?: string }

const noBillReader: Outside['readBill'] = () =>
  Promise.reject(new Error('This world has no bill reader; pass one in options.outside.'))

/** Makes a world; call it once per test file (in `beforeAll`). It is closed after the file; a failing file's database stays. */
export async function world(options: WorldOptions = {}): Promise<World> {
  const url = options.url ?? (await cloneTemplate())
  const database = connect(url, { max: 8 })
  const boss = new PgBoss({ connectionString: url, max: 3, supervise: false, schedule: false, migrate: false })
  await boss.start()
  afterAll(async () => {
    await boss.stop({ graceful: false })
    await database.close()
  })
  let at = new Date(options.now ?? '2026-11-23T10:00:00Z')
  const clock: Clock = {
    now: () => at,
    set: (to) => (at = new Date(to)),
    advance: (ms) => (at = new Date(at.getTime() + ms)),
  }
  const deps: Deps = {
    db: database.db,
    boss,
    now: clock.now,
    outside: { clouds: {}, readBill: noBillReader, calendar: null, ...options.outside },
    secrets: sealer('a master key for tests'),
    log: pino({ level: process.env.TEST_LOG ?? 'silent' }),
    spool: await mkdtemp(join(tmpdir(), 'finops-spool-')),
    publicUrl: 'https://finops.example.com',
  }
  const org = await insertOrganization(database.db, {
    name: `Acme ${randomUUID().slice(0, 4)}`,
    currency: options.currency ?? 'USD',
  })
  const root = await insertPool(database, { orgId: org.id, name: org.name, purpose: 'business_unit' })
  const make = factories(database, { org, root, clock })
  const lea = await make.person('Lea', 'manager', null)
  return {
    ...{ database, url, deps, clock, org, root, lea },
    ...make,
    as: (person = lea) => contextFor(deps, org.id, { personId: person.id, door: 'slack' }),
    job: (job = 'test') => contextFor(deps, org.id, { personId: null, door: 'timer', job }),
    runJobs: (handlers) => runJobs(boss, deps, handlers),
  }
}

async function cloneTemplate(): Promise<string> {
  const server = inject('postgresUrl')
  const name = `finops_test_${randomUUID().replaceAll('-', '').slice(0, 16)}`
  const sql = postgres(server, { max: 1, onnotice: () => {} })
  await sql.unsafe(`create database ${name} template ${inject('templateName')}`)
  await sql.end()
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

async function insertPool({ db }: Database, row: typeof pools.$inferInsert): Promise<Pool> {
  const [made] = await db.insert(pools).values(row).returning()
  return made!
}

function factories(database: Database, { org, root, clock }: { org: Organization; root: Pool; clock: Clock }) {
  const { db, sql } = database
  let count = 0
  return {
    async person(name: string, role: Role = 'engineer', poolId: string | null = null): Promise<Person> {
      const person = await insertPerson(db, { orgId: org.id, name, email: `${name.toLowerCase()}@example.com` })
      await insertMembership(db, { orgId: org.id, personId: person.id, role, poolId })
      return person
    },
    pool: (name: string, more: Partial<Pool> = {}) =>
      insertPool(database, { orgId: org.id, parentId: root.id, name, ...more }),
    async account(cloud: Account['cloud'] = 'aws', more: Partial<Account> = {}): Promise<Account> {
      count += 1
      const row = {
        orgId: org.id,
        name: `${cloud} ${count}`,
        cloud,
        cloudAccountId: String(100000000000 + count),
        poolId: root.id,
        ...more,
      }
      const [made] = await db.insert(accounts).values(row).returning()
      return made!
    },
    async resource(account: Account, more: Partial<Resource> = {}): Promise<Resource> {
      count += 1
      const seen = { firstSeenAt: new Date(clock.now().getTime() - 60 * 86_400_000), lastSeenAt: clock.now() }
      const base = {
        orgId: org.id,
        accountId: account.id,
        cloudResourceId: `i-${count}`,
        name: `thing-${count}`,
        type: 'Instance',
      }
      const row = {
        ...base,
        region: 'eu-west-1',
        service: 'AmazonEC2',
        poolId: root.id,
        active: true,
        ...seen,
        ...more,
      }
      const [made] = await db.insert(resources).values(row).returning()
      return made!
    },
    async spend(resource: Resource, costs: Record<string, number | string>): Promise<void> {
      for (const [day, cost] of Object.entries(costs)) await spendOn(sql, resource, { day, cost: String(cost) })
    },
  }
}

async function spendOn(
  sql: postgres.Sql,
  resource: Resource,
  { day, cost }: { day: string; cost: string },
): Promise<void> {
  const month = `${day.slice(0, 7)}-01`
  const { orgId, accountId, poolId, ownerId, service, region } = resource
  const dimensions = { org_id: orgId, account_id: accountId, sub_account: '', service, region, category: 'Usage' }
  const amounts = { billed: cost, effective: cost, list: cost, lines: 1 }
  await sql`select ensure_months('expenses', ${day}::date, ${day}::date)`
  await sql`insert into expenses ${sql({ ...dimensions, ...amounts, contracted: cost, period: month, day, resource_id: resource.id })}`
  const rollup = { ...dimensions, pool_id: poolId, owner_id: ownerId, ...amounts }
  // No alias in `insert into`: postgres.js reads the word before its values and would take `as` for a select.
  const add = (table: string) => sql`do update set billed = ${sql(table)}.billed + excluded.billed,
    effective = ${sql(table)}.effective + excluded.effective, list = ${sql(table)}.list + excluded.list,
    lines = ${sql(table)}.lines + excluded.lines`
  await sql`insert into spend_days ${sql({ ...rollup, day })} on conflict on constraint spend_days_once ${add('spend_days')}`
  await sql`insert into spend_months ${sql({ ...rollup, month })} on conflict on constraint spend_months_once ${add('spend_months')}`
  await sql`update resources set total_cost = total_cost + ${cost}, last_expense_day = ${day}, last_expense_cost = ${cost}
    where id = ${resource.id} and (last_expense_day is null or last_expense_day <= ${day})`
}

async function runJobs(boss: PgBoss, deps: Deps, handlers: AnyHandler[]): Promise<QueueName[]> {
  const ran: QueueName[] = []
  for (let found = true; found;) {
    found = false
    for (const handler of handlers) {
      for (const job of await boss.fetch(handler.queue, { batchSize: 20, ignoreStartAfter: true })) {
        found = true
        ran.push(handler.queue)
        await runJob(deps, handler, { data: job.data })
        await boss.complete(handler.queue, job.id)
      }
    }
  }
  return ran
}

/** Every queue name, for tests that look at what waits. */
export const queueNames = Object.keys(queues) as QueueName[]
