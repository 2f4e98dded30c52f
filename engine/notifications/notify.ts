import { insertNotification } from '../../db/queries/notifications.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import type { Subject } from '../events.ts'

/** `kind` is a message file of the bot. Everyone in `personIds` hears it once; channels bound to `poolId` (nearest first) hear it too. */
export type Notice = {
  kind: string
  /** The cause in one string: deciding the same twice tells people once. */
  key: string
  personIds?: string[]
  poolId?: string | null
  channel?: string | null
  subject?: Subject
  facts?: Record<string, unknown>
}

/** Decides that people should be told something. In the caller's transaction, or one of its own; the bot delivers after commit. */
export async function notify(ctx: Context, notice: Notice): Promise<void> {
  // Called by verbs that checked the right, jobs may; no event: what is told was one.
  await inTransaction(ctx, async (ctx) => {
    const id = await insertNotification(ctx.db, {
      orgId: ctx.orgId,
      kind: notice.kind,
      key: notice.key,
      personIds: notice.personIds ?? [],
      poolId: notice.poolId ?? null,
      channel: notice.channel ?? null,
      subjectKind: notice.subject?.kind ?? null,
      subjectId: notice.subject?.id ?? null,
      facts: notice.facts ?? {},
      createdAt: ctx.now(),
    })
    if (id) await enqueue(ctx, 'deliver-notification', { orgId: ctx.orgId, notificationId: id })
  })
}
