/** What a person owns and holds: counted before they go, and handed to an heir as a whole. */
import { and, eq, gt, inArray, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { rules } from '../schema/assignments.ts'
import { cleanUps } from '../schema/clean-ups.ts'
import { bookings, environments } from '../schema/environments.ts'
import { people, sessions, signInLinks } from '../schema/organizations.ts'
import { pools } from '../schema/pools.ts'
import { slackLinks } from '../schema/slack.ts'
import { setAssignments } from './assignments.ts'

/** Resources that are there, rules, pools whose default owner they are, environments, bookings to come or running, clean-ups not yet proven. */
export type Estate = {
  resources: number
  rules: number
  pools: number
  environments: number
  bookings: number
  cleanUps: number
}

type Whose = { orgId: string; personId: string; now: Date }

const liveBookings = ({ orgId, personId, now }: Whose) =>
  and(
    eq(bookings.orgId, orgId),
    eq(bookings.personId, personId),
    inArray(bookings.state, ['booked', 'active']),
    gt(bookings.endsAt, now),
  )
const openCleanUps = ({ orgId, personId }: Whose) =>
  and(
    eq(cleanUps.orgId, orgId),
    eq(cleanUps.personId, personId),
    inArray(cleanUps.state, ['waiting_approval', 'handed_over']),
  )

/** What an heir would get. */
export async function countEstate(db: Db, whose: Whose): Promise<Estate> {
  const { orgId, personId } = whose
  const [held, open] = [db.$count(bookings, liveBookings(whose)), db.$count(cleanUps, openCleanUps(whose))]
  const [found] = await db.execute<Omit<Estate, 'bookings' | 'cleanUps'>>(sql`select
    (select count(*)::int from resources where org_id = ${orgId} and owner_id = ${personId} and active) as resources,
    (select count(*)::int from rules where org_id = ${orgId} and owner_id = ${personId}) as rules,
    (select count(*)::int from pools where org_id = ${orgId} and default_owner_id = ${personId}) as pools,
    (select count(*)::int from environments where org_id = ${orgId} and owner_id = ${personId}) as environments`)
  return { ...found!, bookings: await held, cleanUps: await open }
}

/** Resources of the past too, with their spend: like an assignment of all of them. Accounts must be locked before (`lockSpend`). */
export async function setResourcesOwner(db: Db, where: { orgId: string; from: string; to: string }): Promise<void> {
  const { orgId, from, to } = where
  const theirs = sql`resources where org_id = ${orgId} and owner_id = ${from}`
  await setAssignments(db, {
    orgId,
    scope: sql`select distinct account_id from ${theirs}`,
    places: sql`select id as resource_id, pool_id, ${to}::uuid as owner_id, assigned_by, rule_id from ${theirs}`,
  })
}

/** Everything else that has an owner goes to the heir; returns the bookings and clean-ups that went, so that they can be told and redrawn. */
export async function setEstateOwner(
  db: Db,
  { to, ...whose }: Whose & { to: string },
): Promise<{ bookings: string[]; cleanUps: string[] }> {
  const { orgId, personId } = whose
  await db
    .update(rules)
    .set({ ownerId: to })
    .where(and(eq(rules.orgId, orgId), eq(rules.ownerId, personId)))
  await db
    .update(pools)
    .set({ defaultOwnerId: to })
    .where(and(eq(pools.orgId, orgId), eq(pools.defaultOwnerId, personId)))
  await db
    .update(environments)
    .set({ ownerId: to })
    .where(and(eq(environments.orgId, orgId), eq(environments.ownerId, personId)))
  const rev = sql`rev + 1`
  const held = await db
    .update(bookings)
    .set({ personId: to, rev })
    .where(liveBookings(whose))
    .returning({ id: bookings.id })
  // What was only being chosen was nobody's yet; the same request of the heir stays theirs alone.
  await db
    .delete(cleanUps)
    .where(and(eq(cleanUps.orgId, orgId), eq(cleanUps.personId, personId), eq(cleanUps.state, 'choosing')))
  const twin = sql`exists (select from clean_ups t where t.org_id = ${orgId} and t.person_id = ${to}
    and t.sha256 = ${cleanUps.sha256} and t.state in ('waiting_approval', 'handed_over'))`
  const open = await db
    .update(cleanUps)
    .set({ personId: to, rev })
    .where(and(openCleanUps(whose), sql`not ${twin}`))
    .returning({ id: cleanUps.id })
  return { bookings: held.map(({ id }) => id), cleanUps: open.map(({ id }) => id) }
}

/** Every way in ends: Slack links, sessions, sign-in links; the row stays for names, without the e-mail. */
export async function setPersonRemoved(db: Db, { orgId, personId, now }: Whose): Promise<void> {
  await db.delete(slackLinks).where(and(eq(slackLinks.orgId, orgId), eq(slackLinks.personId, personId)))
  await db.delete(sessions).where(and(eq(sessions.orgId, orgId), eq(sessions.personId, personId)))
  await db.delete(signInLinks).where(and(eq(signInLinks.orgId, orgId), eq(signInLinks.personId, personId)))
  await db
    .update(people)
    .set({ removedAt: now, email: null })
    .where(and(eq(people.orgId, orgId), eq(people.id, personId)))
}
