/** Everything a verb needs besides its input: whose organization, who acts through which door, and the connections. */
import { sql } from 'drizzle-orm'
import { fromDrizzle, type PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import type { Db } from '../db/client.ts'
import { lockWaitingJob } from '../db/queries/jobs.ts'
import type { Sealer } from '../db/secrets.ts'
import { tenantDb } from '../db/tenant.ts'
import type { Cloud, Door } from '../db/vocabulary.ts'
import type { BillReader } from '../integrations/bill.ts'
import type { CalendarPort } from '../integrations/calendar.ts'
import type { CloudAdapter } from '../integrations/cloud.ts'
import { persist } from './attempts.ts'
import { queues, type Payload, type QueueName } from './queues.ts'

/** A person through a door, or a job (`personId` null). */
export type Actor = { personId: string; door: Door } | { personId: null; door: 'timer'; job: string }

/** The outside, built once by main, cli or the tests from the configuration. */
export type Outside = {
  clouds: Partial<Record<Cloud, CloudAdapter>>
  readBill: BillReader
  calendar: CalendarPort | null
}

/** What main builds once; a Context is this plus whose and who. */
export type Deps = {
  db: Db
  boss: Pick<PgBoss, 'send' | 'insert'>
  now: () => Date
  outside: Outside
  secrets: Sealer
  log: Logger
  /** Folder for files on their way in (bills). */
  spool: string
  /** Another address for the Slack Web API, and the pause between two posts to one conversation (a second). */
  slack?: { apiUrl?: string; paceMs?: number }
  /** Address of the web view, no slash at the end; permalinks start with it. */
  publicUrl: string
}

export type Context = Deps & { orgId: string; actor: Actor; open?: true }

/** The context of one organization for one actor. People see that organization only, below every query; jobs work as the owner. */
export const contextFor = (deps: Deps, orgId: string, actor: Actor): Context => {
  const ctx = { ...deps, orgId, actor }
  return actor.personId === null ? ctx : within(ctx)
}

/** The same, seeing its organization only, for doors and what they say when nobody is known to act. Not inside a transaction. */
export const within = (ctx: Context): Context => ({ ...ctx, db: tenantDb(ctx.db, ctx.orgId) })

/** The actor of a queue's handler. */
export const jobActor = (job: string): Actor => ({ personId: null, door: 'timer', job })

/** Runs `change` in one transaction, again when a deadlock ended it; inside another one it joins that. */
export async function inTransaction<T>(ctx: Context, change: (ctx: Context) => Promise<T>): Promise<T> {
  if (ctx.open) return change(ctx)
  return persist(() => ctx.db.transaction((tx) => change({ ...ctx, db: tx, open: true })))
}

export type EnqueueOptions = { key?: string; startAfter?: Date; priority?: number }

/**
 * Queues a job on the caller's transaction: rolled back, it never existed. `key` joins equal jobs while one waits; that one
 * begins after the transaction, so it sees what changed. The only way up: the engine never calls the bot.
 */
export async function enqueue<Q extends QueueName>(
  ctx: Pick<Context, 'db' | 'boss'>,
  queue: Q,
  { key, startAfter, priority, ...payload }: Payload<Q> & EnqueueOptions,
): Promise<void> {
  const data = queues[queue].payload.parse(payload)
  const options = { db: fromDrizzle(ctx.db, sql), ...optionsOf({ key, startAfter, priority }) }
  // Not added: one waits already. Should it be taken before it is held, the next round adds one.
  while (!(await ctx.boss.send(queue, data, options)) && key) if (await lockWaitingJob(ctx.db, { queue, key })) return
}

const optionsOf = ({
  key,
  startAfter,
  priority,
}: { [name in keyof EnqueueOptions]: EnqueueOptions[name] | undefined }) => ({
  ...(key ? { singletonKey: key } : {}),
  ...(startAfter ? { startAfter } : {}),
  ...(priority ? { priority } : {}),
})

/**
 * Queues many jobs of a queue in one statement. Equal keys join while one waits, as with `enqueue`, but one that waits already
 * is not held back: for what has changed before, not inside the transaction that changes it.
 */
export async function enqueueAll<Q extends QueueName>(
  ctx: Pick<Context, 'db' | 'boss'>,
  queue: Q,
  jobs: (Payload<Q> & EnqueueOptions)[],
): Promise<void> {
  if (jobs.length === 0) return
  const rows = jobs.map(({ key, startAfter, priority, ...payload }) => ({
    ...{ data: queues[queue].payload.parse(payload), ...optionsOf({ key, startAfter, priority }) },
  }))
  await ctx.boss.insert(queue, rows, { db: fromDrizzle(ctx.db, sql) })
}
