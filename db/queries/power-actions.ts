/** The wishes to switch machines: written when decided, claimed in turn, settled with the cloud's answer. */
import { and, asc, count, desc, eq, inArray, lte, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { powerActionRows, powerSchedules, type PowerActionRow } from '../schema/power.ts'
import { resources } from '../schema/resources.ts'
import type { PowerOutcome, PowerState } from '../vocabulary.ts'

const instant = (at: Date) => sql`${at.toISOString()}::timestamptz`
const waiting = eq(powerActionRows.state, 'waiting')

/** Organizations with a schedule that is switched on or a wish whose moment has come. */
export async function listOrganizationsWithPower(db: Db, now: Date): Promise<string[]> {
  const schedules = db
    .selectDistinct({ orgId: powerSchedules.orgId })
    .from(powerSchedules)
    .where(eq(powerSchedules.enabled, true))
  const wishes = db
    .selectDistinct({ orgId: powerActionRows.orgId })
    .from(powerActionRows)
    .where(and(waiting, lte(powerActionRows.dueAt, now)))
  return (await schedules.union(wishes)).map(({ orgId }) => orgId)
}

/** Writes decided wishes; one that is there already stays as it is. */
export async function insertPowerActions(db: Db, rows: (typeof powerActionRows.$inferInsert)[]): Promise<void> {
  // A statement has 65,535 parameters at most.
  for (let n = 0; n < rows.length; n += 1000)
    await db
      .insert(powerActionRows)
      .values(rows.slice(n, n + 1000))
      .onConflictDoNothing()
}

/** Writes what a person asked for; their word counts over anything due at the same instant. */
export async function upsertPowerAction(db: Db, row: typeof powerActionRows.$inferInsert): Promise<void> {
  const { action, askedBy, createdAt } = row
  const anew = { action, askedBy, createdAt, scheduleId: null, state: 'waiting' as const, outcome: null }
  await db
    .insert(powerActionRows)
    .values(row)
    .onConflictDoUpdate({
      target: [powerActionRows.resourceId, powerActionRows.dueAt],
      set: { ...anew, attempts: 0, error: null, finishedAt: null },
    })
}

/** What waits for a machine, now or later, is no longer wanted. */
export async function setWaitingSuperseded(
  db: Db,
  where: { orgId: string; resourceId: string; now: Date },
): Promise<void> {
  await db
    .update(powerActionRows)
    .set({ state: 'superseded', finishedAt: where.now })
    .where(and(eq(powerActionRows.orgId, where.orgId), eq(powerActionRows.resourceId, where.resourceId), waiting))
}

/** What was asked of a machine, and when (ISO). */
export type Asked = { action: 'on' | 'off'; askedAt: string }

/** The last thing a person or a schedule asked of a machine; of "on until" its beginning. Null when nobody did. */
export async function findLastAsked(db: Db, where: { orgId: string; resourceId: string }): Promise<Asked | null> {
  const { action, createdAt, dueAt } = powerActionRows
  const [row] = await db
    .select({ action, createdAt })
    .from(powerActionRows)
    .where(and(eq(powerActionRows.orgId, where.orgId), eq(powerActionRows.resourceId, where.resourceId)))
    .orderBy(desc(createdAt), asc(dueAt))
    .limit(1)
  return row ? { action: row.action, askedAt: row.createdAt.toISOString() } : null
}

/** Accounts with a wish whose moment has come. */
export async function listAccountsWithWishes(db: Db, where: { orgId: string; now: Date }): Promise<string[]> {
  const rows = await db
    .selectDistinct({ accountId: resources.accountId })
    .from(powerActionRows)
    .innerJoin(resources, eq(resources.id, powerActionRows.resourceId))
    .where(and(eq(powerActionRows.orgId, where.orgId), waiting, lte(powerActionRows.dueAt, where.now)))
  return rows.map(({ accountId }) => accountId)
}

/** A wish to carry out, with what the cloud needs to know. */
export type ClaimedAction = {
  id: number
  resourceId: string
  scheduleId: string | null
  action: 'on' | 'off'
  attempts: number
  cloudResourceId: string
  region: string
  active: boolean
}

/**
 * The wishes of an account whose moment has come, one per machine: of several the latest counts, the others are
 * superseded. Counts the attempt, so that one that kills the process is not tried for ever.
 */
export async function claimPowerActions(
  db: Db,
  where: { orgId: string; accountId: string; now: Date },
): Promise<ClaimedAction[]> {
  const { orgId, accountId, now } = where
  await db.execute(sql`
    update power_actions a set state = 'superseded', finished_at = ${instant(now)}
    from resources r
    where r.id = a.resource_id and r.account_id = ${accountId} and a.org_id = ${orgId} and a.state = 'waiting'
      and a.due_at <= ${instant(now)} and exists (
        select from power_actions later where later.resource_id = a.resource_id and later.due_at > a.due_at
          and later.due_at <= ${instant(now)} and later.state <> 'superseded')`)
  const rows = await db.execute<ClaimedAction>(sql`
    update power_actions a set attempts = attempts + 1
    from resources r
    where r.id = a.resource_id and r.account_id = ${accountId} and a.org_id = ${orgId} and a.state = 'waiting'
      and a.due_at <= ${instant(now)}
    returning a.id::int, a.resource_id as "resourceId", a.schedule_id as "scheduleId", a.action, a.attempts,
      r.cloud_resource_id as "cloudResourceId", r.region, r.active`)
  return [...rows]
}

export type Settlement = { id: number; state: PowerState; outcome: PowerOutcome | null; error: string | null }

/** Notes what came of wishes; one that a person replaced meanwhile is left alone. Returns those that were noted. */
export async function settlePowerActions(db: Db, settlements: Settlement[], now: Date): Promise<number[]> {
  if (settlements.length === 0) return []
  const rows = await db.execute<{ id: number }>(sql`
    update power_actions a set state = s.state, outcome = s.outcome, error = s.error,
      finished_at = case when s.state = 'waiting' then null else ${instant(now)} end
    from jsonb_to_recordset(${JSON.stringify(settlements)}::jsonb)
      as s(id bigint, state text, outcome text, error text)
    where a.id = s.id and a.state = 'waiting'
    returning a.id::int`)
  return rows.map(({ id }) => id)
}

/** Shows the state a machine is on its way to, until discovery sees it. */
export async function setPowerState(
  db: Db,
  where: { orgId: string; resourceIds: string[]; state: string },
): Promise<void> {
  if (where.resourceIds.length === 0) return
  await db
    .update(resources)
    .set({ facts: sql`jsonb_set(${resources.facts}, '{state}', to_jsonb(${where.state}::text))` })
    .where(and(eq(resources.orgId, where.orgId), inArray(resources.id, where.resourceIds)))
}

/** An action with what a message or a list shows of its machine. */
export type ActionRow = PowerActionRow & { title: string; rev: number; poolId: string; ownerId: string | null }

/** The newest wishes of a machine, of a schedule, or of one run of it. */
export async function listPowerActions(
  db: Db,
  where: { orgId: string; resourceId?: string; scheduleId?: string; dueAt?: Date; ids?: number[]; limit?: number },
): Promise<ActionRow[]> {
  const { orgId, resourceId, scheduleId, dueAt, ids } = where
  if (ids?.length === 0) return []
  const rows = await db
    .select({
      action: powerActionRows,
      title: sql<string>`coalesce(nullif(${resources.name}, ''), ${resources.cloudResourceId})`,
      rev: resources.rev,
      poolId: resources.poolId,
      ownerId: resources.ownerId,
    })
    .from(powerActionRows)
    .innerJoin(resources, eq(resources.id, powerActionRows.resourceId))
    .where(
      and(
        eq(powerActionRows.orgId, orgId),
        resourceId ? eq(powerActionRows.resourceId, resourceId) : undefined,
        scheduleId ? eq(powerActionRows.scheduleId, scheduleId) : undefined,
        dueAt ? eq(powerActionRows.dueAt, dueAt) : undefined,
        ids ? inArray(powerActionRows.id, ids) : undefined,
      ),
    )
    .orderBy(desc(powerActionRows.dueAt), desc(powerActionRows.id))
    .limit(where.limit ?? 10_000)
  return rows.map(({ action, ...rest }) => ({ ...action, ...rest }))
}

/** How many wishes of a run still wait. */
export async function countWaiting(db: Db, where: { scheduleId: string; dueAt: Date }): Promise<number> {
  const [row] = await db
    .select({ n: count() })
    .from(powerActionRows)
    .where(and(eq(powerActionRows.scheduleId, where.scheduleId), eq(powerActionRows.dueAt, where.dueAt), waiting))
  return row!.n
}
