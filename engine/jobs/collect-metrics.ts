import { collectMetrics } from '../ingest/collect-metrics.ts'
import { handler } from '../worker.ts'

/** Brings the monitoring of one account up to date. */
export default handler('collect-metrics', ({ orgId, accountId }, { contextFor, signal }) =>
  collectMetrics(contextFor(orgId), { accountId, signal }),
)
