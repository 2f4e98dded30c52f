import { dueAccounts } from '../accounts/due.ts'
import { enqueue } from '../context.ts'
import { handler } from '../worker.ts'

/** Has every account read whose cloud can be discovered; one that is still being read is not asked twice. */
export default handler('discover-due', async (_, { deps }) => {
  for (const { orgId, id } of await dueAccounts(deps, (cloud) => cloud.discover !== undefined))
    await enqueue(deps, 'discover', { orgId, accountId: id, key: id })
})
