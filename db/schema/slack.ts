import { sql } from 'drizzle-orm'
import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { joinDecisions } from '../vocabulary.ts'
import { id, instant } from './columns.ts'
import { organizations } from './organizations.ts'

/** A workspace the app is installed in and the organization it speaks for. The token is sealed by `db/secrets.ts`. */
export const slackInstalls = pgTable('slack_installs', {
  teamId: text('team_id').primaryKey(),
  orgId: uuid('org_id')
    .notNull()
    .references(() => organizations.id, { onDelete: 'cascade' }),
  teamName: text('team_name').notNull().default(''),
  botToken: text('bot_token').notNull(),
  botUserId: text('bot_user_id').notNull().default(''),
  /** Where the organization's alerts go when a pool has no channel. */
  alertsChannel: text('alerts_channel'),
  installedAt: instant('installed_at').notNull().defaultNow(),
  disabledAt: instant('disabled_at'),
})
export type SlackInstall = typeof slackInstalls.$inferSelect

/** Which Slack user is which person; one person per (team, user). */
export const slackLinks = pgTable(
  'slack_links',
  {
    teamId: text('team_id').notNull(),
    slackUserId: text('slack_user_id').notNull(),
    orgId: uuid('org_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    personId: uuid('person_id').notNull(),
    linkedAt: instant('linked_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.teamId, t.slackUserId] }), index('slack_links_person').on(t.personId)],
)
export type SlackLink = typeof slackLinks.$inferSelect

/** Somebody Slack knows and we do not asks to be let in; a user has one open request at a time. */
export const joinRequests = pgTable(
  'join_requests',
  {
    id: id(),
    orgId: uuid('org_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    teamId: text('team_id').notNull(),
    slackUserId: text('slack_user_id').notNull(),
    /** What Slack said of them when they asked. */
    name: text('name').notNull(),
    email: text('email'),
    zone: text('zone'),
    /** The command they typed first, in `slack_questions`; answered when they are in. */
    questionId: text('question_id'),
    askedAt: instant('asked_at').notNull(),
    decision: text('decision', { enum: joinDecisions }),
    decidedBy: uuid('decided_by'),
    decidedAt: instant('decided_at'),
    rev: integer('rev').notNull().default(1),
  },
  (t) => [
    uniqueIndex('join_requests_open')
      .on(t.orgId, t.teamId, t.slackUserId)
      .where(sql`${t.decidedAt} is null`),
  ],
)
export type JoinRequest = typeof joinRequests.$inferSelect

/** `/finops bind`: this channel means that pool. */
export const slackBindings = pgTable(
  'slack_bindings',
  {
    teamId: text('team_id').notNull(),
    channel: text('channel').notNull(),
    orgId: uuid('org_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    poolId: uuid('pool_id').notNull(),
    boundBy: uuid('bound_by'),
    boundAt: instant('bound_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.teamId, t.channel] }), index('slack_bindings_pool').on(t.poolId)],
)

/** What Slack last said about a channel, for when it cannot be asked: no costs where another company reads along. */
export const slackChannels = pgTable(
  'slack_channels',
  {
    teamId: text('team_id').notNull(),
    channel: text('channel').notNull(),
    orgId: uuid('org_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    isShared: boolean('is_shared').notNull(),
    toldAt: instant('told_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.teamId, t.channel] })],
)

/** Every posting of a card (IC-5): when the subject changes, all live copies are redrawn from state. */
export const slackCopies = pgTable(
  'slack_copies',
  {
    id: id(),
    orgId: uuid('org_id').notNull(),
    message: text('message').notNull(),
    subjectKind: text('subject_kind').notNull(),
    subjectId: text('subject_id').notNull(),
    facts: jsonb('facts').$type<Record<string, unknown>>().notNull().default({}),
    teamId: text('team_id').notNull(),
    channel: text('channel').notNull(),
    ts: text('ts').notNull(),
    hash: text('hash').notNull().default(''),
    live: boolean('live').notNull().default(true),
    postedAt: instant('posted_at').notNull(),
  },
  (t) => [
    unique('slack_copies_once').on(t.teamId, t.channel, t.ts),
    index('slack_copies_subject').on(t.orgId, t.subjectKind, t.subjectId),
  ],
)
export type SlackCopy = typeof slackCopies.$inferSelect

/** One settled receipt per (subject, revision, verb) (IC-4); `undo` says how to take it back within 30 minutes (IC-8). */
export const slackReceipts = pgTable(
  'slack_receipts',
  {
    id: id(),
    orgId: uuid('org_id').notNull(),
    subjectKind: text('subject_kind').notNull(),
    subjectId: text('subject_id').notNull(),
    rev: integer('rev').notNull(),
    verb: text('verb').notNull(),
    argument: text('argument').notNull().default(''),
    personId: uuid('person_id').notNull(),
    settledAt: instant('settled_at').notNull(),
    undo: jsonb('undo').$type<Record<string, unknown>>(),
    undoneAt: instant('undone_at'),
  },
  (t) => [unique('slack_receipts_once').on(t.orgId, t.subjectKind, t.subjectId, t.rev, t.verb)],
)
export type SlackReceipt = typeof slackReceipts.$inferSelect

/** The outbox of everything the bot says unasked: `key` makes a redelivered job one message (IC-14). */
export const slackDeliveries = pgTable(
  'slack_deliveries',
  {
    id: id(),
    orgId: uuid('org_id').notNull(),
    key: text('key').notNull(),
    teamId: text('team_id').notNull(),
    /** A channel id, or a user id for a direct message. */
    lane: text('lane').notNull(),
    priority: integer('priority').notNull(),
    message: text('message').notNull(),
    facts: jsonb('facts').$type<Record<string, unknown>>().notNull(),
    subjectKind: text('subject_kind'),
    subjectId: text('subject_id'),
    threadTs: text('thread_ts'),
    attempts: integer('attempts').notNull().default(0),
    notBefore: instant('not_before').notNull(),
    createdAt: instant('created_at').notNull(),
    deliveredAt: instant('delivered_at'),
    ts: text('ts'),
    failure: text('failure'),
  },
  (t) => [
    unique('slack_deliveries_key').on(t.orgId, t.key),
    index('slack_deliveries_waiting').on(t.deliveredAt, t.priority, t.notBefore),
    index('slack_deliveries_posted').on(t.teamId, t.lane, t.subjectId),
  ],
)
export type SlackDelivery = typeof slackDeliveries.$inferSelect

/** Event ids and request signatures already handled; a redelivery has no second effect. Kept a day. */
export const slackSeen = pgTable('slack_seen', {
  key: text('key').primaryKey(),
  at: instant('at').notNull(),
})

/** A question asked through the grammar, so that menus on the answer can re-slice it, and a command kept until its person is linked. */
export const slackQuestions = pgTable('slack_questions', {
  id: text('id').primaryKey(),
  orgId: uuid('org_id').notNull(),
  personId: uuid('person_id'),
  canonical: text('canonical').notNull(),
  at: instant('at').notNull(),
})
