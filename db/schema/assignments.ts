import { boolean, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { id, instant } from './columns.ts'
import { organizations } from './organizations.ts'

/** One condition of a rule; `kind` names a file in `engine/assignment/conditions`. */
export type ConditionRow = { kind: string; value: string; key?: string }

/** All conditions must match; the lowest `priority` (1 = first) that matches assigns pool and owner. A new rule comes on top. */
export const rules = pgTable(
  'rules',
  {
    id: id(),
    orgId: uuid('org_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    priority: integer('priority').notNull(),
    active: boolean('active').notNull().default(true),
    poolId: uuid('pool_id').notNull(),
    ownerId: uuid('owner_id'),
    conditions: jsonb('conditions').$type<ConditionRow[]>().notNull(),
    createdBy: uuid('created_by'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (t) => [unique('rules_name').on(t.orgId, t.name)],
)
export type Rule = typeof rules.$inferSelect
