import { listOrganizationsWithPower } from '../../db/queries/power-actions.ts'
import { enqueue } from '../context.ts'
import { handler } from '../worker.ts'

/** Every five minutes: has every organization decide whose machines are to be switched. */
export default handler('power-due', async (_tick, { deps }) => {
  for (const orgId of await listOrganizationsWithPower(deps.db, deps.now()))
    await enqueue(deps, 'decide-power', { orgId, key: orgId })
})
