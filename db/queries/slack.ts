/** The bot's own memory: installs, links, bindings, posted copies, receipts, the outbox, what was seen, what was asked. */
import { and, asc, desc, eq, inArray, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { people, type Person } from '../schema/organizations.ts'
import {
  slackBindings,
  slackCopies,
  slackDeliveries,
  slackInstalls,
  slackLinks,
  slackQuestions,
  slackReceipts,
  slackSeen,
  type SlackCopy,
  type SlackDelivery,
  type SlackInstall,
  type SlackReceipt,
} from '../schema/slack.ts'

type SubjectRow = { orgId: string; kind: string; id: string }

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

export async function upsertInstall(db: Db, row: typeof slackInstalls.$inferInsert): Promise<void> {
  const { teamId: _, ...set } = row
  await db
    .insert(slackInstalls)
    .values(row)
    .onConflictDoUpdate({ target: slackInstalls.teamId, set: { ...set, disabledAt: null } })
}

/** The app was removed: the token is forgotten and its channels mean nothing any more. Links stay for a reinstall. */
export async function disableInstall(db: Db, where: { teamId: string; at: Date }): Promise<boolean> {
  const done = await db
    .update(slackInstalls)
    .set({ disabledAt: where.at, botToken: '' })
    .where(and(eq(slackInstalls.teamId, where.teamId), isNull(slackInstalls.disabledAt)))
    .returning({ teamId: slackInstalls.teamId })
  await db.delete(slackBindings).where(eq(slackBindings.teamId, where.teamId))
  await db.update(slackCopies).set({ live: false }).where(eq(slackCopies.teamId, where.teamId))
  return done.length > 0
}

/** The channel of last resort of a workspace. */
export async function setAlertsChannel(db: Db, where: { teamId: string; channel: string | null }): Promise<void> {
  await db.update(slackInstalls).set({ alertsChannel: where.channel }).where(eq(slackInstalls.teamId, where.teamId))
}

/** The person behind a Slack user, in the organization the workspace belongs to. */
export async function findLinkedPerson(db: Db, where: { teamId: string; slackUserId: string }): Promise<Person | null> {
  const [row] = await db
    .select({ person: people })
    .from(slackLinks)
    .innerJoin(people, eq(people.id, slackLinks.personId))
    .where(and(eq(slackLinks.teamId, where.teamId), eq(slackLinks.slackUserId, where.slackUserId)))
  return row?.person ?? null
}

export type SlackUser = { personId: string; teamId: string; slackUserId: string }

/** Who in the organization is which Slack user; only these people when `personIds` is given. */
export async function listSlackUsers(db: Db, where: { orgId: string; personIds?: string[] }): Promise<SlackUser[]> {
  if (where.personIds?.length === 0) return []
  return db
    .select({ personId: slackLinks.personId, teamId: slackLinks.teamId, slackUserId: slackLinks.slackUserId })
    .from(slackLinks)
    .where(
      and(
        eq(slackLinks.orgId, where.orgId),
        where.personIds ? inArray(slackLinks.personId, where.personIds) : undefined,
      ),
    )
    .orderBy(asc(slackLinks.linkedAt))
}

/** One person per Slack user: linking again moves the link. */
export async function upsertLink(db: Db, row: typeof slackLinks.$inferInsert): Promise<void> {
  await db
    .insert(slackLinks)
    .values(row)
    .onConflictDoUpdate({
      target: [slackLinks.teamId, slackLinks.slackUserId],
      set: { personId: row.personId, orgId: row.orgId, linkedAt: row.linkedAt ?? sql`now()` },
    })
}

/** The pool a channel means. */
export async function findBoundPool(db: Db, where: { teamId: string; channel: string }): Promise<string | null> {
  const [row] = await db
    .select({ poolId: slackBindings.poolId })
    .from(slackBindings)
    .where(and(eq(slackBindings.teamId, where.teamId), eq(slackBindings.channel, where.channel)))
  return row?.poolId ?? null
}

export async function setBinding(db: Db, row: typeof slackBindings.$inferInsert): Promise<void> {
  await db
    .insert(slackBindings)
    .values(row)
    .onConflictDoUpdate({
      target: [slackBindings.teamId, slackBindings.channel],
      set: { poolId: row.poolId, orgId: row.orgId, boundBy: row.boundBy ?? null, boundAt: row.boundAt ?? sql`now()` },
    })
}

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

/** Registers a posting of a card; posting twice to the same place changes nothing. */
export async function insertCopy(db: Db, row: typeof slackCopies.$inferInsert): Promise<void> {
  await db.insert(slackCopies).values(row).onConflictDoNothing()
}

/** The living copies of a subject's cards. */
export async function listLiveCopies(db: Db, where: SubjectRow): Promise<SlackCopy[]> {
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

/** What a copy shows now; `live: false` when nothing can happen to it any more. */
export async function setCopyShown(db: Db, where: { id: string; hash: string; live: boolean }): Promise<void> {
  await db.update(slackCopies).set({ hash: where.hash, live: where.live }).where(eq(slackCopies.id, where.id))
}

/** Claims the receipt of a click; null when somebody else has it. A concurrent claim waits for this transaction. */
export async function insertReceipt(db: Db, row: typeof slackReceipts.$inferInsert): Promise<SlackReceipt | null> {
  const [made] = await db.insert(slackReceipts).values(row).onConflictDoNothing().returning()
  return made ?? null
}

/** The settled receipt of a click, with the name of who clicked. */
export async function findReceipt(
  db: Db,
  where: SubjectRow & { rev: number; verb: string },
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

/** Puts a message into the outbox; null when the same key is there already (IC-14). */
export async function insertDelivery(db: Db, row: typeof slackDeliveries.$inferInsert): Promise<string | null> {
  const [made] = await db
    .insert(slackDeliveries)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: slackDeliveries.id })
  return made?.id ?? null
}

export async function findDelivery(db: Db, where: { orgId: string; id: string }): Promise<SlackDelivery | null> {
  const [row] = await db
    .select()
    .from(slackDeliveries)
    .where(and(eq(slackDeliveries.orgId, where.orgId), eq(slackDeliveries.id, where.id)))
  return row ?? null
}

const waiting = (lane: { teamId: string; lane: string }) =>
  and(
    eq(slackDeliveries.teamId, lane.teamId),
    eq(slackDeliveries.lane, lane.lane),
    isNull(slackDeliveries.deliveredAt),
    isNull(slackDeliveries.failure),
  )

/** The next message of a lane: the most urgent first, then the oldest. Not before its time. */
export async function findNextDelivery(
  db: Db,
  where: { teamId: string; lane: string; now: Date },
): Promise<SlackDelivery | null> {
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
  where: { teamId: string; lane: string; message: string; subjectId: string },
): Promise<string | null> {
  const [row] = await db
    .select({ ts: slackDeliveries.ts })
    .from(slackDeliveries)
    .where(
      and(
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
export async function findLaneStart(db: Db, where: { teamId: string; lane: string }): Promise<Date | null> {
  const [row] = await db
    .select({ at: slackDeliveries.notBefore })
    .from(slackDeliveries)
    .where(waiting(where))
    .orderBy(asc(slackDeliveries.notBefore))
    .limit(1)
  return row?.at ?? null
}

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
export async function setLanePaused(db: Db, where: { teamId: string; lane: string; until: Date }): Promise<void> {
  await db
    .update(slackDeliveries)
    .set({ notBefore: where.until, attempts: sql`${slackDeliveries.attempts} + 1` })
    .where(waiting(where))
}

/** Remembers an event or a signature; false when it was known, so that a redelivery has no second effect. */
export async function insertSeen(db: Db, row: { key: string; at: Date }): Promise<boolean> {
  const made = await db.insert(slackSeen).values(row).onConflictDoNothing().returning({ key: slackSeen.key })
  return made.length > 0
}

/** Forgets what was seen before `at` and questions asked before `asked`. */
export async function deleteSeenBefore(db: Db, where: { at: Date; asked: Date }): Promise<void> {
  await db.delete(slackSeen).where(lt(slackSeen.at, where.at))
  await db.delete(slackQuestions).where(lt(slackQuestions.at, where.asked))
}

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
