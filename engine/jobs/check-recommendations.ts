import { checkRecommendations } from '../recommendations/check.ts'
import { handler } from '../worker.ts'

/** Checks one organization. */
export default handler('check-recommendations', async ({ orgId }, { contextFor, signal }) => {
  await checkRecommendations(contextFor(orgId), { signal })
})
