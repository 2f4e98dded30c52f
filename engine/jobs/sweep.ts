import { listUngathered } from '../../db/queries/held-resources.ts'
import { expireCleanUps } from '../clean-ups/decide.ts'
import { sweepDuplicateChecks } from '../duplicates/check.ts'
import { sweepImports } from '../ingest/spool.ts'
import { sweepSessions } from '../organizations/sign-in.ts'
import { enqueue, type Deps } from '../context.ts'
import { retention } from '../retention.ts'
import { handler } from '../worker.ts'

const steps: ((deps: Deps) => Promise<void>)[] = [
  sweepImports,
  sweepSessions,
  expireCleanUps,
  sweepDuplicateChecks,
  gatherMissed,
  ...retention,
]

/** Gives linked accounts what their payers' bills still hold of them. */
async function gatherMissed(deps: Deps): Promise<void> {
  for (const { orgId, accountId } of await listUngathered(deps.db))
    await enqueue(deps, 'gather-resources', { orgId, accountId, key: accountId })
}

/** Clears away what nobody needs any more and ends requests nobody answered. What fails is logged and stops no other. */
export default handler('sweep', async (_, { deps }) => {
  const failures: unknown[] = []
  for (const step of steps)
    await step(deps).catch((error: unknown) => {
      deps.log.error({ err: error }, 'a part of the sweep failed')
      failures.push(error)
    })
  if (failures.length) throw failures[0]
})
