import { checkCommitments } from '../commitments/alerts.ts'
import { handler } from '../worker.ts'

/** Looks for commitments of one organization that end soon or are hardly used, and tells what is new. */
export default handler('check-commitments', async ({ orgId }, { contextFor }) => {
  await checkCommitments(contextFor(orgId))
})
