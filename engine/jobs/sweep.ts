import { deleteMetricMonthsBefore } from '../../db/queries/metrics.ts'
import { listUngathered } from '../../db/queries/held-resources.ts'
import { deleteQuestionsBefore } from '../../db/queries/slack-questions.ts'
import { deleteSeenBefore } from '../../db/queries/slack-seen.ts'
import { expireCleanUps } from '../clean-ups/decide.ts'
import { sweepDuplicateChecks } from '../duplicates/check.ts'
import { sweepImports } from '../ingest/spool.ts'
import { sweepSessions } from '../organizations/sign-in.ts'
import { enqueue } from '../context.ts'
import { dayMs } from '../time.ts'
import { handler } from '../worker.ts'

/** Clears away what nobody needs any more and ends requests nobody answered, and gives linked accounts what their payers' bills still hold of them: replays are refused for minutes only, load is judged over a year at most. */
export default handler('sweep', async (_, { deps }) => {
  await sweepImports(deps)
  await sweepSessions(deps)
  await expireCleanUps(deps)
  await sweepDuplicateChecks(deps)
  for (const { orgId, accountId } of await listUngathered(deps.db))
    await enqueue(deps, 'gather-resources', { orgId, accountId, key: accountId })
  const ago = (days: number) => new Date(deps.now().getTime() - days * dayMs)
  await deleteSeenBefore(deps.db, ago(1))
  await deleteQuestionsBefore(deps.db, ago(30))
  await deleteMetricMonthsBefore(deps.db, ago(396))
})
