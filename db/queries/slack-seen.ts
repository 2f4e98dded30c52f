import { lt } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { slackSeen } from '../schema/slack.ts'

/** Remembers an event or a signature; false when it was known, so that a redelivery has no second effect. */
export async function insertSeen(db: Db, row: { key: string; at: Date }): Promise<boolean> {
  const made = await db.insert(slackSeen).values(row).onConflictDoNothing().returning({ key: slackSeen.key })
  return made.length > 0
}

/** Forgets what was seen before; Slack sends nothing again that late. */
export async function deleteSeenBefore(db: Db, at: Date): Promise<void> {
  await db.delete(slackSeen).where(lt(slackSeen.at, at))
}
