import { checkAfterCleanUp } from '../clean-ups/verify.ts'
import { enqueue } from '../context.ts'
import { discoverAccount } from '../ingest/discover.ts'
import { handler } from '../worker.ts'

/** Reads what one account holds now; then what that costs. */
export default handler('discover', async ({ orgId, accountId }, { contextFor, deps, signal }) => {
  await discoverAccount(contextFor(orgId), { accountId, signal })
  await checkAfterCleanUp(contextFor(orgId), { accountId })
  await enqueue(deps, 'refresh-prices', { orgId, accountId, key: accountId })
})
