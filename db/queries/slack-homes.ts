/** Home tabs as the bot remembers them: a copy of the message `home` whose subject is the person and whose channel is the Slack user. */
import { and, eq, gte } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { slackCopies, type SlackCopy } from '../schema/slack.ts'

export type Home = { orgId: string; personId: string; teamId: string; slackUserId: string }

const place = ({ teamId, slackUserId }: Pick<Home, 'teamId' | 'slackUserId'>) => ({
  teamId,
  channel: slackUserId,
  ts: 'home',
})

/** What a Slack user's home shows, or null when it was never published. */
export async function findHome(db: Db, where: Pick<Home, 'teamId' | 'slackUserId'>): Promise<SlackCopy | null> {
  const { teamId, channel, ts } = place(where)
  const [row] = await db
    .select()
    .from(slackCopies)
    .where(and(eq(slackCopies.teamId, teamId), eq(slackCopies.channel, channel), eq(slackCopies.ts, ts)))
  return row ?? null
}

/** Notes what was published; `openedAt` moves only when the person looked, not when we drew. */
export async function upsertHome(db: Db, { hash, openedAt, ...home }: Home & { hash: string; openedAt: Date | null }) {
  const { orgId, personId } = home
  const subject = { orgId, message: 'home', subjectKind: 'person', subjectId: personId, hash, live: true }
  const opened = openedAt ? { postedAt: openedAt } : {}
  await db
    .insert(slackCopies)
    .values({ ...place(home), ...subject, postedAt: openedAt ?? new Date(0) })
    .onConflictDoUpdate({
      target: [slackCopies.teamId, slackCopies.channel, slackCopies.ts],
      set: { ...subject, ...opened },
    })
}

/** The people who looked at their home since. */
export async function listHomeViewers(db: Db, where: { orgId: string; since: Date }): Promise<string[]> {
  const rows = await db
    .selectDistinct({ personId: slackCopies.subjectId })
    .from(slackCopies)
    .where(
      and(
        eq(slackCopies.orgId, where.orgId),
        eq(slackCopies.message, 'home'),
        eq(slackCopies.live, true),
        gte(slackCopies.postedAt, where.since),
      ),
    )
  return rows.map(({ personId }) => personId)
}
