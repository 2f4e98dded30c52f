/** The outbox: messages that wait for their turn in a conversation (a lane), and what became of them. */
import { and, asc, desc, eq, isNotNull, isNull, lte, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { deleteInBatches, hasNoLiveCopy } from './batches.ts'
import { slackDeliveries, type SlackDelivery } from '../schema/slack.ts'

/** Puts a message into the outbox; null when the same key is there already (IC-14). */
export async function insertDelivery(db: Db, row: typeof slackDeliveries.$inferInsert): Promise<string | null> {
  const [made] = await db
    .insert(slackDeliveries)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: slackDeliveries.id })
  return made?.id ?? null
}

/** A message of the outbox, or null. */
export async function findDelivery(db: Db, where: { orgId: string; id: string }): Promise<SlackDelivery | null> {
  const [row] = await db
    .select()
    .from(slackDeliveries)
    .where(and(eq(slackDeliveries.orgId, where.orgId), eq(slackDeliveries.id, where.id)))
  return row ?? null
}

/** A conversation of an organization: a workspace that was moved has messages of two. */
type Lane = { orgId: string; teamId: string; lane: string }

const waiting = (lane: Lane) =>
  and(
    eq(slackDeliveries.orgId, lane.orgId),
    eq(slackDeliveries.teamId, lane.teamId),
    eq(slackDeliveries.lane, lane.lane),
    isNull(slackDeliveries.deliveredAt),
    isNull(slackDeliveries.failure),
  )

/** The next message of a lane: the most urgent first, then the oldest. Not before its time. */
export async function findNextDelivery(db: Db, where: Lane & { now: Date }): Promise<SlackDelivery | null> {
  const [row] = await db
    .select()
    .from(slackDeliveries)
    .where(and(waiting(where), lte(slackDeliveries.notBefore, where.now)))
    .orderBy(desc(slackDeliveries.priority), asc(slackDeliveries.createdAt), asc(slackDeliveries.id))
    .limit(1)
  return row ?? null
}

/** Where a card of this subject was posted in this lane before, newest first: the same card is edited, not repeated. */
export async function findPostedTs(
  db: Db,
  where: Lane & { message: string; subjectId: string },
): Promise<string | null> {
  const [row] = await db
    .select({ ts: slackDeliveries.ts })
    .from(slackDeliveries)
    .where(
      and(
        eq(slackDeliveries.orgId, where.orgId),
        eq(slackDeliveries.teamId, where.teamId),
        eq(slackDeliveries.lane, where.lane),
        eq(slackDeliveries.message, where.message),
        eq(slackDeliveries.subjectId, where.subjectId),
        isNotNull(slackDeliveries.ts),
      ),
    )
    .orderBy(desc(slackDeliveries.deliveredAt))
    .limit(1)
  return row?.ts ?? null
}

/** The moment the lane goes on, or null when nothing waits. */
export async function findLaneStart(db: Db, where: Lane): Promise<Date | null> {
  const [row] = await db
    .select({ at: slackDeliveries.notBefore })
    .from(slackDeliveries)
    .where(waiting(where))
    .orderBy(asc(slackDeliveries.notBefore))
    .limit(1)
  return row?.at ?? null
}

/** Posted at `ts`; with a `failure` settled without a posting. It is not tried again. */
export async function setDelivered(
  db: Db,
  where: { id: string; at: Date; ts: string | null; failure?: string | null },
): Promise<void> {
  await db
    .update(slackDeliveries)
    .set({ deliveredAt: where.at, ts: where.ts, failure: where.failure ?? null })
    .where(eq(slackDeliveries.id, where.id))
}

/** Given up, with the reason; it is not tried again. */
export async function setDeliveryFailed(db: Db, where: { id: string; failure: string }): Promise<void> {
  await db.update(slackDeliveries).set({ failure: where.failure }).where(eq(slackDeliveries.id, where.id))
}

/** Slack asked to wait: the whole lane pauses, so the order stays. */
export async function setLanePaused(db: Db, where: Lane & { until: Date }): Promise<void> {
  await db
    .update(slackDeliveries)
    .set({ notBefore: where.until, attempts: sql`${slackDeliveries.attempts} + 1` })
    .where(waiting(where))
}

/** Forgets what was said or given up before; where its card lives, it is known where that was posted. */
export async function deleteDeliveriesBefore(db: Db, at: Date): Promise<void> {
  const table = slackDeliveries
  const isOver = sql`(${table.deliveredAt} is not null or ${table.failure} is not null)`
  const where = sql`${table.createdAt} < ${at.toISOString()} and ${isOver} and ${hasNoLiveCopy(table)}`
  await deleteInBatches(db, { table, where })
}
