/** Where cards were posted, so that they can be redrawn. Home tabs are copies too: `slack-homes.ts`. */
import { and, asc, eq, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { slackCopies, type SlackCopy } from '../schema/slack.ts'
import { deleteInBatches } from './batches.ts'

/** Registers a posting of a card; posting twice to the same place changes nothing. */
export async function insertCopy(db: Db, row: typeof slackCopies.$inferInsert): Promise<void> {
  await db.insert(slackCopies).values(row).onConflictDoNothing()
}

/** The living copies of a subject's cards. */
export async function listLiveCopies(db: Db, where: { orgId: string; kind: string; id: string }): Promise<SlackCopy[]> {
  return db
    .select()
    .from(slackCopies)
    .where(
      and(
        eq(slackCopies.orgId, where.orgId),
        eq(slackCopies.subjectKind, where.kind),
        eq(slackCopies.subjectId, where.id),
        eq(slackCopies.live, true),
      ),
    )
    .orderBy(asc(slackCopies.postedAt))
}

/** The copy at a place, living or not. */
export async function findCopy(
  db: Db,
  where: { teamId: string; channel: string; ts: string },
): Promise<SlackCopy | null> {
  const [row] = await db
    .select()
    .from(slackCopies)
    .where(
      and(eq(slackCopies.teamId, where.teamId), eq(slackCopies.channel, where.channel), eq(slackCopies.ts, where.ts)),
    )
  return row ?? null
}

/** Forgets copies that nothing can happen to any more. */
export async function deleteCopiesBefore(db: Db, at: Date): Promise<void> {
  const where = sql`${slackCopies.postedAt} < ${at.toISOString()} and not ${slackCopies.live}`
  await deleteInBatches(db, { table: slackCopies, where })
}

/** What a copy shows now; `live: false` when nothing can happen to it any more. */
export async function setCopyShown(db: Db, where: { id: string; hash: string; live: boolean }): Promise<void> {
  await db.update(slackCopies).set({ hash: where.hash, live: where.live }).where(eq(slackCopies.id, where.id))
}
