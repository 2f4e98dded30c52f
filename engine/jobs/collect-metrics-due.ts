import { dueAccounts } from '../accounts/due.ts'
import { enqueue } from '../context.ts'
import { handler } from '../worker.ts'

/** Has the monitoring of every account read whose cloud has any. */
export default handler('collect-metrics-due', async (_, { deps }) => {
  for (const { orgId, id } of await dueAccounts(deps, (cloud) => cloud.metrics !== undefined))
    await enqueue(deps, 'collect-metrics', { orgId, accountId: id, key: id })
})
