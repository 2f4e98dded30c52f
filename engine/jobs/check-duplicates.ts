import { runDuplicateCheck } from '../duplicates/check.ts'
import { handler } from '../worker.ts'

/** Lists the buckets of one check and finds what is equal in them. */
export default handler('check-duplicates', async ({ orgId, checkId }, { contextFor, signal }) => {
  await runDuplicateCheck(contextFor(orgId), { checkId, signal })
})
