import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { deleteInBatches } from './batches.ts'
import { notifications, type Notification } from '../schema/notifications.ts'

/** Stores the notification; null when one with the same key exists, so a cause is told once. */
export async function insertNotification(db: Db, row: typeof notifications.$inferInsert): Promise<string | null> {
  const [made] = await db.insert(notifications).values(row).onConflictDoNothing().returning({ id: notifications.id })
  return made?.id ?? null
}

/** A notification of the organization, or null. */
export async function findNotification(db: Db, where: { orgId: string; id: string }): Promise<Notification | null> {
  const [row] = await db
    .select()
    .from(notifications)
    .where(and(eq(notifications.orgId, where.orgId), eq(notifications.id, where.id)))
  return row ?? null
}

/** Forgets causes of before; one of them would be told again. */
export async function deleteNotificationsBefore(db: Db, at: Date): Promise<void> {
  await deleteInBatches(db, { table: notifications, where: sql`${notifications.createdAt} < ${at.toISOString()}` })
}
