import { listAccountsDueForImport } from '../../db/queries/cloud-accounts.ts'
import { enqueue } from '../context.ts'
import { handler } from '../worker.ts'

/** Has the bucket of every account looked at whose import period has passed; one still being read is not asked twice. */
export default handler('import-due', async (_, { deps }) => {
  const clouds = Object.values(deps.outside.clouds).filter((cloud) => cloud.bill !== undefined)
  const due = await listAccountsDueForImport(deps.db, { now: deps.now(), clouds: clouds.map((cloud) => cloud.kind) })
  for (const { id, orgId } of due) await enqueue(deps, 'import-bill', { orgId, accountId: id, key: id })
})
