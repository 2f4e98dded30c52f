/**
 * The closed word lists of the product. One word per thing, as FinOps, FOCUS, Slack and the clouds use them;
 * tables, forms, grammar and pages all read these arrays, so a new word is added here and nowhere else.
 */

/** What an account can be connected to. `focus` is a feed of FOCUS files of any provider; `environment` holds hand-made environments. */
export const clouds = ['aws', 'azure', 'gcp', 'alibaba', 'kubernetes', 'focus', 'environment'] as const
export type Cloud = (typeof clouds)[number]

/** Resource types, as the bill and discovery name them. Bills may bring others; these are the ones rules and recommendations know. */
export const resourceTypes = [
  'Instance',
  'Volume',
  'Snapshot',
  'Bucket',
  'IP Address',
  'RDS Instance',
  'Kinesis Stream',
  'Savings Plan',
  'Reserved Instances',
] as const
export type ResourceType = (typeof resourceTypes)[number]

/** What discovery sees that costs nothing by itself but is judged: it has no pool, no owner and no card. */
export const inventoryKinds = ['image', 'user', 'security_group'] as const
export type InventoryKind = (typeof inventoryKinds)[number]

/**
 * What a line of usage pays for; other lines of a bill are kept as expenses only. `commitment` is the fee of one, or what
 * one paid for that is nothing of the others.
 */
export const usageKinds = ['compute', 'database', 'stream', 'storage', 'requests', 'transfer', 'commitment'] as const
export type UsageKind = (typeof usageKinds)[number]

/** Roles on the organization or on a pool with its sub-pools. A manager of the organization is the organization manager. */
export const roles = ['manager', 'engineer', 'member'] as const
export type Role = (typeof roles)[number]

export const poolPurposes = ['budget', 'business_unit', 'team', 'project', 'cicd', 'mlai', 'asset_pool'] as const
export type PoolPurpose = (typeof poolPurposes)[number]

export const constraintTypes = ['ttl', 'daily_expense_limit'] as const
export type ConstraintType = (typeof constraintTypes)[number]

export const hitStates = ['RED', 'GREEN'] as const

/** FOCUS charge categories: https://focus.finops.org, column ChargeCategory. */
export const chargeCategories = ['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment'] as const
export type ChargeCategory = (typeof chargeCategories)[number]

export const importStates = ['scheduled', 'running', 'completed', 'unchanged', 'failed'] as const
export type ImportState = (typeof importStates)[number]

/** A look for duplicates: `created` is stored, `queued` has its job, `running` lists buckets. */
export const duplicateCheckStates = ['created', 'queued', 'running', 'success', 'failed'] as const

/** One bucket of it. `missing` is gone, `refused` may not be listed; both are left out and said. */
export const listedBucketStates = ['waiting', 'listing', 'listed', 'missing', 'refused'] as const

/** Where an account's costs come from: a bill of its own, or the bill of the account that pays for it. */
export const billOrigins = ['own', 'payer'] as const

/** Health of a connected account; each state has a sentence on what to do in `engine/accounts/health.ts`. */
export const accountHealths = [
  'ok',
  'no_data_yet',
  'wrong_clock',
  'bad_credentials',
  'missing_permission',
  'denied',
  'unreachable',
  'bad_bill',
] as const
export type AccountHealth = (typeof accountHealths)[number]

/** A clean-up's life: choosing, perhaps waiting for approval, handed over as scripts, verified by a later check. */
export const cleanUpStates = ['choosing', 'waiting_approval', 'handed_over', 'verified', 'declined', 'expired'] as const

export const archiveReasons = [
  'recommendation_applied',
  'recommendation_irrelevant',
  'resource_deleted',
  'options_changed',
  'failed_dependency',
  'cloud_account_deleted',
] as const
export type ArchiveReason = (typeof archiveReasons)[number]

/** `offered` and `waiting` leave room for the wait-list; only live states hold the environment. */
export const bookingStates = ['offered', 'waiting', 'booked', 'active', 'released', 'expired', 'cancelled'] as const
export type BookingState = (typeof bookingStates)[number]
export const liveBookingStates = ['offered', 'booked', 'active'] as const satisfies readonly BookingState[]

/** Machines: per cent, operations/s, bytes/s. Buckets: bytes and objects stored. Streams: records/s. Databases: connections. */
export const metricNames = [
  'cpu',
  'ram',
  'disk_read_io',
  'disk_write_io',
  'network_in_io',
  'network_out_io',
  'bucket_size',
  'bucket_objects',
  'incoming_records',
  'outgoing_records',
  'connections',
] as const
export type MetricName = (typeof metricNames)[number]

/** Parts of a cloud's prices that are read by themselves; `nearby` is on-demand prices in the other regions of the continent. */
export const priceParts = ['machines', 'databases', 'nearby', 'spot', 'reservations', 'plans'] as const
export type PricePart = (typeof priceParts)[number]

/** Reserved instances and savings plans. */
export const commitmentKinds = ['ri', 'sp'] as const
export type CommitmentKind = (typeof commitmentKinds)[number]

/** What a power schedule does to a machine, and what is asked of the cloud. */
export const powerActions = ['on', 'off'] as const
export type PowerAction = (typeof powerActions)[number]

/** `waiting` for its moment or another try; `superseded` by a later wish for the same machine. */
export const powerStates = ['waiting', 'done', 'failed', 'superseded'] as const
export type PowerState = (typeof powerStates)[number]

/**
 * How asking ended: it changes now, it was so already, the machine is gone, it is in a state from which it cannot,
 * it is protected against it, the key may not, the cloud cannot or will not.
 */
export const powerOutcomes = [
  'changed',
  'already',
  'gone',
  'wrong_state',
  'protected',
  'not_allowed',
  'impossible',
] as const
export type PowerOutcome = (typeof powerOutcomes)[number]
/** Who pays for an hour of a machine: a commitment, or none. */
export const covers = [...commitmentKinds, 'none'] as const
export type Cover = (typeof covers)[number]

/** It ends within 30 days; less than 80 per cent of it was used for three days. */
export const commitmentAlertKinds = ['expiring', 'idle'] as const
export type CommitmentAlertKind = (typeof commitmentAlertKinds)[number]

export const doors = ['slack', 'web', 'terminal', 'calendar', 'timer'] as const
export type Door = (typeof doors)[number]

/** Things that have cards, permalinks, revisions and events. */
/** What a manager said to somebody who asked to be let in. */
export const joinDecisions = ['let_in', 'declined'] as const

export const subjectKinds = [
  'organization',
  'person',
  'account',
  'import',
  'pool',
  'rule',
  'resource',
  'finding',
  'recommendation',
  'environment',
  'booking',
  'calendar',
  'channel',
  'clean_up',
  'schedule',
  'duplicates',
  'join_request',
] as const
export type SubjectKind = (typeof subjectKinds)[number]
