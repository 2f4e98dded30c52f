/** What a click did, once, and how to take it back. */
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { deleteInBatches, hasNoLiveCopy } from './batches.ts'
import { people } from '../schema/organizations.ts'
import { slackReceipts, type SlackReceipt } from '../schema/slack.ts'

/** Claims the receipt of a click; null when somebody else has it. A concurrent claim waits for this transaction. */
export async function insertReceipt(db: Db, row: typeof slackReceipts.$inferInsert): Promise<SlackReceipt | null> {
  const [made] = await db.insert(slackReceipts).values(row).onConflictDoNothing().returning()
  return made ?? null
}

/** The settled receipt of a click, with the name of who clicked. */
export async function findReceipt(
  db: Db,
  where: { orgId: string; kind: string; id: string; rev: number; verb: string },
): Promise<(SlackReceipt & { personName: string }) | null> {
  const [row] = await db
    .select({ receipt: slackReceipts, personName: people.name })
    .from(slackReceipts)
    .innerJoin(people, eq(people.id, slackReceipts.personId))
    .where(
      and(
        eq(slackReceipts.orgId, where.orgId),
        eq(slackReceipts.subjectKind, where.kind),
        eq(slackReceipts.subjectId, where.id),
        eq(slackReceipts.rev, where.rev),
        eq(slackReceipts.verb, where.verb),
      ),
    )
  return row ? { ...row.receipt, personName: row.personName } : null
}

/** A receipt of the organization, for its Undo. */
export async function findReceiptById(db: Db, where: { orgId: string; id: string }): Promise<SlackReceipt | null> {
  const [row] = await db
    .select()
    .from(slackReceipts)
    .where(and(eq(slackReceipts.orgId, where.orgId), eq(slackReceipts.id, where.id)))
  return row ?? null
}

/** How to take it back. */
export async function setReceiptUndo(db: Db, where: { id: string; undo: Record<string, unknown> }): Promise<void> {
  await db.update(slackReceipts).set({ undo: where.undo }).where(eq(slackReceipts.id, where.id))
}

/** Marks a receipt as taken back; of two at once one gets true. */
export async function setReceiptUndone(db: Db, where: { id: string; at: Date }): Promise<boolean> {
  const done = await db
    .update(slackReceipts)
    .set({ undoneAt: where.at })
    .where(and(eq(slackReceipts.id, where.id), isNull(slackReceipts.undoneAt)))
    .returning({ id: slackReceipts.id })
  return done.length > 0
}

/** Forgets clicks of before; where the card lives, a second one still hears that it was done. */
export async function deleteReceiptsBefore(db: Db, at: Date): Promise<void> {
  const table = slackReceipts
  await deleteInBatches(db, { table, where: sql`${table.settledAt} < ${at.toISOString()} and ${hasNoLiveCopy(table)}` })
}
