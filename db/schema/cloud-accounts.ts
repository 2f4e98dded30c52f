import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { accountHealths, billOrigins, clouds, importStates } from '../vocabulary.ts'
import { id, instant, money } from './columns.ts'
import { organizations } from './organizations.ts'

/**
 * A connected cloud (FinOps: data source). `cloudAccountId` is the cloud's own number, unique in the organization.
 * `credentials` is sealed by `db/secrets.ts`. `settings` says where the bill lies: bucket, prefix, report, regions.
 */
export const accounts = pgTable(
  'accounts',
  {
    id: id(),
    orgId: uuid('org_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    cloud: text('cloud', { enum: clouds }).notNull(),
    cloudAccountId: text('cloud_account_id').notNull(),
    credentials: text('credentials'),
    settings: jsonb('settings').$type<Record<string, string>>().notNull().default({}),
    poolId: uuid('pool_id'),
    billOrigin: text('bill_origin', { enum: billOrigins }).notNull().default('own'),
    /** Accounts whose bills charge what this one holds; what they knew of it before lies here now. */
    payerIds: uuid('payer_ids')
      .array()
      .notNull()
      .default(sql`'{}'`),
    /** While set, nothing is read by itself: no inventory, no metrics, no bill. */
    pausedAt: instant('paused_at'),
    autoImport: boolean('auto_import').notNull().default(true),
    importPeriodHours: integer('import_period_hours').notNull().default(1),
    processRecommendations: boolean('process_recommendations').notNull().default(true),
    health: text('health', { enum: accountHealths }).notNull().default('no_data_yet'),
    healthDetail: text('health_detail'),
    lastImportAt: instant('last_import_at'),
    lastImportAttemptAt: instant('last_import_attempt_at'),
    lastMetricsAt: instant('last_metrics_at'),
    createdAt: instant('created_at').notNull().defaultNow(),
    deletedAt: instant('deleted_at'),
  },
  (t) => [
    index('accounts_org').on(t.orgId),
    unique('accounts_once').on(t.orgId, t.cloud, t.cloudAccountId, t.deletedAt).nullsNotDistinct(),
  ],
)
export type Account = typeof accounts.$inferSelect

/** One attempt to read a bill: progress while it runs, control totals when it ends, the reason when it fails. */
export const imports = pgTable(
  'imports',
  {
    id: id(),
    orgId: uuid('org_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    source: text('source', { enum: ['upload', 'bucket', 'file'] }).notNull(),
    title: text('title').notNull(),
    /** Who asked, for the progress message; null when the timer did. */
    personId: uuid('person_id'),
    /** Where the spooled files lie (uploads), or null for a bucket. */
    files: jsonb('files').$type<string[]>().notNull().default([]),
    state: text('state', { enum: importStates }).notNull().default('scheduled'),
    step: text('step').notNull().default('waiting'),
    bytesTotal: bigint('bytes_total', { mode: 'number' }).notNull().default(0),
    bytesRead: bigint('bytes_read', { mode: 'number' }).notNull().default(0),
    lines: bigint('lines', { mode: 'number' }).notNull().default(0),
    quarantined: integer('quarantined').notNull().default(0),
    billed: money('billed'),
    effective: money('effective'),
    reason: text('reason'),
    createdAt: instant('created_at').notNull().defaultNow(),
    startedAt: instant('started_at'),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    finishedAt: instant('finished_at'),
  },
  (t) => [index('imports_account').on(t.accountId, t.createdAt), index('imports_org').on(t.orgId, t.createdAt)],
)
export type Import = typeof imports.$inferSelect

/** Lines of a bill that were set aside, with the reason; at most 1000 are kept per import, `imports.quarantined` has the count. */
export const rejectedLines = pgTable(
  'rejected_lines',
  {
    importId: uuid('import_id')
      .notNull()
      .references(() => imports.id, { onDelete: 'cascade' }),
    file: text('file').notNull(),
    line: bigint('line', { mode: 'number' }).notNull(),
    reason: text('reason').notNull(),
    sample: text('sample').notNull().default(''),
  },
  (t) => [primaryKey({ columns: [t.importId, t.file, t.line] })],
)

/** What is visible of a billing period: which assembly of files it came from and what it must add up to. */
export const billScopes = pgTable(
  'bill_scopes',
  {
    orgId: uuid('org_id').notNull(),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    period: date('period').notNull(),
    /** Hash over the assembly (manifest id, or sizes and checksums of the files): an unchanged one writes nothing. */
    assembly: text('assembly').notNull(),
    importId: uuid('import_id').notNull(),
    firstDay: date('first_day').notNull(),
    lastDay: date('last_day').notNull(),
    lines: bigint('lines', { mode: 'number' }).notNull(),
    billed: money('billed').notNull(),
    effective: money('effective').notNull(),
    importedAt: instant('imported_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.period] })],
)
export type BillScope = typeof billScopes.$inferSelect

/** State of discovery per account, type and region; a failed region keeps its resources as they were. */
export const discoveries = pgTable(
  'discoveries',
  {
    orgId: uuid('org_id').notNull(),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    resourceType: text('resource_type').notNull(),
    region: text('region').notNull(),
    lastDiscoveryAt: instant('last_discovery_at'),
    lastErrorAt: instant('last_error_at'),
    lastError: text('last_error'),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.resourceType, t.region] })],
)
export type Discovery = typeof discoveries.$inferSelect
