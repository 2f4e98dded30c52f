import { yieldOwnBill } from '../accounts/double-bills.ts'
import { gatherHeld } from '../accounts/holders.ts'
import { handler } from '../worker.ts'

/** Gives a connected account the resources that others' bills charge for it, and lets its own bill give way to theirs where it is to. */
export default handler('gather-resources', async ({ orgId, accountId }, { contextFor }) => {
  await gatherHeld(contextFor(orgId), { accountId })
  await yieldOwnBill(contextFor(orgId), { accountId })
})
