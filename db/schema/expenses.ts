import { date, index, integer, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { money } from './columns.ts'

/**
 * Daily cost per resource, aggregated from the bill. Partitioned by month of `day` (migration 0001; partitions are made
 * by the SQL function `ensure_months(parent, from, to)`). A billing period of an account is replaced as a whole, never
 * patched. Every key leads with or implies the organization, so the table can be distributed by `org_id`.
 * Amounts: `billed` (invoice), `effective` (amortized, what answers show), `list`, `contracted`, FOCUS definitions.
 */
export const expenses = pgTable(
  'expenses',
  {
    orgId: uuid('org_id').notNull(),
    accountId: uuid('account_id').notNull(),
    period: date('period').notNull(),
    day: date('day').notNull(),
    resourceId: uuid('resource_id').notNull(),
    subAccount: text('sub_account').notNull().default(''),
    service: text('service').notNull().default(''),
    region: text('region').notNull().default(''),
    category: text('category').notNull(),
    class: text('class').notNull().default(''),
    commitment: text('commitment').notNull().default(''),
    commitmentStatus: text('commitment_status').notNull().default(''),
    billed: money('billed').notNull(),
    effective: money('effective').notNull(),
    list: money('list').notNull(),
    contracted: money('contracted').notNull(),
    lines: integer('lines').notNull(),
  },
  (t) => [index('expenses_resource_day').on(t.resourceId, t.day), index('expenses_scope').on(t.accountId, t.period)],
)
export type Expense = typeof expenses.$inferSelect

const rollup = {
  orgId: uuid('org_id').notNull(),
  accountId: uuid('account_id').notNull(),
  poolId: uuid('pool_id').notNull(),
  ownerId: uuid('owner_id'),
  subAccount: text('sub_account').notNull(),
  service: text('service').notNull(),
  region: text('region').notNull(),
  category: text('category').notNull(),
  billed: money('billed').notNull(),
  effective: money('effective').notNull(),
  list: money('list').notNull(),
  lines: integer('lines').notNull(),
}

/** Spend per day and few dimensions, by the resource's pool and owner of now. Answers of up to a few months read this. */
export const spendDays = pgTable('spend_days', { day: date('day').notNull(), ...rollup }, (t) => [
  unique('spend_days_once')
    .on(t.orgId, t.day, t.accountId, t.poolId, t.ownerId, t.subAccount, t.service, t.region, t.category)
    .nullsNotDistinct(),
  index('spend_days_account').on(t.accountId, t.day),
])
export type SpendDay = typeof spendDays.$inferSelect

/** The same by month (`month` is its first day). Limits, forecasts and long ranges read this. */
export const spendMonths = pgTable('spend_months', { month: date('month').notNull(), ...rollup }, (t) => [
  unique('spend_months_once')
    .on(t.orgId, t.month, t.accountId, t.poolId, t.ownerId, t.subAccount, t.service, t.region, t.category)
    .nullsNotDistinct(),
  index('spend_months_account').on(t.accountId, t.month),
])
export type SpendMonth = typeof spendMonths.$inferSelect
