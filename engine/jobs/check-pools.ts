import { checkPools } from '../pools/alerts.ts'
import { handler } from '../worker.ts'

/** Compares the pools of one organization with their limits and tells what is new. */
export default handler('check-pools', async ({ orgId }, { contextFor }) => {
  await checkPools(contextFor(orgId))
})
