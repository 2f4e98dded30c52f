/** Commands behind buttons, whatever their length, and what a person was refused. */
import { and, eq, lt } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { slackQuestions } from '../schema/slack.ts'

/** Keeps a question under its id; the same id twice keeps the first. */
export async function insertQuestion(db: Db, row: typeof slackQuestions.$inferInsert): Promise<void> {
  await db.insert(slackQuestions).values(row).onConflictDoNothing()
}

/** A question of this organization: the command as it would be typed, and who asked. */
export async function findQuestion(
  db: Db,
  where: { orgId: string; id: string },
): Promise<{ canonical: string; personId: string | null } | null> {
  const [row] = await db
    .select({ canonical: slackQuestions.canonical, personId: slackQuestions.personId })
    .from(slackQuestions)
    .where(and(eq(slackQuestions.orgId, where.orgId), eq(slackQuestions.id, where.id)))
  return row ?? null
}

/** Forgets what was asked before; its buttons ask to ask again. */
export async function deleteQuestionsBefore(db: Db, at: Date): Promise<void> {
  await db.delete(slackQuestions).where(lt(slackQuestions.at, at))
}
