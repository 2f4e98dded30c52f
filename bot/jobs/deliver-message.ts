import { findDelivery } from '../../db/queries/slack-deliveries.ts'
import { jobActor } from '../../engine/context.ts'
import { handler } from '../../engine/worker.ts'
import { orgContext } from '../context.ts'
import { emptyLane } from '../deliver.ts'

/** The delivery names the lane; everything that waits in it is posted in order. */
export default handler('deliver-message', async ({ orgId, deliveryId }, { deps }) => {
  const ctx = await orgContext(deps, orgId, jobActor('deliver-message'))
  const delivery = await findDelivery(ctx.db, { orgId, id: deliveryId })
  if (delivery) await emptyLane(ctx, { teamId: delivery.teamId, lane: delivery.lane, deliveryId })
})
