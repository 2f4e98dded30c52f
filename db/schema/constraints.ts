import { bigserial, index, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { constraintTypes, hitStates } from '../vocabulary.ts'
import { id, instant, money } from './columns.ts'
import { resources } from './resources.ts'

/** A resource's own constraint; it switches the pool's policy of that type off. TTL: epoch seconds of the end, 0 = unlimited. */
export const resourceConstraints = pgTable(
  'resource_constraints',
  {
    id: id(),
    orgId: uuid('org_id').notNull(),
    resourceId: uuid('resource_id')
      .notNull()
      .references(() => resources.id, { onDelete: 'cascade' }),
    type: text('type', { enum: constraintTypes }).notNull(),
    limit: money('limit').notNull(),
    setBy: uuid('set_by'),
    setAt: instant('set_at').notNull().defaultNow(),
  },
  (t) => [unique('resource_constraints_once').on(t.resourceId, t.type)],
)
export type ResourceConstraint = typeof resourceConstraints.$inferSelect

/** The log of violations: a RED row opens an episode (and alerts once), a GREEN row ends it. TTL: limit and value are epoch seconds. */
export const constraintHits = pgTable(
  'constraint_hits',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    orgId: uuid('org_id').notNull(),
    resourceId: uuid('resource_id')
      .notNull()
      .references(() => resources.id, { onDelete: 'cascade' }),
    poolId: uuid('pool_id'),
    type: text('type', { enum: constraintTypes }).notNull(),
    limit: money('limit').notNull(),
    value: money('value').notNull(),
    state: text('state', { enum: hitStates }).notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    index('constraint_hits_latest').on(t.resourceId, t.type, t.id),
    index('constraint_hits_org').on(t.orgId, t.at),
  ],
)
export type ConstraintHit = typeof constraintHits.$inferSelect
