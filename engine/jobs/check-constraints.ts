import { checkConstraints } from '../constraints/check.ts'
import { handler } from '../worker.ts'

/** Judges the constraints of one organization and tells what is new. */
export default handler('check-constraints', async ({ orgId }, { contextFor }) => {
  await checkConstraints(contextFor(orgId))
})
