/** What Slack last said about a conversation. */
import { and, desc, eq, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { slackChannels } from '../schema/slack.ts'

/** Whether another company reads the channel, as Slack said after `since`; null when it did not. */
export async function findToldShared(
  db: Db,
  where: { teamId: string; channel: string; since: Date },
): Promise<boolean | null> {
  const [row] = await db
    .select({ isShared: slackChannels.isShared })
    .from(slackChannels)
    .where(
      and(
        eq(slackChannels.teamId, where.teamId),
        eq(slackChannels.channel, where.channel),
        sql`${slackChannels.toldAt} >= ${where.since.toISOString()}::timestamptz`,
      ),
    )
  return row?.isShared ?? null
}

/** The workspace in which Slack last spoke of a channel; null when it never did. */
export async function findTeamOfChannel(db: Db, where: { orgId: string; channel: string }): Promise<string | null> {
  const [row] = await db
    .select({ teamId: slackChannels.teamId })
    .from(slackChannels)
    .where(and(eq(slackChannels.orgId, where.orgId), eq(slackChannels.channel, where.channel)))
    .orderBy(desc(slackChannels.toldAt))
    .limit(1)
  return row?.teamId ?? null
}

/** Keeps what Slack said; the same within the hour writes nothing. */
export async function upsertToldShared(db: Db, row: typeof slackChannels.$inferInsert): Promise<void> {
  await db
    .insert(slackChannels)
    .values(row)
    .onConflictDoUpdate({
      target: [slackChannels.teamId, slackChannels.channel],
      set: { isShared: row.isShared, toldAt: row.toldAt, orgId: row.orgId },
      setWhere: sql`${slackChannels.isShared} <> excluded.is_shared or ${slackChannels.toldAt} < excluded.told_at - interval '1 hour'`,
    })
}
