/** What the queue complains about while it works: one line when the database goes away, one when it is back, not one per queue and try. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Deps } from './context.ts'
import { isLost } from './reach.ts'

/** Network and driver errors of the queue's own connections carry no query; their codes and words say the same. */
const codes =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|57P0[123]|53300|08\w{3})$/
const words =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|connect E[A-Z]+)/

/** Is it an outage of the database, and not a defect? */
export function isOutage(error: unknown): boolean {
  if (isLost(error)) return true
  // What pg-boss emits is a copy of the error with the queue in its message, and no Error any more.
  for (let at = error as Said | null | undefined; typeof at === 'object' && at !== null; at = at.cause) {
    const { code, message, errors } = at
    const is = (said: unknown, away: RegExp) => typeof said === 'string' && away.test(said)
    if (is(code, codes) || is(message, words) || errors?.some(isOutage)) return true
  }
  return false
}

type Said = { code?: unknown; message?: unknown; cause?: Said; errors?: unknown[] }

/** Why, in a word that fits a line: the code, else the message without the queue that happened to say it. */
const whyOf = (error: unknown): string => {
  const { code, message } = (error ?? {}) as Said
  if (typeof code === 'string') return code
  return (typeof message === 'string' ? message : 'no reason').replace(/ \(Queue: .*$/, '').slice(0, 120)
}

/**
 * Takes the queue's errors. The first one of an outage is a line without a stack; from then on `answers` is asked every
 * `everyMs` until the database does, and that is the second line. Where it answers at once only a connection was cut, which
 * the queue mends by itself: nothing is said. Everything else is told as it is.
 */
export function queueErrors(
  log: Deps['log'],
  {
    answers,
    now = Date.now,
    everyMs = 1000,
  }: { answers: () => Promise<unknown>; now?: () => number; everyMs?: number },
): { heard: (error: unknown) => void; stop: () => void } {
  const over = new AbortController()
  let isWatching = false
  const isThere = () =>
    answers().then(
      () => true,
      () => false,
    )
  const watch = async (why: string) => {
    const since = now()
    if (await isThere()) return
    log.warn({ why }, 'the database does not answer; the queue waits for it')
    do await sleep(everyMs, undefined, { signal: over.signal, ref: false })
    while (!(await isThere()))
    log.info({ seconds: Math.round((now() - since) / 1000) }, 'the database is back; the queue goes on')
  }
  return {
    heard(error) {
      if (over.signal.aborted) return
      if (!isOutage(error)) return log.warn({ err: error }, 'queue')
      if (isWatching) return
      isWatching = true
      watch(whyOf(error))
        .catch(() => {})
        .finally(() => (isWatching = false))
    },
    stop: () => over.abort(),
  }
}
