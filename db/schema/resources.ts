import { sql } from 'drizzle-orm'
import { boolean, date, index, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { id, instant, money } from './columns.ts'
import { accounts } from './cloud-accounts.ts'

/**
 * Everything that costs or was discovered. `active` is set by discovery only; the bill alone never makes a resource active.
 * The `last…At` columns are tracked timestamps: the last moment the resource was seen in its good state, null = never.
 * `rev` counts decisions about it (owner, pool, constraints), so that a stale button is recognised.
 */
export const resources = pgTable(
  'resources',
  {
    id: id(),
    orgId: uuid('org_id').notNull(),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    cloudResourceId: text('cloud_resource_id').notNull(),
    name: text('name').notNull().default(''),
    type: text('type').notNull().default(''),
    service: text('service').notNull().default(''),
    region: text('region').notNull().default(''),
    poolId: uuid('pool_id').notNull(),
    ownerId: uuid('owner_id'),
    assignedBy: text('assigned_by', { enum: ['account', 'rule', 'person'] })
      .notNull()
      .default('account'),
    ruleId: uuid('rule_id'),
    tags: jsonb('tags').$type<Record<string, string>>().notNull().default({}),
    /** What only the cloud defines: flavor, state, sizes, security groups. Anything filtered is a column below. */
    facts: jsonb('facts').$type<Record<string, unknown>>().notNull().default({}),
    active: boolean('active').notNull().default(false),
    firstSeenAt: instant('first_seen_at').notNull(),
    lastSeenAt: instant('last_seen_at').notNull(),
    cloudCreatedAt: instant('cloud_created_at'),
    attached: boolean('attached'),
    lastAttachedAt: instant('last_attached_at'),
    available: boolean('available'),
    lastUsedAt: instant('last_used_at'),
    stoppedAllocated: boolean('stopped_allocated'),
    lastNotStoppedAt: instant('last_not_stopped_at'),
    spot: boolean('spot').notNull().default(false),
    hasMetrics: boolean('has_metrics').notNull().default(false),
    totalCost: money('total_cost').notNull().default('0'),
    lastExpenseDay: date('last_expense_day'),
    lastExpenseCost: money('last_expense_cost'),
    constraintViolated: boolean('constraint_violated').notNull().default(false),
    rev: integer('rev').notNull().default(1),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (t) => [
    unique('resources_once').on(t.accountId, t.cloudResourceId),
    index('resources_org_type').on(t.orgId, t.type),
    index('resources_org_pool').on(t.orgId, t.poolId),
    index('resources_org_owner').on(t.orgId, t.ownerId),
    index('resources_account_type').on(t.accountId, t.type),
    index('resources_violated')
      .on(t.orgId, t.poolId)
      .where(sql`constraint_violated`),
  ],
)
export type Resource = typeof resources.$inferSelect
