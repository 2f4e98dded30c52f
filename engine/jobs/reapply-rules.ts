import { reapplyRules } from '../assignment/reapply.ts'
import { handler } from '../worker.ts'

/** Applies the assignment rules again to a pool or to the whole organization. */
export default handler('reapply-rules', async ({ orgId, poolId, subPools }, { contextFor }) => {
  await reapplyRules(contextFor(orgId), { poolId, subPools })
})
