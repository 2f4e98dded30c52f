import { boolean, index, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { inventoryKinds } from '../vocabulary.ts'
import { accounts } from './cloud-accounts.ts'
import { id, instant } from './columns.ts'

/**
 * What discovery sees that costs nothing by itself: images, users, security groups. Recommendations read it; it has no
 * pool, no owner and no expenses. `facts` per kind:
 * - image: `{ snapshotIds: string[], state: string }`
 * - user: `{ hasConsole: boolean, passwordLastUsedAt: number | null, keys: { id, active, lastUsedAt: number | null }[] }`
 *   in epoch seconds; `region` is ''
 * - security_group: `{ vpcId, rules: { protocol: '-1' | 'tcp' | 'udp' | …, from: number | null, to: number | null,
 *   cidrs: string[] }[] }`, inbound rules only; a rule that names groups or lists instead of addresses has no cidrs
 */
export const inventory = pgTable(
  'inventory',
  {
    id: id(),
    orgId: uuid('org_id').notNull(),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    kind: text('kind', { enum: inventoryKinds }).notNull(),
    cloudId: text('cloud_id').notNull(),
    name: text('name').notNull().default(''),
    region: text('region').notNull().default(''),
    tags: jsonb('tags').$type<Record<string, string>>().notNull().default({}),
    facts: jsonb('facts').$type<Record<string, unknown>>().notNull().default({}),
    /** Seen by the last discovery of its kind and region. */
    active: boolean('active').notNull().default(true),
    cloudCreatedAt: instant('cloud_created_at'),
    firstSeenAt: instant('first_seen_at').notNull(),
    lastSeenAt: instant('last_seen_at').notNull(),
  },
  (t) => [
    unique('inventory_once').on(t.accountId, t.kind, t.cloudId),
    index('inventory_account_kind').on(t.accountId, t.kind),
  ],
)
export type InventoryItem = typeof inventory.$inferSelect
