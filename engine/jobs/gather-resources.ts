import { gatherHeld } from '../accounts/holders.ts'
import { handler } from '../worker.ts'

/** Gives a connected account the resources that others' bills charge for it. */
export default handler('gather-resources', async ({ orgId, accountId }, { contextFor }) => {
  await gatherHeld(contextFor(orgId), { accountId })
})
