import { and, asc, eq, inArray, sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client.ts'
import type { Changes } from '../schema/columns.ts'
import { powerAttachments, powerSchedules, type PowerAttachment, type PowerSchedule } from '../schema/power.ts'
import { resources } from '../schema/resources.ts'

/** A schedule with the number of its machines. */
export type ScheduleRow = PowerSchedule & { machines: number }

const machines = sql<number>`(
  select count(*)::int from ${powerAttachments} where ${powerAttachments.scheduleId} = "power_schedules"."id")`

async function selectSchedules(db: Db, where: SQL | undefined): Promise<ScheduleRow[]> {
  const rows = await db
    .select({ schedule: powerSchedules, machines })
    .from(powerSchedules)
    .where(where)
    .orderBy(asc(powerSchedules.name))
  return rows.map(({ schedule, machines }) => ({ ...schedule, machines }))
}

/** Every schedule by name. */
export const listSchedules = (db: Db, orgId: string): Promise<ScheduleRow[]> =>
  selectSchedules(db, eq(powerSchedules.orgId, orgId))

/** A schedule with how many machines follow it, or null. */
export async function findSchedule(db: Db, where: { orgId: string; id: string }): Promise<ScheduleRow | null> {
  const [row] = await selectSchedules(db, and(eq(powerSchedules.orgId, where.orgId), eq(powerSchedules.id, where.id)))
  return row ?? null
}

/** The schedule, locked until the transaction ends: what is decided and told about it follows each other. */
export async function lockSchedule(db: Db, where: { orgId: string; id: string }): Promise<PowerSchedule | null> {
  const [row] = await db
    .select()
    .from(powerSchedules)
    .where(and(eq(powerSchedules.orgId, where.orgId), eq(powerSchedules.id, where.id)))
    .for('update')
  return row ?? null
}

/** The enabled schedules of an organization, locked. */
export async function lockSchedulesToDecide(db: Db, orgId: string): Promise<PowerSchedule[]> {
  return db
    .select()
    .from(powerSchedules)
    .where(and(eq(powerSchedules.orgId, orgId), eq(powerSchedules.enabled, true)))
    .orderBy(asc(powerSchedules.id))
    .for('update')
}

/** Null when the name is taken. */
export async function insertSchedule(db: Db, row: typeof powerSchedules.$inferInsert): Promise<PowerSchedule | null> {
  const [made] = await db.insert(powerSchedules).values(row).onConflictDoNothing().returning()
  return made ?? null
}

/** Changes columns and counts the revision; null when there is no such schedule. */
export async function setSchedule(
  db: Db,
  where: { orgId: string; id: string },
  change: Changes<typeof powerSchedules.$inferInsert>,
): Promise<PowerSchedule | null> {
  const [row] = await db
    .update(powerSchedules)
    .set({ ...change, rev: sql`${powerSchedules.rev} + 1` })
    .where(and(eq(powerSchedules.orgId, where.orgId), eq(powerSchedules.id, where.id)))
    .returning()
  return row ?? null
}

/** Notes what a schedule did; its revision counts decisions of people only. */
export async function setScheduleRun(
  db: Db,
  where: { orgId: string; ids: string[] },
  run: { lastEvaluatedAt?: Date; lastRunAt?: Date; lastError?: string | null },
): Promise<void> {
  if (where.ids.length === 0) return
  await db
    .update(powerSchedules)
    .set(run)
    .where(and(eq(powerSchedules.orgId, where.orgId), inArray(powerSchedules.id, where.ids)))
}

/** The machines that followed it follow nothing any more. */
export async function deleteScheduleRow(db: Db, where: { orgId: string; id: string }): Promise<void> {
  await db.delete(powerSchedules).where(and(eq(powerSchedules.orgId, where.orgId), eq(powerSchedules.id, where.id)))
}

/** A machine with its schedule, and what a list shows of it. */
export type AttachmentRow = PowerAttachment & {
  title: string
  active: boolean
  state: string
  region: string
  poolId: string
  ownerId: string | null
}

/** The machines of some schedules or these resources, by name. */
export async function listAttachments(
  db: Db,
  where: { orgId: string; scheduleIds?: string[]; resourceIds?: string[] },
): Promise<AttachmentRow[]> {
  const { scheduleIds, resourceIds } = where
  if (scheduleIds?.length === 0 || resourceIds?.length === 0) return []
  const title = sql<string>`coalesce(nullif(${resources.name}, ''), ${resources.cloudResourceId})`
  const rows = await db
    .select({
      attachment: powerAttachments,
      title,
      active: resources.active,
      state: sql<string>`coalesce(${resources.facts}->>'state', '')`,
      region: resources.region,
      poolId: resources.poolId,
      ownerId: resources.ownerId,
    })
    .from(powerAttachments)
    .innerJoin(resources, eq(resources.id, powerAttachments.resourceId))
    .where(
      and(
        eq(powerAttachments.orgId, where.orgId),
        scheduleIds ? inArray(powerAttachments.scheduleId, scheduleIds) : undefined,
        resourceIds ? inArray(powerAttachments.resourceId, resourceIds) : undefined,
      ),
    )
    .orderBy(asc(title), asc(powerAttachments.resourceId))
  return rows.map(({ attachment, ...rest }) => ({ ...attachment, ...rest }))
}

/** The schedule of a machine with what was asked for it; null without one. */
export async function findPower(
  db: Db,
  where: { orgId: string; resourceId: string },
): Promise<{ schedule: PowerSchedule; attachment: PowerAttachment } | null> {
  const [row] = await db
    .select({ schedule: powerSchedules, attachment: powerAttachments })
    .from(powerAttachments)
    .innerJoin(powerSchedules, eq(powerSchedules.id, powerAttachments.scheduleId))
    .where(and(eq(powerAttachments.orgId, where.orgId), eq(powerAttachments.resourceId, where.resourceId)))
  return row ?? null
}

/** Gives machines a schedule; one they had is left. What was asked for them is forgotten unless the row says it. */
export async function upsertAttachments(db: Db, rows: (typeof powerAttachments.$inferInsert)[]): Promise<void> {
  if (rows.length === 0) return
  await db
    .insert(powerAttachments)
    .values(rows)
    .onConflictDoUpdate({
      target: powerAttachments.resourceId,
      set: {
        scheduleId: sql`excluded.schedule_id`,
        attachedBy: sql`excluded.attached_by`,
        attachedAt: sql`excluded.attached_at`,
        skipUntil: sql`excluded.skip_until`,
        keepOnUntil: sql`excluded.keep_on_until`,
      },
    })
}

/** Takes machines off their schedules. */
export async function deleteAttachments(db: Db, where: { orgId: string; resourceIds: string[] }): Promise<void> {
  if (where.resourceIds.length === 0) return
  await db
    .delete(powerAttachments)
    .where(and(eq(powerAttachments.orgId, where.orgId), inArray(powerAttachments.resourceId, where.resourceIds)))
}

/** Sets until when transitions are skipped and stops held back. */
export async function setExceptions(
  db: Db,
  where: { orgId: string; resourceId: string },
  exceptions: { skipUntil?: Date | null; keepOnUntil?: Date | null },
): Promise<void> {
  await db
    .update(powerAttachments)
    .set(exceptions)
    .where(and(eq(powerAttachments.orgId, where.orgId), eq(powerAttachments.resourceId, where.resourceId)))
}
