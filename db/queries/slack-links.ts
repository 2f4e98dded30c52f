/** Who is which Slack user. */
import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { people, type Person } from '../schema/organizations.ts'
import { slackInstalls, slackLinks } from '../schema/slack.ts'

/** A workspace belongs to the organization it is installed for; a link made for another one leads nowhere. */
const ofItsWorkspace = and(eq(slackInstalls.teamId, slackLinks.teamId), eq(slackInstalls.orgId, slackLinks.orgId))

/** The person behind a Slack user, in the organization the workspace belongs to. */
export async function findLinkedPerson(db: Db, where: { teamId: string; slackUserId: string }): Promise<Person | null> {
  const [row] = await db
    .select({ person: people })
    .from(slackLinks)
    .innerJoin(slackInstalls, ofItsWorkspace)
    .innerJoin(people, and(eq(people.id, slackLinks.personId), eq(people.orgId, slackLinks.orgId)))
    .where(and(eq(slackLinks.teamId, where.teamId), eq(slackLinks.slackUserId, where.slackUserId)))
  return row?.person ?? null
}

export type SlackUser = { personId: string; teamId: string; slackUserId: string }

/** Who in the organization is which Slack user; only these people when `personIds` is given. */
export async function listSlackUsers(db: Db, where: { orgId: string; personIds?: string[] }): Promise<SlackUser[]> {
  if (where.personIds?.length === 0) return []
  return db
    .select({ personId: slackLinks.personId, teamId: slackLinks.teamId, slackUserId: slackLinks.slackUserId })
    .from(slackLinks)
    .innerJoin(slackInstalls, ofItsWorkspace)
    .where(
      and(
        eq(slackLinks.orgId, where.orgId),
        where.personIds ? inArray(slackLinks.personId, where.personIds) : undefined,
      ),
    )
    .orderBy(asc(slackLinks.linkedAt))
}

/** One person per Slack user: linking again moves the link. */
export async function upsertLink(db: Db, row: typeof slackLinks.$inferInsert): Promise<void> {
  await db
    .insert(slackLinks)
    .values(row)
    .onConflictDoUpdate({
      target: [slackLinks.teamId, slackLinks.slackUserId],
      set: { personId: row.personId, orgId: row.orgId, linkedAt: row.linkedAt ?? sql`now()` },
    })
}
