import { date, index, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { commitmentAlertKinds, covers, usageKinds } from '../vocabulary.ts'
import { instant, money } from './columns.ts'

/**
 * Who paid for machine time, per day: a rollup of `usage`, made anew with its period. Kinds `compute` and `database` are
 * what coverage is measured on; `commitment` is what reservations and plans paid for besides (caches, searches), which
 * counts as their use only. `hours` are hours as billed, `normalized` hours times the size's units (an hour of `xlarge`
 * is 8), `cost` is effective, `list` what the same would have cost on demand.
 */
export const coverageDays = pgTable(
  'coverage_days',
  {
    orgId: uuid('org_id').notNull(),
    accountId: uuid('account_id').notNull(),
    period: date('period').notNull(),
    day: date('day').notNull(),
    subAccount: text('sub_account').notNull(),
    kind: text('kind', { enum: usageKinds }).notNull(),
    cover: text('cover', { enum: covers }).notNull(),
    commitment: text('commitment').notNull(),
    flavor: text('flavor').notNull(),
    /** The flavor without its size; empty where there is none (containers, functions). */
    family: text('family').notNull(),
    os: text('os').notNull(),
    software: text('software').notNull(),
    tenancy: text('tenancy').notNull(),
    region: text('region').notNull(),
    hours: money('hours').notNull(),
    normalized: money('normalized').notNull(),
    cost: money('cost').notNull(),
    list: money('list').notNull(),
  },
  (t) => [index('coverage_days_org_day').on(t.orgId, t.day), index('coverage_days_scope').on(t.accountId, t.period)],
)
export type CoverageDay = typeof coverageDays.$inferSelect

/** Which alerts about a commitment were sent: one row per commitment and kind, so that an alert is said once per episode. */
export const commitmentAlerts = pgTable(
  'commitment_alerts',
  {
    orgId: uuid('org_id').notNull(),
    commitment: text('commitment').notNull(),
    kind: text('kind', { enum: commitmentAlertKinds }).notNull(),
    firedAt: instant('fired_at').notNull(),
    /** Set when it is no longer so; the next episode fires again. */
    clearedAt: instant('cleared_at'),
  },
  (t) => [unique('commitment_alerts_once').on(t.orgId, t.commitment, t.kind)],
)
