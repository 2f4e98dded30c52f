import { boolean, index, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { bookingStates } from '../vocabulary.ts'
import { id, instant, money } from './columns.ts'
import { organizations } from './organizations.ts'

/** Something people share by booking: made by hand, or a resource marked as shared (`resourceId`). `hourlyCost` prices the buttons. */
export const environments = pgTable(
  'environments',
  {
    id: id(),
    orgId: uuid('org_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    resourceId: uuid('resource_id').unique(),
    name: text('name').notNull(),
    type: text('type').notNull().default('Environment'),
    poolId: uuid('pool_id').notNull(),
    ownerId: uuid('owner_id'),
    active: boolean('active').notNull().default(true),
    hourlyCost: money('hourly_cost').notNull().default('0.05'),
    properties: jsonb('properties').$type<Record<string, string>>().notNull().default({}),
    /** Slack channel where its bookings are announced; null = nowhere. */
    channel: text('channel'),
    maxHours: integer('max_hours').notNull().default(8),
    rev: integer('rev').notNull().default(1),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (t) => [unique('environments_name').on(t.orgId, t.name)],
)
export type Environment = typeof environments.$inferSelect

/** Every change of an environment's properties. */
export const propertyChanges = pgTable(
  'property_changes',
  {
    id: id(),
    environmentId: uuid('environment_id')
      .notNull()
      .references(() => environments.id, { onDelete: 'cascade' }),
    personId: uuid('person_id'),
    at: instant('at').notNull(),
    changes: jsonb('changes').$type<Record<string, { old: string | null; new: string | null }>>().notNull(),
  },
  (t) => [index('property_changes_environment').on(t.environmentId, t.at)],
)

/**
 * Who holds an environment when, half-open [startsAt, endsAt). Overlaps of live bookings are refused by the exclusion
 * constraint `bookings_no_overlap` (migration 0001): insert with ON CONFLICT DO NOTHING, no row back means taken.
 */
export const bookings = pgTable(
  'bookings',
  {
    id: id(),
    orgId: uuid('org_id').notNull(),
    environmentId: uuid('environment_id')
      .notNull()
      .references(() => environments.id, { onDelete: 'cascade' }),
    personId: uuid('person_id').notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    reason: text('reason').notNull().default(''),
    state: text('state', { enum: bookingStates }).notNull().default('booked'),
    /** The end that was promised before an early release, so that undo can put it back. */
    plannedEndsAt: instant('planned_ends_at').notNull(),
    remindedAt: instant('reminded_at'),
    rev: integer('rev').notNull().default(1),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (t) => [
    index('bookings_environment_start').on(t.environmentId, t.startsAt),
    index('bookings_person').on(t.personId, t.startsAt),
  ],
)
export type Booking = typeof bookings.$inferSelect

/** The Google Calendar an organization mirrors its bookings into. The database decides; the calendar follows. */
export const calendars = pgTable('calendars', {
  orgId: uuid('org_id')
    .primaryKey()
    .references(() => organizations.id, { onDelete: 'cascade' }),
  calendarId: text('calendar_id').notNull(),
  connectedBy: uuid('connected_by'),
  connectedAt: instant('connected_at').notNull(),
  lastSyncAt: instant('last_sync_at'),
  lastError: text('last_error'),
})
export type Calendar = typeof calendars.$inferSelect

/** The mirror of one booking: `mirroredRev` < booking.rev means the calendar is catching up. */
export const calendarEvents = pgTable('calendar_events', {
  bookingId: uuid('booking_id')
    .primaryKey()
    .references(() => bookings.id, { onDelete: 'cascade' }),
  orgId: uuid('org_id').notNull(),
  calendarId: text('calendar_id').notNull(),
  eventId: text('event_id').notNull(),
  mirroredRev: integer('mirrored_rev').notNull().default(0),
  mirroredAt: instant('mirrored_at'),
  lastError: text('last_error'),
})
export type CalendarEvent = typeof calendarEvents.$inferSelect
