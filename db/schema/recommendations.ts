import { boolean, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { archiveReasons } from '../vocabulary.ts'
import { id, instant, money } from './columns.ts'
import { organizations } from './organizations.ts'

/** The schedule of checks of an organization; `running` holds the id of the check under way. */
export const checkSchedules = pgTable('check_schedules', {
  orgId: uuid('org_id')
    .primaryKey()
    .references(() => organizations.id, { onDelete: 'cascade' }),
  nextRunAt: instant('next_run_at').notNull(),
  lastStartedAt: instant('last_started_at'),
  lastCompletedAt: instant('last_completed_at'),
  running: uuid('running'),
})
export type CheckSchedule = typeof checkSchedules.$inferSelect

/** How each recommendation went for each account in its last check; a failure keeps the last good findings and says why. */
export const checkResults = pgTable(
  'check_results',
  {
    orgId: uuid('org_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    recommendation: text('recommendation').notNull(),
    accountId: uuid('account_id').notNull(),
    checkedAt: instant('checked_at').notNull(),
    error: text('error'),
    options: jsonb('options').$type<Record<string, unknown>>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.orgId, t.recommendation, t.accountId] })],
)
export type CheckResult = typeof checkResults.$inferSelect

/** One item of a recommendation. `key` is unique within recommendation and account (the cloud resource id by default). `saving` is per 30 days. */
export const findings = pgTable(
  'findings',
  {
    id: id(),
    orgId: uuid('org_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    recommendation: text('recommendation').notNull(),
    accountId: uuid('account_id').notNull(),
    resourceId: uuid('resource_id'),
    key: text('key').notNull(),
    saving: money('saving'),
    evidence: jsonb('evidence').$type<Record<string, unknown>>().notNull(),
    isExcluded: boolean('is_excluded').notNull().default(false),
    detectedAt: instant('detected_at').notNull(),
    checkedAt: instant('checked_at').notNull(),
    /** Until when the person put it off; null = not snoozed. */
    snoozedUntil: instant('snoozed_until'),
    rev: integer('rev').notNull().default(1),
  },
  (t) => [
    unique('findings_once').on(t.orgId, t.recommendation, t.accountId, t.key),
    index('findings_org_saving').on(t.orgId, t.recommendation, t.saving),
    index('findings_resource').on(t.resourceId),
  ],
)
export type Finding = typeof findings.$inferSelect

/** Resources a recommendation was dismissed for; survives checks until it is reopened. */
export const dismissals = pgTable(
  'dismissals',
  {
    orgId: uuid('org_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    recommendation: text('recommendation').notNull(),
    resourceId: uuid('resource_id').notNull(),
    personId: uuid('person_id'),
    reason: text('reason').notNull().default(''),
    at: instant('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.resourceId, t.recommendation] })],
)

/** Findings that ended, with all they held and why they ended. */
export const archivedFindings = pgTable(
  'archived_findings',
  {
    id: id(),
    orgId: uuid('org_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    recommendation: text('recommendation').notNull(),
    accountId: uuid('account_id').notNull(),
    resourceId: uuid('resource_id'),
    key: text('key').notNull(),
    saving: money('saving'),
    evidence: jsonb('evidence').$type<Record<string, unknown>>().notNull(),
    reason: text('reason', { enum: archiveReasons }).notNull(),
    detectedAt: instant('detected_at').notNull(),
    archivedAt: instant('archived_at').notNull(),
  },
  (t) => [index('archived_findings_org').on(t.orgId, t.archivedAt, t.id)],
)
export type ArchivedFinding = typeof archivedFindings.$inferSelect
