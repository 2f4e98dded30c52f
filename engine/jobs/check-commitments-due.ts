import { listOrganizationsWithCommitments } from '../../db/queries/commitments.ts'
import { enqueue } from '../context.ts'
import { handler } from '../worker.ts'

/** Sends a check of commitments for every organization that has any: their ends come without a new bill. */
export default handler('check-commitments-due', async (_tick, { deps }) => {
  for (const orgId of await listOrganizationsWithCommitments(deps.db))
    await enqueue(deps, 'check-commitments', { orgId, key: orgId })
})
