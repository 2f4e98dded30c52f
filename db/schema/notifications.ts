import { index, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { id, instant } from './columns.ts'

/** Something a person should be told, decided by the engine in the transaction of its cause. The bot turns it into deliveries. */
export const notifications = pgTable(
  'notifications',
  {
    id: id(),
    orgId: uuid('org_id').notNull(),
    /** The message that says it: a file name in `bot/messages`. */
    kind: text('kind').notNull(),
    /** Natural key: the same cause decided twice is one notification. */
    key: text('key').notNull(),
    personIds: jsonb('person_ids').$type<string[]>().notNull().default([]),
    /** Channels bound to this pool (or its nearest bound ancestor) hear it too. */
    poolId: uuid('pool_id'),
    channel: text('channel'),
    subjectKind: text('subject_kind'),
    subjectId: text('subject_id'),
    facts: jsonb('facts').$type<Record<string, unknown>>().notNull().default({}),
    createdAt: instant('created_at').notNull(),
    deliveredAt: instant('delivered_at'),
  },
  (t) => [unique('notifications_key').on(t.orgId, t.key), index('notifications_org').on(t.orgId, t.createdAt)],
)
export type Notification = typeof notifications.$inferSelect
