/** Starts pg-boss, makes the queues of the timetable, attaches the handlers, and drains on stop. */
import { PgBoss, type Clock } from 'pg-boss'
import type { Pulse } from '../db/pulse.ts'
import { openQueue } from '../db/queries/jobs.ts'
import { CalendarError } from '../integrations/calendar.ts'
import { AppError } from './errors.ts'
import { contextFor, jobActor, type Context, type Deps } from './context.ts'
import { isLost } from './reach.ts'
import { queues, queueSettings, type Payload, type QueueName } from './queues.ts'

/** What a handler gets besides its payload: contexts of organizations, and a signal that says stop at the next page. */
export type JobTools = { deps: Deps; contextFor: (orgId: string) => Context; signal: AbortSignal }

export type Handler<Q extends QueueName = QueueName> = {
  queue: Q
  run: (payload: Payload<Q>, tools: JobTools) => Promise<void>
}

/** Declares the handler of one queue: a context and one verb, 15 lines at most. */
export const handler = <Q extends QueueName>(queue: Q, run: Handler<Q>['run']): Handler<Q> => ({ queue, run })

/** Any handler, for lists of them; the worker parses the payload with the queue's schema before it calls `run`. */
export type AnyHandler = { queue: QueueName; run: (payload: never, tools: JobTools) => Promise<void> }

/**
 * pg-boss on a database address; the caller starts and stops it. With NOTIFY a job starts within milliseconds; the poll is
 * for retries. `pulse` cuts its connections when the way to the database is gone; `clock` is another one than the machine's.
 */
export function createBoss(url: string, pulse?: Pulse, clock?: Clock): PgBoss {
  // Handed on to the pool of its driver, which connects the socket itself.
  const stream = pulse ? { stream: pulse.socket } : {}
  return new PgBoss({
    ...stream,
    ...(clock ? { clock } : {}),
    connectionString: url,
    application_name: 'finops jobs',
    max: 8,
    useListenNotify: true,
    flowIntervalSeconds: 5,
  })
}

/** Makes or updates every queue of the timetable and lets doors add to it. After the migrations, safe to run at every start. */
export async function createQueues(boss: PgBoss): Promise<void> {
  for (const name of Object.keys(queues) as QueueName[]) {
    const {
      policy = 'standard',
      retries,
      retryDelay = 5,
      retryDelayMax = 600,
      expireInSeconds = 900,
    } = queueSettings(name)
    const settings = {
      retryLimit: retries,
      retryDelay,
      retryBackoff: true,
      retryDelayMax,
      expireInSeconds,
      // A process that died says nothing any more: its jobs are tried again after this, not after `expireInSeconds`.
      heartbeatSeconds: 60,
      notify: true,
      deleteAfterSeconds: 86_400,
    }
    if (await boss.getQueue(name)) await boss.updateQueue(name, settings)
    else await boss.createQueue(name, { ...settings, policy })
  }
  await openQueue(boss.getDb())
}

/** Attaches handlers and clocks. Returns when everything listens; `boss.stop()` drains. */
export async function work(boss: PgBoss, deps: Deps, handlers: AnyHandler[]): Promise<void> {
  for (const { queue, run } of handlers) {
    const { cron, concurrency = 1 } = queueSettings(queue)
    const options = {
      pollingIntervalSeconds: 0.5,
      notifyPollingIntervalSeconds: 0.5,
      localConcurrency: concurrency,
      batchSize: 1,
    }
    await boss.work(queue, options, async ([job]) => {
      if (job) await runJob(deps, { queue, run }, { data: job.data, signal: job.signal })
    })
    if (cron) await boss.schedule(queue, cron, {})
  }
}

/** Runs one job: parse, act, log one line. What retrying cannot mend is logged and not retried. */
export async function runJob(
  deps: Deps,
  { queue, run }: AnyHandler,
  job: { data: unknown; signal?: AbortSignal },
): Promise<void> {
  const started = Date.now()
  const signal = job.signal ?? new AbortController().signal
  const tools = { deps, contextFor: (orgId: string) => contextFor(deps, orgId, jobActor(queue)), signal }
  try {
    await run(queues[queue].payload.parse(job.data) as never, tools)
    deps.log.debug({ queue, ms: Date.now() - started }, 'job done')
  } catch (error) {
    const retry = worthRetrying(error)
    // The queue says once that the database is away; a stack for every job it cut off would say it again.
    const why = isLost(error) ? { why: 'the database does not answer' } : { err: error }
    deps.log.warn({ queue, ms: Date.now() - started, retry, ...why }, 'job failed')
    if (retry) throw error
  }
}

function worthRetrying(error: unknown): boolean {
  if (error instanceof AppError) return ['upstream', 'conflict', 'unavailable'].includes(error.kind)
  if (error instanceof CalendarError) return error.retry
  return true
}
