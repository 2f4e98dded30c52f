import { importBill } from '../ingest/import-bill.ts'
import { handler } from '../worker.ts'

/** Reads one bill: an upload, or what is new in an account's bucket. */
export default handler('import-bill', async ({ orgId, accountId, importId }, { contextFor, signal }) => {
  await importBill(contextFor(orgId), { accountId, importId, signal })
})
