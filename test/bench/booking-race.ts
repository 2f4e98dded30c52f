/**
 * Goal 15: two hundred clients want environments at once. Ours is the query the engine uses (INSERT … ON CONFLICT DO
 * NOTHING on the exclusion constraint); the peer looks first and inserts then, as calendar code usually does.
 * Ours must have no overlap and no deadlock, whatever its speed.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { and, eq, gt, inArray, lt } from 'drizzle-orm'
import { integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { connect, type Database, type Db } from '../../db/client.ts'
import { startEmbedded } from '../../db/embedded.ts'
import { ensureDatabase, migrateDatabase } from '../../db/migrate.ts'
import { insertBooking } from '../../db/queries/environments.ts'
import { insertOrganization, insertPerson } from '../../db/queries/organizations.ts'
import { instant } from '../../db/schema/columns.ts'
import { environments } from '../../db/schema/environments.ts'
import { liveBookingStates } from '../../db/vocabulary.ts'
import { hourMs } from '../../engine/time.ts'
import { seeded } from './bills.ts'
import type { Bench } from './harness.ts'

const clients = 200
const opening = Date.parse('2026-12-01T00:00:00Z')

type Wish = { environmentId: string; startsAt: Date; endsAt: Date }
/** Tries to book; true when it got the slot. */
type Book = (db: Db, wish: Wish) => Promise<boolean>
/** `tries` of one client after the other. */
type Workload = { name: string; tries: number; wish: (client: number, attempt: number) => Wish }
type Outcome = { perSecond: number; p99: number; won: number; overlaps: number; deadlocks: number }

/** Both workloads, ours and the peer's by turns. */
export const bench: Bench = {
  name: 'booking-race',
  async open() {
    const world = await raceWorld()
    const ours: Outcome[] = []
    const contender = (workload: Workload, way: 'ours' | 'peer') => ({
      name: `${way}, ${workload.name}`,
      async run() {
        const outcome = await run(world, workload, way)
        if (way === 'ours') ours.push({ ...outcome, won: workload.name === 'one slot' ? outcome.won : 1 })
        return outcome.perSecond
      },
    })
    const most = (of: (outcome: Outcome) => number) => Math.max(...ours.map(of))
    return {
      unit: '/s',
      contenders: world.workloads.flatMap((workload) => [contender(workload, 'ours'), contender(workload, 'peer')]),
      gates: [
        { goal: '15 overlaps', value: () => most(({ overlaps }) => overlaps), atMost: 0 },
        { goal: '15 deadlocks', value: () => most(({ deadlocks }) => deadlocks), atMost: 0 },
        ...world.workloads.map(({ name }) => ({
          goal: `15 throughput ÷ check-then-insert, ${name}`,
          value: (best: (name: string) => number) => best(`ours, ${name}`) / best(`peer, ${name}`),
          atLeast: 0.8,
        })),
      ],
      compare() {
        if (ours.some(({ won }) => won !== 1)) throw new Error('More or fewer than one client got the slot.')
        return Promise.resolve(
          `one of ${clients} clients got the slot; slowest percent ${Math.round(most(({ p99 }) => p99))} ms`,
        )
      },
      close: world.close,
    }
  },
}

type RaceWorld = {
  database: Database
  workloads: Workload[]
  ways: Record<'ours' | 'peer', { book: Book; table: string }>
  close: () => Promise<void>
}

/** A server with room for 200 connections, one organization and 20 environments. */
async function raceWorld(): Promise<RaceWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'finops-race-'))
  const server = await startEmbedded(folder, ['max_connections=260'])
  const url = await ensureDatabase(server.url, 'race')
  await migrateDatabase(url)
  const database = connect(url, { max: clients })
  const { orgId, personId, places } = await furnish(database)
  const row = (wish: Wish) => ({ ...wish, orgId, personId, plannedEndsAt: wish.endsAt })
  await database.sql`create table bookings_checked (like bookings including defaults, primary key (id))`
  await database.sql`create index on bookings_checked (environment_id, starts_at)`
  const random = seeded(15)
  const spread = Array.from({ length: clients * 25 }, (): Wish => {
    const startsAt = opening + Math.floor(random() * 480) * hourMs
    const length = (1 + Math.floor(random() * 4)) * hourMs
    return slot(places[Math.floor(random() * places.length)]!, startsAt, length)
  })
  return {
    database,
    workloads: [
      { name: 'one slot', tries: 10, wish: () => slot(places[0]!, opening, 2 * hourMs) },
      { name: 'many slots', tries: 25, wish: (client, attempt) => spread[client * 25 + attempt]! },
    ],
    ways: {
      ours: { table: 'bookings', book: async (db, wish) => (await insertBooking(db, row(wish))) !== null },
      peer: { table: 'bookings_checked', book: (db, wish) => checkThenInsert(db, row(wish)) },
    },
    close: async () => {
      await database.close()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const slot = (environmentId: string, startsAt: number, length: number): Wish => ({
  environmentId,
  startsAt: new Date(startsAt),
  endsAt: new Date(startsAt + length),
})

async function furnish({ db }: Database): Promise<{ orgId: string; personId: string; places: string[] }> {
  const { id: orgId } = await insertOrganization(db, { name: 'Race' })
  const { id: personId } = await insertPerson(db, { orgId, name: 'Racer' })
  const rows = Array.from({ length: 20 }, (_, n) => ({ orgId, name: `stage-${n}`, poolId: orgId }))
  const made = await db.insert(environments).values(rows).returning({ id: environments.id })
  return { orgId, personId, places: made.map((each) => each.id) }
}

/** The peer's table: the same columns, no exclusion constraint. */
const checked = pgTable('bookings_checked', {
  id: uuid('id').primaryKey().defaultRandom(),
  orgId: uuid('org_id').notNull(),
  environmentId: uuid('environment_id').notNull(),
  personId: uuid('person_id').notNull(),
  startsAt: instant('starts_at').notNull(),
  endsAt: instant('ends_at').notNull(),
  reason: text('reason').notNull().default(''),
  state: text('state').notNull().default('booked'),
  plannedEndsAt: instant('planned_ends_at').notNull(),
  remindedAt: instant('reminded_at'),
  rev: integer('rev').notNull().default(1),
  createdAt: instant('created_at').notNull().defaultNow(),
})

/** The usual way: is anything in the way? No: take it. Between the two statements somebody else did the same. */
async function checkThenInsert(db: Db, row: typeof checked.$inferInsert): Promise<boolean> {
  const inTheWay = and(
    eq(checked.environmentId, row.environmentId),
    inArray(checked.state, [...liveBookingStates]),
    lt(checked.startsAt, row.endsAt),
    gt(checked.endsAt, row.startsAt),
  )
  const taken = await db.select({ id: checked.id }).from(checked).where(inTheWay).limit(1)
  if (taken.length > 0) return false
  await db.insert(checked).values(row).returning()
  return true
}

async function run(world: RaceWorld, { tries, wish }: Workload, way: 'ours' | 'peer'): Promise<Outcome> {
  const { database } = world
  const { book, table } = world.ways[way]
  await database.sql`truncate ${database.sql(table)} cascade`
  // Every connection is open before the clock starts.
  await Promise.all(Array.from({ length: clients }, () => database.sql`select pg_sleep(0.05)`))
  const before = await deadlocks(database)
  const times: number[] = []
  let won = 0
  const started = performance.now()
  const client = async (n: number) => {
    for (let attempt = 0; attempt < tries; attempt += 1) {
      const began = performance.now()
      if (await book(database.db, wish(n, attempt))) won += 1
      times.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, n) => client(n)))
  const seconds = (performance.now() - started) / 1000
  return {
    perSecond: times.length / seconds,
    p99: times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]!,
    won,
    overlaps: await countOverlaps(database, table),
    deadlocks: (await deadlocks(database)) - before,
  }
}

async function countOverlaps({ sql: run }: Database, table: string): Promise<number> {
  const [row] = await run`select count(*)::int as pairs from ${run(table)} a join ${run(table)} b
    on a.environment_id = b.environment_id and a.id < b.id and a.starts_at < b.ends_at and b.starts_at < a.ends_at`
  return row!.pairs as number
}

/** Statistics reach the view when a backend is idle; the pause lets them. */
async function deadlocks({ sql: run }: Database): Promise<number> {
  await run`select pg_stat_force_next_flush(), pg_sleep(0.3)`
  const [row] = await run`select deadlocks::int as found from pg_stat_database where datname = current_database()`
  return row!.found as number
}
