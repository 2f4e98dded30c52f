/** How long is kept what nobody asks for any more. */
import { deleteMetricMonthsBefore } from '../db/queries/metrics.ts'
import { deleteJoinRequestsBefore } from '../db/queries/join-requests.ts'
import { deleteNotificationsBefore } from '../db/queries/notifications.ts'
import { deleteCopiesBefore } from '../db/queries/slack-copies.ts'
import { deleteDeliveriesBefore } from '../db/queries/slack-deliveries.ts'
import { deleteQuestionsBefore } from '../db/queries/slack-questions.ts'
import { deleteReceiptsBefore } from '../db/queries/slack-receipts.ts'
import { deleteSeenBefore } from '../db/queries/slack-seen.ts'
import type { Deps } from './context.ts'
import { dayMs } from './time.ts'

const ago = (deps: Deps, days: number) => new Date(deps.now().getTime() - days * dayMs)

/** Replays are refused for minutes only, load is judged over a year at most, and a year later nothing is told twice. */
export const retention: ((deps: Deps) => Promise<void>)[] = [
  (deps) => deleteSeenBefore(deps.db, ago(deps, 1)),
  (deps) => deleteQuestionsBefore(deps.db, ago(deps, 30)),
  (deps) => deleteJoinRequestsBefore(deps.db, ago(deps, 90)),
  (deps) => deleteDeliveriesBefore(deps.db, ago(deps, 90)),
  (deps) => deleteCopiesBefore(deps.db, ago(deps, 90)),
  (deps) => deleteReceiptsBefore(deps.db, ago(deps, 90)),
  (deps) => deleteNotificationsBefore(deps.db, ago(deps, 396)),
  (deps) => deleteMetricMonthsBefore(deps.db, ago(deps, 396)),
]
