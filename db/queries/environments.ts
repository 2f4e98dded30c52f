import { and, asc, count, eq, getTableColumns, gt, ilike, inArray, lt, lte, sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { bookings, environments, propertyChanges, type Booking, type Environment } from '../schema/environments.ts'
import { people } from '../schema/organizations.ts'
import { resources } from '../schema/resources.ts'
import { liveBookingStates, type BookingState } from '../vocabulary.ts'

/** A booking with the names a card needs. */
export type BookingRow = Booking & { holder: string; environment: string }

/** An environment as a board shows it. `available`: switched on and, when it is a shared resource, that is active too. */
export type EnvironmentRow = Environment & { available: boolean; current: BookingRow | null; next: BookingRow | null }

const live = inArray(bookings.state, [...liveBookingStates])

const bookingRow = {
  ...getTableColumns(bookings),
  holder: people.name,
  environment: sql<string>`${environments.name}`.as('environment_name'),
}

const bookingsWithNames = (db: Db) =>
  db
    .select(bookingRow)
    .from(bookings)
    .innerJoin(environments, eq(environments.id, bookings.environmentId))
    .innerJoin(people, eq(people.id, bookings.personId))

/** Environments and, in a second statement, the booking that holds each at `now` and the one after it. */
async function selectBoard(db: Db, now: Date, where: SQL | undefined): Promise<EnvironmentRow[]> {
  const found = await db
    .select({ environment: environments, resourceActive: resources.active })
    .from(environments)
    .leftJoin(resources, eq(resources.id, environments.resourceId))
    .where(where)
    .orderBy(asc(environments.name))
  // Inlined: DISTINCT ON and ORDER BY must be the same expression, and two parameters are not.
  const started = sql<boolean>`(${bookings.startsAt} <= ${sql.raw(`'${now.toISOString()}'`)})`
  const held = await db
    .selectDistinctOn([bookings.environmentId, started], { ...bookingRow, started })
    .from(bookings)
    .innerJoin(environments, eq(environments.id, bookings.environmentId))
    .innerJoin(people, eq(people.id, bookings.personId))
    .where(and(where, live, gt(bookings.endsAt, now)))
    .orderBy(bookings.environmentId, started, asc(bookings.startsAt))
  const byPlace = new Map(held.map(({ started: isCurrent, ...row }) => [`${row.environmentId} ${isCurrent}`, row]))
  return found.map(({ environment, resourceActive }) => ({
    ...environment,
    available: environment.active && (resourceActive ?? true),
    current: byPlace.get(`${environment.id} true`) ?? null,
    next: byPlace.get(`${environment.id} false`) ?? null,
  }))
}

/** Every environment by name, with who holds it at `now` and who is next. */
export async function listEnvironments(db: Db, orgId: string, now = new Date()): Promise<EnvironmentRow[]> {
  return selectBoard(db, now, eq(environments.orgId, orgId))
}

/** One environment as the board shows it, or null. */
export async function findEnvironment(
  db: Db,
  where: { orgId: string; id: string; now?: Date },
): Promise<EnvironmentRow | null> {
  const which = and(eq(environments.orgId, where.orgId), eq(environments.id, where.id))
  const [row] = await selectBoard(db, where.now ?? new Date(), which)
  return row ?? null
}

/** Environments whose name is or contains the text, whatever its case; when one is called exactly so, only that one. */
export async function findEnvironmentsByName(
  db: Db,
  where: { orgId: string; text: string; now?: Date },
): Promise<EnvironmentRow[]> {
  const pattern = `%${where.text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  const which = and(eq(environments.orgId, where.orgId), ilike(environments.name, pattern))
  const rows = await selectBoard(db, where.now ?? new Date(), which)
  const exact = rows.filter((row) => row.name.toLowerCase() === where.text.toLowerCase())
  return exact.length ? exact : rows
}

/** The environment a resource was marked as, or null. */
export async function findEnvironmentOfResource(
  db: Db,
  where: { orgId: string; resourceId: string },
): Promise<Environment | null> {
  const [row] = await db
    .select()
    .from(environments)
    .where(and(eq(environments.orgId, where.orgId), eq(environments.resourceId, where.resourceId)))
  return row ?? null
}

/** Null when the name or the resource is taken. */
export async function insertEnvironment(db: Db, row: typeof environments.$inferInsert): Promise<Environment | null> {
  const [made] = await db.insert(environments).values(row).onConflictDoNothing().returning()
  return made ?? null
}

/** Changes columns and counts the revision; null when there is no such environment. */
export async function setEnvironment(
  db: Db,
  where: { orgId: string; id: string },
  change: Partial<typeof environments.$inferInsert>,
): Promise<Environment | null> {
  const [row] = await db
    .update(environments)
    .set({ ...change, rev: sql`${environments.rev} + 1` })
    .where(and(eq(environments.orgId, where.orgId), eq(environments.id, where.id)))
    .returning()
  return row ?? null
}

/** Locks the row until the transaction ends and returns its properties as they are now. */
export async function lockProperties(db: Db, id: string): Promise<Record<string, string>> {
  const [row] = await db
    .select({ properties: environments.properties })
    .from(environments)
    .where(eq(environments.id, id))
    .for('update')
  return row?.properties ?? {}
}

/** Takes the environment out with its bookings; returns those that were live, the earliest first. Nobody books it meanwhile. */
export async function deleteEnvironmentRow(db: Db, where: { orgId: string; id: string }): Promise<Booking[]> {
  await db.select({ id: environments.id }).from(environments).where(eq(environments.id, where.id)).for('update')
  const held = await db
    .select()
    .from(bookings)
    .where(and(eq(bookings.environmentId, where.id), eq(bookings.orgId, where.orgId), live))
    .orderBy(asc(bookings.startsAt))
  await db.delete(environments).where(and(eq(environments.orgId, where.orgId), eq(environments.id, where.id)))
  return held
}

/** Keeps who changed which properties, for their history. */
export async function insertPropertyChange(db: Db, row: typeof propertyChanges.$inferInsert): Promise<void> {
  await db.insert(propertyChanges).values(row)
}

/** History of an environment's properties, newest first. */
export async function listPropertyChanges(
  db: Db,
  environmentId: string,
): Promise<(typeof propertyChanges.$inferSelect)[]> {
  return db
    .select()
    .from(propertyChanges)
    .where(eq(propertyChanges.environmentId, environmentId))
    .orderBy(sql`${propertyChanges.at} desc`)
    .limit(200)
}

/** A booking with the names of its holder and environment, or null. */
export async function findBooking(db: Db, where: { orgId: string; id: string }): Promise<BookingRow | null> {
  const [row] = await bookingsWithNames(db).where(and(eq(bookings.orgId, where.orgId), eq(bookings.id, where.id)))
  return row ?? null
}

export type BookingFilter = {
  orgId: string
  environmentId?: string
  personId?: string
  /** Bookings that touch [from, to): they end after `from` and start before `to`. */
  from?: Date
  to?: Date
  /** The live ones when left out. */
  states?: readonly BookingState[]
  limit?: number
}

/** Which of these bookings, in whatever state, are the organization's. */
export async function listBookingsAmong(db: Db, where: { orgId: string; ids: string[] }): Promise<string[]> {
  const rows = await db
    .select({ id: bookings.id })
    .from(bookings)
    .where(and(eq(bookings.orgId, where.orgId), inArray(bookings.id, where.ids)))
    .orderBy(asc(bookings.startsAt), asc(bookings.id))
  return rows.map(({ id }) => id)
}

/** Bookings that match, earliest first. */
export async function listBookings(db: Db, filter: BookingFilter): Promise<BookingRow[]> {
  const where = and(
    eq(bookings.orgId, filter.orgId),
    filter.environmentId ? eq(bookings.environmentId, filter.environmentId) : undefined,
    filter.personId ? eq(bookings.personId, filter.personId) : undefined,
    filter.from ? gt(bookings.endsAt, filter.from) : undefined,
    filter.to ? lt(bookings.startsAt, filter.to) : undefined,
    inArray(bookings.state, [...(filter.states ?? liveBookingStates)]),
  )
  return bookingsWithNames(db)
    .where(where)
    .orderBy(asc(bookings.startsAt))
    .limit(filter.limit ?? 500)
}

/**
 * Takes the slot, or returns null when any part of it is taken. ON CONFLICT DO NOTHING on purpose: a plain INSERT
 * deadlocks when many want one slot, and asking before inserting books it twice.
 */
export async function insertBooking(db: Db, row: typeof bookings.$inferInsert): Promise<Booking | null> {
  const [made] = await db.insert(bookings).values(row).onConflictDoNothing().returning()
  return made ?? null
}

/** Changes a booking nobody changed since it was read at `rev`, and counts the revision; null when somebody did. */
export async function setBooking(
  db: Db,
  where: { orgId: string; id: string; rev: number },
  change: Partial<Pick<Booking, 'state' | 'endsAt' | 'plannedEndsAt' | 'remindedAt'>>,
): Promise<Booking | null> {
  const [row] = await db
    .update(bookings)
    .set({ ...change, rev: where.rev + 1 })
    .where(and(eq(bookings.orgId, where.orgId), eq(bookings.id, where.id), eq(bookings.rev, where.rev)))
    .returning()
  return row ?? null
}

/** Lets one caller at a time book for this person on this environment, until the transaction ends, so that a count stays true. */
export async function lockBookingsOf(db: Db, where: { environmentId: string; personId: string }): Promise<void> {
  const key = `bookings ${where.environmentId} ${where.personId}`
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`)
}

/** Live bookings of the person on the environment that start after `now`. */
export async function countFutureBookings(
  db: Db,
  where: { environmentId: string; personId: string; now: Date },
): Promise<number> {
  const [row] = await db
    .select({ found: count() })
    .from(bookings)
    .where(
      and(
        eq(bookings.environmentId, where.environmentId),
        eq(bookings.personId, where.personId),
        live,
        gt(bookings.startsAt, where.now),
      ),
    )
  return row?.found ?? 0
}

type Moved = Pick<Booking, 'id' | 'orgId' | 'environmentId' | 'personId' | 'startsAt' | 'endsAt'>
const moved = {
  id: bookings.id,
  orgId: bookings.orgId,
  environmentId: bookings.environmentId,
  personId: bookings.personId,
  startsAt: bookings.startsAt,
  endsAt: bookings.endsAt,
}

/** Bookings whose start has come become active. The revision stays: nobody decided anything. */
export async function setStartedBookings(db: Db, now: Date): Promise<Moved[]> {
  return db
    .update(bookings)
    .set({ state: 'active' })
    .where(and(eq(bookings.state, 'booked'), lte(bookings.startsAt, now), gt(bookings.endsAt, now)))
    .returning(moved)
}

/** Live bookings whose end has come are expired. */
export async function setExpiredBookings(db: Db, now: Date): Promise<Moved[]> {
  return db
    .update(bookings)
    .set({ state: 'expired' })
    .where(and(live, lte(bookings.endsAt, now)))
    .returning(moved)
}

/** Active bookings that end before `before` and whose holder was not reminded yet; those no longer than the warning itself are left alone. */
export async function setRemindedBookings(db: Db, when: { now: Date; before: Date }): Promise<Moved[]> {
  const warning = sql`make_interval(secs => ${(when.before.getTime() - when.now.getTime()) / 1000})`
  return db
    .update(bookings)
    .set({ remindedAt: when.now })
    .where(
      and(
        eq(bookings.state, 'active'),
        sql`${bookings.remindedAt} is null`,
        gt(bookings.endsAt, when.now),
        lte(bookings.endsAt, when.before),
        sql`${bookings.endsAt} - ${bookings.startsAt} > ${warning}`,
      ),
    )
    .returning(moved)
}
