import { bigint, date, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { duplicateCheckStates, listedBucketStates } from '../vocabulary.ts'
import { id, instant, money } from './columns.ts'
import { organizations } from './organizations.ts'

const count = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0)

/**
 * One look for equal objects in some buckets. Objects smaller than `minBytes` are counted in `objects` and nowhere else.
 * `duplicateObjects` are all members of groups of equals, originals too; `duplicateBytes` leaves one copy of each out.
 * `saving` is per 30 days, null when no bucket's cost is known; costs are those of `costDay`.
 */
export const duplicateChecks = pgTable(
  'duplicate_checks',
  {
    id: id(),
    orgId: uuid('org_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** Who asked, for the progress message. */
    personId: uuid('person_id'),
    minBytes: count('min_bytes'),
    state: text('state', { enum: duplicateCheckStates }).notNull().default('created'),
    /** Begun so many times: a process that died, or a cloud that did not answer, is tried again. */
    attempts: integer('attempts').notNull().default(0),
    reason: text('reason'),
    buckets: integer('buckets').notNull(),
    bucketsDone: integer('buckets_done').notNull().default(0),
    objects: count('objects'),
    filteredObjects: count('filtered_objects'),
    totalBytes: count('total_bytes'),
    groups: count('groups'),
    duplicateObjects: count('duplicate_objects'),
    duplicateBytes: count('duplicate_bytes'),
    costDay: date('cost_day'),
    saving: money('saving'),
    createdAt: instant('created_at').notNull(),
    startedAt: instant('started_at'),
    updatedAt: instant('updated_at').notNull(),
    finishedAt: instant('finished_at'),
  },
  (t) => [index('duplicate_checks_org').on(t.orgId, t.createdAt)],
)
export type DuplicateCheck = typeof duplicateChecks.$inferSelect

/**
 * A bucket of a check, numbered from 1. `bytes` are those of the objects that count. `duplicateBytes` leaves one copy out of
 * groups that lie in this bucket only; of groups that lie in others too every copy here counts.
 */
export const duplicateBuckets = pgTable(
  'duplicate_buckets',
  {
    checkId: uuid('check_id')
      .notNull()
      .references(() => duplicateChecks.id, { onDelete: 'cascade' }),
    n: integer('n').notNull(),
    accountId: uuid('account_id').notNull(),
    resourceId: uuid('resource_id').notNull(),
    name: text('name').notNull(),
    region: text('region').notNull(),
    state: text('state', { enum: listedBucketStates }).notNull().default('waiting'),
    note: text('note'),
    objects: count('objects'),
    filteredObjects: count('filtered_objects'),
    bytes: count('bytes'),
    duplicateObjects: count('duplicate_objects'),
    duplicateBytes: count('duplicate_bytes'),
    /** Storage cost of 30 days, null when the bill says nothing. */
    monthlyCost: money('monthly_cost'),
    saving: money('saving'),
  },
  (t) => [primaryKey({ columns: [t.checkId, t.n] }), index('duplicate_buckets_account').on(t.accountId)],
)
export type DuplicateBucket = typeof duplicateBuckets.$inferSelect

/**
 * The matrix: what `bucketN` has in common with `withN`. On the diagonal groups with several members in the bucket, `bytes`
 * without one copy; elsewhere groups with members in both: `objects` in both buckets, `bytes` in `bucketN`.
 * `saving`: what deleting these copies from `bucketN` saves in 30 days. Nothing in common, no row.
 */
export const duplicatePairs = pgTable(
  'duplicate_pairs',
  {
    checkId: uuid('check_id')
      .notNull()
      .references(() => duplicateChecks.id, { onDelete: 'cascade' }),
    bucketN: integer('bucket_n').notNull(),
    withN: integer('with_n').notNull(),
    objects: count('objects'),
    bytes: count('bytes'),
    saving: money('saving'),
  },
  (t) => [primaryKey({ columns: [t.checkId, t.bucketN, t.withN] })],
)
export type DuplicatePair = typeof duplicatePairs.$inferSelect

/** Equal objects (checksum and size), numbered by what they waste; how many of a group lie in a bucket. No foreign key: rows by the million. */
export const duplicateGroups = pgTable(
  'duplicate_groups',
  {
    checkId: uuid('check_id').notNull(),
    groupN: integer('group_n').notNull(),
    bucketN: integer('bucket_n').notNull(),
    tag: text('tag').notNull(),
    size: bigint('size', { mode: 'number' }).notNull(),
    members: bigint('members', { mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.checkId, t.groupN, t.bucketN] })],
)

/** The members of groups, numbered in the order of the download. No foreign key: rows by the million. */
export const duplicateObjects = pgTable(
  'duplicate_objects',
  {
    checkId: uuid('check_id').notNull(),
    n: bigint('n', { mode: 'number' }).notNull(),
    groupN: integer('group_n').notNull(),
    bucketN: integer('bucket_n').notNull(),
    key: text('key').notNull(),
  },
  (t) => [primaryKey({ columns: [t.checkId, t.n] })],
)
