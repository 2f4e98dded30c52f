import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { memberships, organizations, options, people, sessions, signInLinks } from '../schema/organizations.ts'
import type { Membership, Organization, Person, Session } from '../schema/organizations.ts'
import type { Role } from '../vocabulary.ts'

/** The organization, or throws. */
export async function getOrganization(db: Db, orgId: string): Promise<Organization> {
  const [row] = await db.select().from(organizations).where(eq(organizations.id, orgId))
  if (!row) throw new Error('No such organization')
  return row
}

/** Every organization of the installation, by name: for jobs and the terminal, never for a person. */
export async function listOrganizations(db: Db): Promise<Organization[]> {
  return db.select().from(organizations).orderBy(asc(organizations.name))
}

/** A new organization, still without a pool and people. */
export async function insertOrganization(db: Db, row: typeof organizations.$inferInsert): Promise<Organization> {
  const [made] = await db.insert(organizations).values(row).returning()
  return made!
}

/** A person of the organization, or null; nobody who was removed. */
export async function findPerson(db: Db, where: { orgId: string; id: string }): Promise<Person | null> {
  const [row] = await db
    .select()
    .from(people)
    .where(and(eq(people.orgId, where.orgId), eq(people.id, where.id), isNull(people.removedAt)))
  return row ?? null
}

/** Who has this e-mail in the organization, written in whatever case; or null. */
export async function findPersonByEmail(db: Db, where: { orgId: string; email: string }): Promise<Person | null> {
  const [row] = await db
    .select()
    .from(people)
    .where(and(eq(people.orgId, where.orgId), sql`lower(${people.email}) = lower(${where.email})`))
  return row ?? null
}

/** Everybody of the organization, by name. */
export async function listPeople(db: Db, orgId: string): Promise<Person[]> {
  return db
    .select()
    .from(people)
    .where(and(eq(people.orgId, orgId), isNull(people.removedAt)))
    .orderBy(asc(people.name))
}

/** A new person without any role. */
export async function insertPerson(db: Db, row: typeof people.$inferInsert): Promise<Person> {
  const [made] = await db.insert(people).values(row).returning()
  return made!
}

/** `zone` is an IANA name: days and times are said in it. */
export async function setPersonZone(db: Db, where: { orgId: string; id: string; zone: string }): Promise<void> {
  await db
    .update(people)
    .set({ zone: where.zone })
    .where(and(eq(people.orgId, where.orgId), eq(people.id, where.id)))
}

/** The roles a person holds; `poolId` null is the organization. */
export async function listMemberships(db: Db, where: { orgId: string; personId: string }): Promise<Membership[]> {
  return db
    .select()
    .from(memberships)
    .where(and(eq(memberships.orgId, where.orgId), eq(memberships.personId, where.personId)))
}

/** Gives a role; one that is held already stays as it is. */
export async function insertMembership(db: Db, row: typeof memberships.$inferInsert): Promise<void> {
  await db.insert(memberships).values(row).onConflictDoNothing()
}

/** Takes the roles a person holds on a pool, on the organization (`poolId` null), or anywhere (left out). */
export async function deleteMemberships(
  db: Db,
  where: { orgId: string; personId: string; poolId?: string | null },
): Promise<void> {
  const { orgId, personId, poolId } = where
  const place =
    poolId === undefined ? undefined : poolId === null ? isNull(memberships.poolId) : eq(memberships.poolId, poolId)
  await db.delete(memberships).where(and(eq(memberships.orgId, orgId), eq(memberships.personId, personId), place))
}

/** Ids of the organization managers; nobody else can give or take that role until the transaction ends. */
export async function lockOrganizationManagers(db: Db, orgId: string): Promise<string[]> {
  const rows = await db
    .select({ personId: memberships.personId })
    .from(memberships)
    .where(and(eq(memberships.orgId, orgId), eq(memberships.role, 'manager'), isNull(memberships.poolId)))
    .orderBy(asc(memberships.id))
    .for('update')
  return rows.map(({ personId }) => personId)
}

/** Until the transaction ends nobody else changes what this person holds. */
export async function lockPerson(db: Db, where: { orgId: string; id: string }): Promise<void> {
  await db
    .select({ id: people.id })
    .from(people)
    .where(and(eq(people.orgId, where.orgId), eq(people.id, where.id)))
    .for('no key update')
}

/** A role with the name of its pool; null is the organization. */
export type HeldRole = { role: Role; poolId: string | null; pool: string | null }

/** Somebody with the roles they hold, the organization's first, and whether Slack knows them. */
export type Member = Person & { isLinked: boolean; roles: HeldRole[] }

/** People by name with their roles; a page begins after the person `after`, and holds `limit` at most. */
export async function listMembers(
  db: Db,
  where: { orgId: string; ids?: string[]; after?: string; limit: number },
): Promise<Member[]> {
  const rows = await db.execute<{
    id: string
    name: string
    email: string | null
    zone: string
    created_at: string
    is_linked: boolean
    roles: HeldRole[]
  }>(sql`
    select p.id, p.name, p.email, p.zone, p.created_at, exists (select from slack_links l where l.person_id = p.id) as is_linked,
      coalesce(held.roles, '[]') as roles
    from people p
    left join lateral (
      select jsonb_agg(jsonb_build_object('role', m.role, 'poolId', m.pool_id, 'pool', pool.name)
        order by m.pool_id is not null, pool.name) as roles
      from memberships m left join pools pool on pool.id = m.pool_id
      where m.person_id = p.id and (m.pool_id is null or pool.id is not null)
    ) held on true
    where p.org_id = ${where.orgId} and p.removed_at is null
      ${where.ids ? sql`and p.id = any(${sql.param(where.ids)}::uuid[])` : sql``}
      ${where.after ? sql`and (p.name, p.id) > (select name, id from people where id = ${where.after} and org_id = ${where.orgId})` : sql``}
    order by p.name, p.id limit ${where.limit}`)
  return [...rows].map(({ created_at: createdAt, is_linked: isLinked, ...row }) => ({
    ...row,
    orgId: where.orgId,
    createdAt: new Date(createdAt),
    removedAt: null,
    isLinked,
  }))
}

/** The pool itself and everything above it, nearest first. */
export async function listPoolAncestors(db: Db, where: { orgId: string; poolId: string }): Promise<string[]> {
  const rows = await db.execute<{ ancestor_id: string }>(sql`
    with recursive up as (
      select id, parent_id, 0 as distance from pools where id = ${where.poolId} and org_id = ${where.orgId}
      union all select p.id, p.parent_id, up.distance + 1 from pools p join up on p.id = up.parent_id
    ) select id as ancestor_id from up order by distance`)
  return rows.map((row) => row.ancestor_id)
}

/** Managers of the pool or of anything above it, the nearest first, organization managers last. `poolId` null: those of the organization. */
export async function listManagers(
  db: Db,
  where: { orgId: string; poolId: string | null },
): Promise<{ id: string; name: string }[]> {
  const rows = await db.execute<{ id: string; name: string }>(sql`
    with recursive up as (
      select id, parent_id, 0 as distance from pools where id = ${where.poolId}::uuid and org_id = ${where.orgId}
      union all select p.id, p.parent_id, up.distance + 1 from pools p join up on p.id = up.parent_id
    )
    select person.id, person.name from memberships m
    join people person on person.id = m.person_id
    left join up on up.id = m.pool_id
    where m.org_id = ${where.orgId} and m.role = 'manager' and (m.pool_id is null or up.id is not null)
    group by person.id, person.name
    order by min(coalesce(up.distance, 1000000)), person.name`)
  return [...rows]
}

/** The highest label of a person, for "Your role: …": organization manager, pool manager, engineer, member. */
export async function findHighestRole(
  db: Db,
  where: { orgId: string; personId: string },
): Promise<{ role: Role; poolId: string | null } | null> {
  const order = sql`case when role = 'manager' and pool_id is null then 0 when role = 'manager' then 1 when role = 'engineer' then 2 else 3 end`
  const [row] = await db
    .select({ role: memberships.role, poolId: memberships.poolId })
    .from(memberships)
    .where(and(eq(memberships.orgId, where.orgId), eq(memberships.personId, where.personId)))
    .orderBy(order)
    .limit(1)
  return row ?? null
}

/** A named setting of the organization, or null when it was never set. */
export async function findOption(
  db: Db,
  where: { orgId: string; name: string },
): Promise<Record<string, unknown> | null> {
  const [row] = await db
    .select()
    .from(options)
    .where(and(eq(options.orgId, where.orgId), eq(options.name, where.name)))
  return row?.value ?? null
}

/** Changes of a setting follow each other, until the transaction ends. */
export async function lockOption(db: Db, { orgId, name }: { orgId: string; name: string }): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`option ${orgId} ${name}`}, 0))`)
}

/** Replaces a setting of the organization as a whole. */
export async function setOption(
  db: Db,
  row: { orgId: string; name: string; value: Record<string, unknown> },
): Promise<void> {
  await db
    .insert(options)
    .values(row)
    .onConflictDoUpdate({ target: [options.orgId, options.name], set: { value: row.value, updatedAt: sql`now()` } })
}

/** Writes an option only while it still is what was read; false when somebody was faster. */
export async function replaceOption(
  db: Db,
  row: { orgId: string; name: string; value: Record<string, unknown>; before: Record<string, unknown> },
): Promise<boolean> {
  const same = sql`${options.value} = ${JSON.stringify(row.before)}::jsonb`
  const done = await db
    .update(options)
    .set({ value: row.value, updatedAt: sql`now()` })
    .where(and(eq(options.orgId, row.orgId), eq(options.name, row.name), same))
    .returning({ name: options.name })
  return done.length === 1
}

/** Keeps the hash of a link, never the link. */
export async function insertSignInLink(db: Db, row: typeof signInLinks.$inferInsert): Promise<void> {
  await db.insert(signInLinks).values(row)
}

/** A link that would still work, without using it up. */
export async function findSignInLink(
  db: Db,
  where: { hash: string; now: Date },
): Promise<{ orgId: string; personId: string; goTo: string } | null> {
  const [row] = await db
    .select({ orgId: signInLinks.orgId, personId: signInLinks.personId, goTo: signInLinks.goTo })
    .from(signInLinks)
    .where(
      sql`${signInLinks.hash} = ${where.hash} and ${signInLinks.usedAt} is null and ${signInLinks.expiresAt} > ${where.now.toISOString()}`,
    )
  return row ?? null
}

/** Uses up a sign-in link: of two browsers that open it, one gets the row. */
export async function setSignInLinkUsed(
  db: Db,
  where: { hash: string; now: Date },
): Promise<{ orgId: string; personId: string; goTo: string } | null> {
  const [row] = await db
    .update(signInLinks)
    .set({ usedAt: where.now })
    .where(
      sql`${signInLinks.hash} = ${where.hash} and ${signInLinks.usedAt} is null and ${signInLinks.expiresAt} > ${where.now.toISOString()}`,
    )
    .returning({ orgId: signInLinks.orgId, personId: signInLinks.personId, goTo: signInLinks.goTo })
  return row ?? null
}

/** Keeps the hash of a session, never the cookie. */
export async function insertSession(db: Db, row: typeof sessions.$inferInsert): Promise<void> {
  await db.insert(sessions).values(row)
}

/** The session of a cookie by its hash; null when it is over. */
export async function findSession(db: Db, where: { hash: string; now: Date }): Promise<Session | null> {
  const [row] = await db
    .select()
    .from(sessions)
    .where(sql`${sessions.hash} = ${where.hash} and ${sessions.expiresAt} > ${where.now.toISOString()}`)
  return row ?? null
}

/** Signs out. */
export async function deleteSession(db: Db, hash: string): Promise<void> {
  await db.delete(sessions).where(eq(sessions.hash, hash))
}

/** Takes away sessions and sign-in links nobody can use any more. */
export async function deleteExpiredSessions(db: Db, now: Date): Promise<void> {
  await db.delete(sessions).where(sql`${sessions.expiresAt} <= ${now.toISOString()}`)
  await db.delete(signInLinks).where(sql`${signInLinks.expiresAt} <= ${now.toISOString()}`)
}
