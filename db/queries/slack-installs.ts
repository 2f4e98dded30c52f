/** Workspaces the app is installed in. */
import { and, asc, eq, isNull, ne } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { slackBindings, slackCopies, slackDeliveries, slackInstalls, type SlackInstall } from '../schema/slack.ts'

/** The install of a workspace, disabled ones too. */
export async function findInstall(db: Db, teamId: string): Promise<SlackInstall | null> {
  const [row] = await db.select().from(slackInstalls).where(eq(slackInstalls.teamId, teamId))
  return row ?? null
}

/** The working installs of an organization, oldest first. */
export async function listInstalls(db: Db, orgId: string): Promise<SlackInstall[]> {
  return db
    .select()
    .from(slackInstalls)
    .where(and(eq(slackInstalls.orgId, orgId), isNull(slackInstalls.disabledAt)))
    .orderBy(asc(slackInstalls.installedAt))
}

/**
 * A workspace installed again is the same row, working again. Installed for another organization it forgets the one before:
 * channels mean nothing, cards are not redrawn, what waits is not posted. Links stay, and lead nowhere until it comes back.
 */
export async function upsertInstall(db: Db, row: typeof slackInstalls.$inferInsert): Promise<void> {
  const { teamId, ...set } = row
  await db.transaction(async (tx) => {
    const moved = await tx
      .update(slackInstalls)
      .set({ orgId: row.orgId, alertsChannel: null })
      .where(and(eq(slackInstalls.teamId, teamId), ne(slackInstalls.orgId, row.orgId)))
      .returning({ teamId: slackInstalls.teamId })
    if (moved.length > 0) await forgetChannels(tx, { teamId, failure: 'the workspace belongs to another organization' })
    await tx
      .insert(slackInstalls)
      .values(row)
      .onConflictDoUpdate({ target: slackInstalls.teamId, set: { ...set, disabledAt: null } })
  })
}

/** Its channels mean nothing any more and its cards are not redrawn; with a `failure` what waits is given up. */
async function forgetChannels(db: Db, { teamId, failure }: { teamId: string; failure?: string }): Promise<void> {
  await db.delete(slackBindings).where(eq(slackBindings.teamId, teamId))
  await db.update(slackCopies).set({ live: false }).where(eq(slackCopies.teamId, teamId))
  if (!failure) return
  const { teamId: team, deliveredAt, failure: failed } = slackDeliveries
  await db
    .update(slackDeliveries)
    .set({ failure })
    .where(and(eq(team, teamId), isNull(deliveredAt), isNull(failed)))
}

/** The app was removed: the token is forgotten and its channels mean nothing any more. Links stay for a reinstall. */
export async function disableInstall(db: Db, where: { teamId: string; at: Date }): Promise<boolean> {
  const done = await db
    .update(slackInstalls)
    .set({ disabledAt: where.at, botToken: '' })
    .where(and(eq(slackInstalls.teamId, where.teamId), isNull(slackInstalls.disabledAt)))
    .returning({ teamId: slackInstalls.teamId })
  await forgetChannels(db, where)
  return done.length > 0
}

/** The channel of last resort of a workspace. */
export async function setAlertsChannel(db: Db, where: { teamId: string; channel: string | null }): Promise<void> {
  await db.update(slackInstalls).set({ alertsChannel: where.channel }).where(eq(slackInstalls.teamId, where.teamId))
}
