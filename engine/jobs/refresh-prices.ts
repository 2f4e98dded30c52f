import { refreshPrices } from '../ingest/refresh-prices.ts'
import { handler } from '../worker.ts'

/** Brings the prices up to date that one account's machines are judged by. */
export default handler('refresh-prices', ({ orgId, accountId }, { contextFor, signal }) =>
  refreshPrices(contextFor(orgId), { accountId, signal }),
)
