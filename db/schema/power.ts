import { bigserial, boolean, index, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { powerActions, powerOutcomes, powerStates, type PowerAction } from '../vocabulary.ts'
import { id, instant } from './columns.ts'
import { organizations } from './organizations.ts'
import { resources } from './resources.ts'

/** At this wall-clock time ("HH:MM" in the schedule's zone) on these weekdays, 1 = Monday to 7 = Sunday. */
export type PowerTrigger = { action: PowerAction; at: string; days: number[] }

/**
 * When machines are on and off. It acts at transitions only: a machine somebody started by hand stays on until the next
 * one. `lastEvaluatedAt`: transitions up to here are decided. `lastError` is what went wrong in the last run, in a sentence.
 */
export const powerSchedules = pgTable(
  'power_schedules',
  {
    id: id(),
    orgId: uuid('org_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** IANA. */
    zone: text('zone').notNull(),
    enabled: boolean('enabled').notNull().default(true),
    startsAt: instant('starts_at').notNull(),
    /** Null = it never ends. */
    endsAt: instant('ends_at'),
    triggers: jsonb('triggers').$type<PowerTrigger[]>().notNull(),
    lastEvaluatedAt: instant('last_evaluated_at').notNull(),
    lastRunAt: instant('last_run_at'),
    lastError: text('last_error'),
    createdBy: uuid('created_by'),
    rev: integer('rev').notNull().default(1),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (t) => [unique('power_schedules_name').on(t.orgId, t.name)],
)
export type PowerSchedule = typeof powerSchedules.$inferSelect

/** The schedule of a machine, one at most. Transitions before `skipUntil` are left out; before `keepOnUntil` it is not stopped. */
export const powerAttachments = pgTable(
  'power_attachments',
  {
    resourceId: uuid('resource_id')
      .primaryKey()
      .references(() => resources.id, { onDelete: 'cascade' }),
    orgId: uuid('org_id').notNull(),
    scheduleId: uuid('schedule_id')
      .notNull()
      .references(() => powerSchedules.id, { onDelete: 'cascade' }),
    attachedBy: uuid('attached_by'),
    attachedAt: instant('attached_at').notNull(),
    skipUntil: instant('skip_until'),
    keepOnUntil: instant('keep_on_until'),
  },
  (t) => [index('power_attachments_schedule').on(t.scheduleId)],
)
export type PowerAttachment = typeof powerAttachments.$inferSelect

/**
 * One wish to switch one machine, written when it is decided and settled when the cloud has answered. A machine has one
 * per due instant, so deciding the same transition twice is one wish. Without a schedule a person asked (`askedBy`).
 */
export const powerActionRows = pgTable(
  'power_actions',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    orgId: uuid('org_id').notNull(),
    resourceId: uuid('resource_id')
      .notNull()
      .references(() => resources.id, { onDelete: 'cascade' }),
    scheduleId: uuid('schedule_id').references(() => powerSchedules.id, { onDelete: 'set null' }),
    action: text('action', { enum: powerActions }).notNull(),
    dueAt: instant('due_at').notNull(),
    askedBy: uuid('asked_by'),
    state: text('state', { enum: powerStates }).notNull().default('waiting'),
    outcome: text('outcome', { enum: powerOutcomes }),
    attempts: integer('attempts').notNull().default(0),
    error: text('error'),
    createdAt: instant('created_at').notNull(),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    unique('power_actions_once').on(t.resourceId, t.dueAt),
    index('power_actions_waiting').on(t.orgId, t.state, t.dueAt),
  ],
)
export type PowerActionRow = typeof powerActionRows.$inferSelect
