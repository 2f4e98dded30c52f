import { discoverAccount } from '../ingest/discover.ts'
import { refreshPrices } from '../ingest/refresh-prices.ts'
import { handler } from '../worker.ts'

/** Reads what one account holds now, and what machines cost where it has any. */
export default handler('discover', async ({ orgId, accountId }, { contextFor, signal }) => {
  const ctx = contextFor(orgId)
  await discoverAccount(ctx, { accountId, signal })
  await refreshPrices(ctx, { accountId, signal })
})
