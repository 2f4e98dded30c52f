/**
 * The timetable: every queue, its payload, its clock and its retries. The only place with cron expressions (UTC) and
 * retry numbers. Payloads hold ids; the state is read when the job runs. Every handler may run twice.
 */
import { z } from 'zod'
import { subjectKinds } from '../db/vocabulary.ts'

type Queue = {
  payload: z.ZodObject
  /** Tries after the first one, with growing pauses. */
  retries: number
  cron?: string
  /** `stately`: one waiting and one running per key, so equal requests join. `singleton`: one running per key, none joined. */
  policy?: 'standard' | 'stately' | 'singleton'
  /** First pause before a retry, seconds; doubles up to `retryDelayMax`. */
  retryDelay?: number
  retryDelayMax?: number
  /** A job is given up as dead after so many seconds. */
  expireInSeconds?: number
  /** How many run side by side in one process. */
  concurrency?: number
}

const org = { orgId: z.uuid() }
const tick = z.object({})

export const queues = {
  // Ticks: list what is due and send one job each.
  'import-due': { payload: tick, cron: '*/5 * * * *', retries: 0 },
  'discover-due': { payload: tick, cron: '*/5 * * * *', retries: 0 },
  'collect-metrics-due': { payload: tick, cron: '*/30 * * * *', retries: 0 },
  'check-recommendations-due': { payload: tick, cron: '*/5 * * * *', retries: 0 },
  'check-constraints-due': { payload: tick, cron: '*/5 * * * *', retries: 0 },
  'check-commitments-due': { payload: tick, cron: '40 7 * * *', retries: 0 },
  'check-calendar-due': { payload: tick, cron: '7 * * * *', retries: 0 },
  'power-due': { payload: tick, cron: '*/5 * * * *', retries: 0 },
  'move-bookings': { payload: tick, cron: '* * * * *', retries: 0, policy: 'stately' },
  sweep: { payload: tick, cron: '17 * * * *', retries: 0 },

  'import-bill': {
    payload: z.object({ ...org, accountId: z.uuid(), importId: z.uuid().optional() }),
    retries: 4,
    retryDelay: 30,
    retryDelayMax: 900,
    policy: 'stately',
    expireInSeconds: 7200,
    concurrency: 1,
  },
  discover: {
    payload: z.object({ ...org, accountId: z.uuid() }),
    retries: 2,
    retryDelay: 30,
    policy: 'stately',
    expireInSeconds: 1800,
  },
  'collect-metrics': {
    payload: z.object({ ...org, accountId: z.uuid() }),
    retries: 2,
    retryDelay: 30,
    policy: 'stately',
    expireInSeconds: 1800,
  },
  // Looks through a payer's charges once, and waits for a bill that is being stored: nobody may have to wait for it.
  'gather-resources': {
    payload: z.object({ ...org, accountId: z.uuid() }),
    retries: 4,
    retryDelay: 30,
    retryDelayMax: 900,
    policy: 'stately',
    expireInSeconds: 3600,
    concurrency: 1,
  },
  // A cloud's price lists take minutes the first time; discovery does not wait for them, and clouds let one reader at a time.
  'refresh-prices': {
    payload: z.object({ ...org, accountId: z.uuid() }),
    retries: 2,
    retryDelay: 60,
    policy: 'stately',
    expireInSeconds: 3600,
    concurrency: 1,
  },
  'check-recommendations': {
    payload: z.object({ ...org }),
    retries: 1,
    retryDelay: 60,
    policy: 'stately',
    expireInSeconds: 3600,
  },
  'decide-power': { payload: z.object({ ...org }), retries: 3, retryDelay: 10, policy: 'stately' },
  // A wish is tried six times at most (`engine/power/act.ts`); the tick sends the rest should these run out.
  'act-on-power': {
    payload: z.object({ ...org, accountId: z.uuid() }),
    retries: 6,
    retryDelay: 15,
    retryDelayMax: 300,
    policy: 'stately',
    concurrency: 2,
  },
  'check-duplicates': {
    payload: z.object({ ...org, checkId: z.uuid() }),
    retries: 4,
    retryDelay: 30,
    retryDelayMax: 900,
    policy: 'stately',
    expireInSeconds: 28_800,
    concurrency: 1,
  },
  'check-constraints': { payload: z.object({ ...org }), retries: 1, policy: 'stately' },
  'check-commitments': { payload: z.object({ ...org }), retries: 1, policy: 'stately' },
  'check-pools': { payload: z.object({ ...org }), retries: 1, policy: 'stately' },
  'reapply-rules': {
    payload: z.object({ ...org, poolId: z.uuid().optional(), subPools: z.boolean().optional() }),
    retries: 4,
    retryDelay: 30,
    retryDelayMax: 900,
    policy: 'stately',
    expireInSeconds: 3600,
  },
  'mirror-booking': {
    payload: z.object({ ...org, bookingId: z.uuid() }),
    retries: 12,
    retryDelay: 5,
    retryDelayMax: 900,
    policy: 'stately',
  },
  'check-calendar': { payload: z.object({ ...org }), retries: 3, retryDelay: 60, policy: 'stately' },
  // A second per event; a calendar that does not answer is asked for a day (`engine/environments/disconnect-calendar.ts`).
  'clear-calendar': {
    payload: z.object({
      ...org,
      calendarId: z.string(),
      personId: z.uuid().nullable(),
      events: z.number().int(),
      since: z.iso.datetime(),
    }),
    retries: 200,
    retryDelay: 5,
    retryDelayMax: 900,
    policy: 'stately',
    expireInSeconds: 7200,
  },
  'mirror-all-bookings': { payload: z.object({ ...org }), retries: 3, policy: 'stately' },

  // Upwards: the engine decided, the bot says it.
  'deliver-notification': {
    payload: z.object({ ...org, notificationId: z.uuid() }),
    retries: 8,
    retryDelay: 5,
    retryDelayMax: 600,
    concurrency: 2,
  },
  // The key is the lane, so one job at a time empties it: order is kept and a storm in one channel blocks no other.
  'deliver-message': {
    payload: z.object({ ...org, deliveryId: z.uuid() }),
    retries: 10,
    retryDelay: 2,
    retryDelayMax: 600,
    policy: 'stately',
    concurrency: 6,
  },
  // A command kept from before its person was linked.
  'answer-question': {
    payload: z.object({ ...org, questionId: z.string(), teamId: z.string(), slackUserId: z.string() }),
    retries: 3,
    retryDelay: 2,
  },
  'redraw-copies': {
    payload: z.object({ ...org, kind: z.enum(subjectKinds), id: z.string() }),
    retries: 5,
    retryDelay: 2,
    policy: 'stately',
    concurrency: 2,
  },
  'publish-home': {
    payload: z.object({ ...org, personId: z.uuid() }),
    retries: 3,
    retryDelay: 2,
    policy: 'stately',
    concurrency: 2,
  },
} as const satisfies Record<string, Queue>

export type QueueName = keyof typeof queues
export type Payload<Q extends QueueName> = z.infer<(typeof queues)[Q]['payload']>

/** The timetable entry of a queue with every optional setting visible. */
export const queueSettings = (name: QueueName): Queue => queues[name]
