import { date, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { usageKinds } from '../vocabulary.ts'
import { instant, money } from './columns.ts'

/**
 * What was used, per day and resource, where a judgement needs more than its cost: machine hours, requests, storage,
 * fees of commitments. Read from the same lines as `expenses` and replaced with them, period by period; partitioned by
 * month of `day`. Lines of one day that differ in nothing but time and amounts are one row.
 * `item` is the bill's own line item type (AWS) or `Usage`/`DiscountedUsage`/… derived from FOCUS columns.
 */
export const usage = pgTable(
  'usage',
  {
    orgId: uuid('org_id').notNull(),
    accountId: uuid('account_id').notNull(),
    period: date('period').notNull(),
    day: date('day').notNull(),
    resourceId: uuid('resource_id').notNull(),
    kind: text('kind', { enum: usageKinds }).notNull(),
    item: text('item').notNull(),
    subAccount: text('sub_account').notNull().default(''),
    usageType: text('usage_type').notNull().default(''),
    operation: text('operation').notNull().default(''),
    flavor: text('flavor').notNull().default(''),
    os: text('os').notNull().default(''),
    software: text('software').notNull().default(''),
    tenancy: text('tenancy').notNull().default(''),
    sku: text('sku').notNull().default(''),
    region: text('region').notNull().default(''),
    zone: text('zone').notNull().default(''),
    /** How it is priced: `OnDemand`, `Reserved`, … as the bill says. */
    term: text('term').notNull().default(''),
    /** Unit of `quantity` as the bill says: `Hrs`, `GB-Mo`, `Requests` … */
    unit: text('unit').notNull().default(''),
    /** The reservation or savings plan that covers the use or whose fee this is: the last part of its ARN. */
    commitment: text('commitment').notNull().default(''),
    quantity: money('quantity').notNull(),
    billed: money('billed').notNull(),
    effective: money('effective').notNull(),
    /** What it would have cost on demand. */
    list: money('list').notNull(),
    /** On-demand list price of one unit; of plans the plan's own rate. Null when the bill does not say. */
    rate: money('rate'),
    /** Normalized units an hour of this size counts for a reservation; null when the bill does not say. */
    normalization: money('normalization'),
    /** Fees only: what the commitment costs in the span of the line, used or not, and the normalized units it covers. */
    committed: money('committed'),
    committedUnits: money('committed_units'),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    lines: integer('lines').notNull(),
  },
  (t) => [
    index('usage_resource_day').on(t.resourceId, t.day),
    index('usage_scope').on(t.accountId, t.period),
    index('usage_org_kind_day').on(t.orgId, t.kind, t.day),
  ],
)
export type Usage = typeof usage.$inferSelect
