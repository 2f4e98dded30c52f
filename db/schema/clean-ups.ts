import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { cleanUpStates, type Cloud } from '../vocabulary.ts'
import { id, instant, money } from './columns.ts'
import { organizations, people } from './organizations.ts'

/** One finding of a frozen list. `outcome`: null until it was looked at after the clean-up, "gone", or why it is still there. */
export type CleanUpItem = {
  findingId: string
  recommendation: string
  accountId: string
  resourceId: string | null
  /** The finding's key; findings of a later check have other ids. */
  key: string
  name: string
  saving: string | null
  poolId: string | null
  /** No script does it. */
  byHand: boolean
  outcome: string | null
}

/** The list a script works on, byte for byte as it is handed over, and the accounts it touches. */
export type CleanUpList = {
  recommendation: string
  json: string
  accounts: { id: string; name: string; cloud: Cloud; number: string }[]
}

/**
 * A person's clean-up, from choosing findings to the proof that they are gone. While choosing only `chosen` (ids of
 * findings) is filled; the request freezes `items` and `lists`, whose `sha256` is what gets approved.
 */
export const cleanUps = pgTable(
  'clean_ups',
  {
    id: id(),
    orgId: uuid('org_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
    state: text('state', { enum: cleanUpStates }).notNull().default('choosing'),
    chosen: jsonb('chosen').$type<string[]>().notNull().default([]),
    items: jsonb('items').$type<CleanUpItem[]>().notNull().default([]),
    /** What the approver left out; it is open advice again. */
    declined: jsonb('declined').$type<CleanUpItem[]>().notNull().default([]),
    lists: jsonb('lists').$type<CleanUpList[]>().notNull().default([]),
    sha256: text('sha256').notNull().default(''),
    /** Per 30 days; a resource in several items counts once. */
    saving: money('saving').notNull().default('0'),
    /** Findings left out because they are not the person's. */
    leftOut: integer('left_out').notNull().default(0),
    rev: integer('rev').notNull().default(1),
    createdAt: instant('created_at').notNull(),
    requestedAt: instant('requested_at'),
    /** No answer until then is a no. */
    expiresAt: instant('expires_at'),
    decidedBy: uuid('decided_by'),
    decidedAt: instant('decided_at'),
    /** When the person said that the scripts ran. */
    ranAt: instant('ran_at'),
    verifiedAt: instant('verified_at'),
  },
  (t) => [
    uniqueIndex('clean_ups_one_choosing')
      .on(t.orgId, t.personId)
      .where(sql`state = 'choosing'`),
    uniqueIndex('clean_ups_one_request')
      .on(t.orgId, t.personId, t.sha256)
      .where(sql`state in ('waiting_approval', 'handed_over')`),
    index('clean_ups_org_state').on(t.orgId, t.state),
  ],
)
export type CleanUp = typeof cleanUps.$inferSelect
