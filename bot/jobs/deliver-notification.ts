import { findNotification } from '../../db/queries/notifications.ts'
import { inTransaction, jobActor } from '../../engine/context.ts'
import { handler } from '../../engine/worker.ts'
import { orgContext } from '../context.ts'
import { planDeliveries } from '../outbox.ts'

/** One message per person and channel; all are put into the outbox together or not at all. */
export default handler('deliver-notification', async ({ orgId, notificationId }, { deps }) => {
  const ctx = await orgContext(deps, orgId, jobActor('deliver-notification'))
  const notification = await findNotification(ctx.db, { orgId, id: notificationId })
  if (!notification) return
  await inTransaction(ctx, (inner) => planDeliveries({ ...ctx, ...inner }, notification))
})
