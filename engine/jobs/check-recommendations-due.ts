import { listDueChecks } from '../../db/queries/check-schedules.ts'
import { enqueue } from '../context.ts'
import { stuckAfterMs } from '../recommendations/check.ts'
import { handler } from '../worker.ts'

/** Sends one check for every organization whose turn it is. */
export default handler('check-recommendations-due', async (_, { deps }) => {
  const now = deps.now()
  const due = await listDueChecks(deps.db, { now, stuckBefore: new Date(now.getTime() - stuckAfterMs) })
  for (const orgId of due) await enqueue(deps, 'check-recommendations', { orgId, key: orgId })
})
