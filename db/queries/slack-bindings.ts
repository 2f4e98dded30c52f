import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { slackBindings, slackInstalls } from '../schema/slack.ts'

/** The pool a channel means to the organization its workspace belongs to. */
export async function findBoundPool(db: Db, where: { teamId: string; channel: string }): Promise<string | null> {
  const [row] = await db
    .select({ poolId: slackBindings.poolId })
    .from(slackBindings)
    .innerJoin(
      slackInstalls,
      and(eq(slackInstalls.teamId, slackBindings.teamId), eq(slackInstalls.orgId, slackBindings.orgId)),
    )
    .where(and(eq(slackBindings.teamId, where.teamId), eq(slackBindings.channel, where.channel)))
  return row?.poolId ?? null
}

/** One pool per channel: binding again moves it. */
export async function setBinding(db: Db, row: typeof slackBindings.$inferInsert): Promise<void> {
  await db
    .insert(slackBindings)
    .values(row)
    .onConflictDoUpdate({
      target: [slackBindings.teamId, slackBindings.channel],
      set: { poolId: row.poolId, orgId: row.orgId, boundBy: row.boundBy ?? null, boundAt: row.boundAt ?? sql`now()` },
    })
}

/** The channel means no pool any more. */
export async function deleteBinding(db: Db, where: { teamId: string; channel: string }): Promise<void> {
  await db
    .delete(slackBindings)
    .where(and(eq(slackBindings.teamId, where.teamId), eq(slackBindings.channel, where.channel)))
}

/** Channels bound to any of these pools. */
export async function listBindings(
  db: Db,
  where: { orgId: string; poolIds: string[] },
): Promise<{ teamId: string; channel: string; poolId: string }[]> {
  if (where.poolIds.length === 0) return []
  return db
    .select({ teamId: slackBindings.teamId, channel: slackBindings.channel, poolId: slackBindings.poolId })
    .from(slackBindings)
    .where(and(eq(slackBindings.orgId, where.orgId), inArray(slackBindings.poolId, where.poolIds)))
}
