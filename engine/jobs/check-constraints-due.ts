import { listOrganizationsWithConstraints } from '../../db/queries/constraint-hits.ts'
import { enqueue } from '../context.ts'
import { handler } from '../worker.ts'

/** Sends a check of constraints for every organization that has any. */
export default handler('check-constraints-due', async (_tick, { deps }) => {
  for (const orgId of await listOrganizationsWithConstraints(deps.db))
    await enqueue(deps, 'check-constraints', { orgId, key: orgId })
})
