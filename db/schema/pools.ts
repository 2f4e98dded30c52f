import { boolean, index, integer, pgTable, text, unique, uuid, type AnyPgColumn } from 'drizzle-orm/pg-core'
import { constraintTypes, poolPurposes } from '../vocabulary.ts'
import { id, instant, money } from './columns.ts'
import { organizations } from './organizations.ts'

/** The tree of budgets: one root per organization. `monthlyLimit` in whole currency units, 0 = no limit. */
export const pools = pgTable(
  'pools',
  {
    id: id(),
    orgId: uuid('org_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    parentId: uuid('parent_id').references((): AnyPgColumn => pools.id),
    name: text('name').notNull(),
    monthlyLimit: money('monthly_limit').notNull().default('0'),
    purpose: text('purpose', { enum: poolPurposes }).notNull().default('budget'),
    defaultOwnerId: uuid('default_owner_id'),
    rev: integer('rev').notNull().default(1),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (t) => [
    unique('pools_sibling_name').on(t.orgId, t.parentId, t.name).nullsNotDistinct(),
    index('pools_parent').on(t.parentId),
  ],
)
export type Pool = typeof pools.$inferSelect

/** A constraint every resource directly in the pool lives under unless it has its own. TTL in hours 1–720, money in whole units, 0 = unlimited. */
export const poolPolicies = pgTable(
  'pool_policies',
  {
    id: id(),
    orgId: uuid('org_id').notNull(),
    poolId: uuid('pool_id')
      .notNull()
      .references(() => pools.id, { onDelete: 'cascade' }),
    type: text('type', { enum: constraintTypes }).notNull(),
    limit: money('limit').notNull(),
    active: boolean('active').notNull().default(true),
  },
  (t) => [unique('pool_policies_once').on(t.poolId, t.type)],
)
export type PoolPolicy = typeof poolPolicies.$inferSelect

/** Which alerts about a pool were sent: one row per (pool, kind, month), so an alert is said once per episode. */
export const poolAlerts = pgTable(
  'pool_alerts',
  {
    orgId: uuid('org_id').notNull(),
    poolId: uuid('pool_id')
      .notNull()
      .references(() => pools.id, { onDelete: 'cascade' }),
    kind: text('kind', { enum: ['exceeded', 'forecast'] }).notNull(),
    month: text('month').notNull(),
    firedAt: instant('fired_at').notNull(),
    /** Set when the pool came back under its limit; the next breach fires again. */
    clearedAt: instant('cleared_at'),
  },
  (t) => [unique('pool_alerts_once').on(t.poolId, t.kind, t.month)],
)
