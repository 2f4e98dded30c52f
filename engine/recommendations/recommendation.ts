/** The contract of a recommendation: words, options, and two pieces of SQL. Everything else the runner does (`check.ts`). */
import { sql, type SQL } from 'drizzle-orm'
import type { z } from 'zod'
import type { Cloud, InventoryKind, ResourceType, UsageKind } from '../../db/vocabulary.ts'
import type { PriceRoles } from '../../integrations/cloud.ts'
import { dayMs, dayOf, type Day } from '../time.ts'

/** Whose resources are judged, and when. */
export type Check = { orgId: string; accountId: string; cloud: Cloud; currency: string; now: Date }

/**
 * What is read of an account. From it come the sentence that says what is missing, the notes of reading that matter, the
 * permissions and the table of the documentation.
 */
export type Source =
  | `discovery ${ResourceType | InventoryKind}`
  | `metrics ${ResourceType}`
  | `usage ${UsageKind}`
  | `prices ${keyof PriceRoles}`
  | 'bill'

export type Recommendation<Options extends z.ZodObject = z.ZodObject, Evidence extends z.ZodObject = z.ZodObject> = {
  /** The file name in snake_case. */
  id: string
  title: string
  category: 'cost' | 'security'
  /** One sentence: what to do about it. */
  advice: string
  clouds: readonly Cloud[]
  /** The cloud services it concerns, for the filter. */
  services: readonly string[]
  /** What it cannot judge without, what lacks first is said; of a list one is enough. */
  inputs: readonly (Source | readonly Source[])[]
  dismissable: boolean
  /** May pools be left out (option `excluded_pools`)? */
  excludable: boolean
  /** Every option has a default, a label and a unit: the dialog, the form and the messages come from here. */
  options: Options
  /** What is known about one finding: keys of the json list, labels and units of tables. */
  evidence: Evidence
  /**
   * The SELECT of `find` has a `key text` too: findings without a resource (images, users), whose `evidence` then holds
   * `cloud_resource_id`, `name` and `region`, or several of one resource. Otherwise the cloud's id of the resource is the key.
   */
  ownKey?: true
  /** A SELECT of `resource_id uuid, saving numeric, evidence jsonb`; saving is per 30 days, null for security. */
  find(check: Check, options: z.infer<Options>): SQL
  /**
   * An expression over `f` (the finding that is no longer found) and `r` (its resource, null when it is gone): an archive
   * reason, or null when it ends without a trace. Options are those of the check that found it.
   */
  ended(check: Check, options: z.infer<Options>): SQL
  /** A condition over `r`: leaves the finding out like an excluded pool does. Null when these options leave nothing out. */
  excludes?(options: z.infer<Options>): SQL | null
}

/** Declares a recommendation; only gives it its type. */
export const recommendation = <O extends z.ZodObject, E extends z.ZodObject>(
  it: Recommendation<O, E>,
): Recommendation<O, E> => it

/** An instant in SQL. */
export const instant = (at: Date): SQL => sql`${at.toISOString()}::timestamptz`

/** The instant `days` before the check. */
export const ago = (check: Check, days: number): SQL => instant(new Date(check.now.getTime() - days * dayMs))

/** The UTC day of the check. */
export const today = (check: Check): Day => dayOf(check.now)

/** Resources of the account that discovery sees now. Alias `r`. */
export const seenNow = (check: Check, type: string): SQL =>
  sql`r.org_id = ${check.orgId} and r.account_id = ${check.accountId} and r.active and r.type = ${type}`
