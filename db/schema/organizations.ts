import { sql } from 'drizzle-orm'
import { boolean, index, jsonb, pgTable, primaryKey, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { roles } from '../vocabulary.ts'
import { id, instant } from './columns.ts'

/** A tenant. `currency` (ISO 4217) cannot change once an account is connected. */
export const organizations = pgTable('organizations', {
  id: id(),
  name: text('name').notNull(),
  currency: text('currency').notNull().default('USD'),
  isDemo: boolean('is_demo').notNull().default(false),
  createdAt: instant('created_at').notNull().defaultNow(),
})
export type Organization = typeof organizations.$inferSelect

/**
 * A human in one organization. `zone` is an IANA time zone. Who was removed stays for the names in bookings and events, and
 * is found nowhere else; the e-mail is free again. E-mails are one whatever their case.
 */
export const people = pgTable(
  'people',
  {
    id: id(),
    orgId: uuid('org_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    email: text('email'),
    zone: text('zone').notNull().default('UTC'),
    createdAt: instant('created_at').notNull().defaultNow(),
    removedAt: instant('removed_at'),
  },
  (t) => [uniqueIndex('people_email').on(t.orgId, sql`lower(${t.email})`), index('people_org').on(t.orgId)],
)
export type Person = typeof people.$inferSelect

/** Who holds which role where. `poolId` null means the whole organization; a role on a pool covers its sub-pools. */
export const memberships = pgTable(
  'memberships',
  {
    id: id(),
    orgId: uuid('org_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
    role: text('role', { enum: roles }).notNull(),
    poolId: uuid('pool_id'),
  },
  (t) => [
    unique('memberships_once').on(t.personId, t.role, t.poolId).nullsNotDistinct(),
    index('memberships_org').on(t.orgId),
  ],
)
export type Membership = typeof memberships.$inferSelect

/** Settings by name, e.g. `recommendation_obsolete_ips`. */
export const options = pgTable(
  'options',
  {
    orgId: uuid('org_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    value: jsonb('value').$type<Record<string, unknown>>().notNull(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.orgId, t.name] })],
)

/** One-time sign-in links from Slack; only the hash of the secret is kept. Live 10 minutes, work once. */
export const signInLinks = pgTable('sign_in_links', {
  hash: text('hash').primaryKey(),
  orgId: uuid('org_id')
    .notNull()
    .references(() => organizations.id, { onDelete: 'cascade' }),
  personId: uuid('person_id')
    .notNull()
    .references(() => people.id, { onDelete: 'cascade' }),
  goTo: text('go_to').notNull().default('/'),
  expiresAt: instant('expires_at').notNull(),
  usedAt: instant('used_at'),
})

/** Web sessions, by hash of the cookie. */
export const sessions = pgTable('sessions', {
  hash: text('hash').primaryKey(),
  orgId: uuid('org_id')
    .notNull()
    .references(() => organizations.id, { onDelete: 'cascade' }),
  personId: uuid('person_id')
    .notNull()
    .references(() => people.id, { onDelete: 'cascade' }),
  csrf: text('csrf').notNull(),
  expiresAt: instant('expires_at').notNull(),
})
export type Session = typeof sessions.$inferSelect
