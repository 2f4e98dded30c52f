import { discoverAccount } from '../ingest/discover.ts'
import { handler } from '../worker.ts'

/** Reads what one account holds now. */
export default handler('discover', ({ orgId, accountId }, { contextFor, signal }) =>
  discoverAccount(contextFor(orgId), { accountId, signal }),
)
