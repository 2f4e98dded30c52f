import { doublePrecision, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { metricNames } from '../vocabulary.ts'
import { instant } from './columns.ts'

/**
 * Monitoring points of 900 s. `at` is the END of the interval (CloudWatch stamps the start; shifted on write).
 * Partitioned by month of `at` (`ensure_months`). cpu and ram in per cent, disk in operations/s, network in bytes/s.
 */
export const metricPoints = pgTable(
  'metric_points',
  {
    orgId: uuid('org_id').notNull(),
    accountId: uuid('account_id').notNull(),
    resourceId: uuid('resource_id').notNull(),
    metric: text('metric', { enum: metricNames }).notNull(),
    at: instant('at').notNull(),
    value: doublePrecision('value').notNull(),
  },
  (t) => [primaryKey({ columns: [t.resourceId, t.metric, t.at] })],
)
export type MetricPointRow = typeof metricPoints.$inferSelect
