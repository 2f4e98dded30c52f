/** Who asked to be let in, and what came of it. */
import { and, desc, eq, gt, isNull, lt, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { joinRequests, type JoinRequest } from '../schema/slack.ts'

/** Keeps a request; while one of this Slack user is open it is the same, with what is new. */
export async function upsertJoinRequest(db: Db, row: typeof joinRequests.$inferInsert): Promise<JoinRequest> {
  const { name, email, zone, questionId } = row
  const [kept] = await db
    .insert(joinRequests)
    .values(row)
    .onConflictDoUpdate({
      target: [joinRequests.orgId, joinRequests.teamId, joinRequests.slackUserId],
      targetWhere: isNull(joinRequests.decidedAt),
      set: { name, email, zone, questionId: questionId ?? sql`${joinRequests.questionId}` },
    })
    .returning()
  return kept!
}

type One = { orgId: string; id: string }
const isOne = ({ orgId, id }: One) => and(eq(joinRequests.orgId, orgId), eq(joinRequests.id, id))

/** A request of this organization. */
export async function findJoinRequest(db: Db, where: One): Promise<JoinRequest | null> {
  const [row] = await db.select().from(joinRequests).where(isOne(where))
  return row ?? null
}

/** The same, once nobody else decides it; call it in a transaction. */
export async function lockJoinRequest(db: Db, where: One): Promise<JoinRequest | null> {
  const [row] = await db.select().from(joinRequests).where(isOne(where)).for('update')
  return row ?? null
}

type User = { orgId: string; teamId: string; slackUserId: string }
const ofUser = ({ orgId, teamId, slackUserId }: User) =>
  and(eq(joinRequests.orgId, orgId), eq(joinRequests.teamId, teamId), eq(joinRequests.slackUserId, slackUserId))

/** The last request of a Slack user that was declined after `since`. */
export async function findDeclinedJoinRequest(db: Db, where: User & { since: Date }): Promise<JoinRequest | null> {
  const [row] = await db
    .select()
    .from(joinRequests)
    .where(and(ofUser(where), eq(joinRequests.decision, 'declined'), gt(joinRequests.decidedAt, where.since)))
    .orderBy(desc(joinRequests.decidedAt))
    .limit(1)
  return row ?? null
}

type Decision = { decision: NonNullable<JoinRequest['decision']>; decidedBy: string | null; decidedAt: Date }

/** Decides the open request of a Slack user; null when there is none. */
export async function decideJoinRequest(db: Db, where: User & { decision: Decision }): Promise<JoinRequest | null> {
  const [row] = await db
    .update(joinRequests)
    .set({ ...where.decision, rev: sql`${joinRequests.rev} + 1` })
    .where(and(ofUser(where), isNull(joinRequests.decidedAt)))
    .returning()
  return row ?? null
}

/** Forgets who asked before; their cards say that the request is gone. */
export async function deleteJoinRequestsBefore(db: Db, at: Date): Promise<void> {
  await db.delete(joinRequests).where(lt(joinRequests.askedAt, at))
}
