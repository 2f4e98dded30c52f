import { bigserial, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'

/** The audit trail, append-only (a trigger refuses UPDATE and DELETE, migration 0001): who did what to which thing, before and after. */
export const events = pgTable(
  'events',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    orgId: uuid('org_id').notNull(),
    at: instant('at').notNull(),
    /** subject.past-tense, e.g. `booking.released`. */
    name: text('name').notNull(),
    subjectKind: text('subject_kind').notNull(),
    subjectId: text('subject_id').notNull(),
    personId: uuid('person_id'),
    door: text('door').notNull(),
    /** The job that acted when no person did. */
    job: text('job'),
    before: jsonb('before').$type<Record<string, unknown>>(),
    after: jsonb('after').$type<Record<string, unknown>>(),
  },
  (t) => [index('events_org').on(t.orgId, t.id), index('events_subject').on(t.orgId, t.subjectKind, t.subjectId, t.id)],
)
export type Event = typeof events.$inferSelect
