import { deleteMetricMonthsBefore } from '../../db/queries/metrics.ts'
import { listUngathered } from '../../db/queries/held-resources.ts'
import { deleteNotificationsBefore } from '../../db/queries/notifications.ts'
import { deleteDeliveriesBefore } from '../../db/queries/slack-deliveries.ts'
import { deleteQuestionsBefore } from '../../db/queries/slack-questions.ts'
import { deleteReceiptsBefore } from '../../db/queries/slack-receipts.ts'
import { deleteSeenBefore } from '../../db/queries/slack-seen.ts'
import { expireCleanUps } from '../clean-ups/decide.ts'
import { sweepDuplicateChecks } from '../duplicates/check.ts'
import { sweepImports } from '../ingest/spool.ts'
import { sweepSessions } from '../organizations/sign-in.ts'
import { enqueue, type Deps } from '../context.ts'
import { dayMs } from '../time.ts'
import { handler } from '../worker.ts'

const ago = (deps: Deps, days: number) => new Date(deps.now().getTime() - days * dayMs)

/** Replays are refused for minutes only, load is judged over a year at most, and a year later nothing is told twice. */
const steps: ((deps: Deps) => Promise<void>)[] = [
  sweepImports,
  sweepSessions,
  expireCleanUps,
  sweepDuplicateChecks,
  gatherMissed,
  (deps) => deleteSeenBefore(deps.db, ago(deps, 1)),
  (deps) => deleteQuestionsBefore(deps.db, ago(deps, 30)),
  (deps) => deleteDeliveriesBefore(deps.db, ago(deps, 90)),
  (deps) => deleteReceiptsBefore(deps.db, ago(deps, 90)),
  (deps) => deleteNotificationsBefore(deps.db, ago(deps, 396)),
  (deps) => deleteMetricMonthsBefore(deps.db, ago(deps, 396)),
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
