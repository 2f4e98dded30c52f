/**
 * The way in: nothing is begun for somebody while the database cannot be reached, so "nothing was changed" is true and
 * is said within two seconds, and a pool nobody gets a connection of is not stood in line for.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { rawSql, type Db, type Sql } from '../db/client.ts'
import { AppError } from './errors.ts'

const withinMs = 2000
/** So many requests may be inside at once; the next is told to come back instead of waiting in a line without an end. */
const most = 500

/** `state` is the driver's: set once the statement was sent to a connection. */
type Question = Promise<unknown> & { state?: unknown }
type Gate = { inside: number; question: Question | null; askedAt: number }
const gates = new WeakMap<Sql, Gate>()

/** Does the work when a statement gets through to the database in time; throws `unavailable` when none does or too many are inside. */
export async function admitted<T>(db: Db, work: () => Promise<T>): Promise<T> {
  const sql = rawSql(db)
  const gate = gates.get(sql) ?? { inside: 0, question: null, askedAt: 0 }
  gates.set(sql, gate)
  if (gate.inside >= most) throw unavailable()
  gate.inside += 1
  try {
    await inTime(ask(gate, sql))
    return await work()
  } finally {
    gate.inside -= 1
  }
}

/**
 * Whoever comes while a question waits for a connection waits with it: however many are at the door, one statement stands
 * in the driver's line. One that was sent and stays unanswered is stuck with its connection; the next may find a better.
 */
function ask(gate: Gate, sql: Sql): Question {
  const { question: before, askedAt } = gate
  if (before && (!before.state || performance.now() - askedAt < withinMs)) return before
  const question: Question = sql`select 1`
  const over = () => {
    if (gate.question === question) gate.question = null
  }
  // The driver sends a statement when somebody waits for it.
  question.then(over, over)
  Object.assign(gate, { question, askedAt: performance.now() })
  return question
}

async function inTime(question: Question): Promise<void> {
  const over = new AbortController()
  const late = (ms: number) => sleep(ms, false, { signal: over.signal })
  const answered = question.then(
    () => true,
    () => false,
  )
  // A process that stood still for so long finds both due: what arrived meanwhile is read before the clock is believed.
  const said = (await Promise.race([answered, late(withinMs)])) || (await Promise.race([answered, late(100)]))
  over.abort()
  if (!said) throw unavailable()
}

const unavailable = (): AppError =>
  new AppError('unavailable', 'I am temporarily unavailable: my database does not answer. Nothing was changed.', {
    next: 'Try again in a minute.',
  })

/** SQL states and codes of the driver that mean: the database is away, going down or coming up. */
const away = /^(08...|57P0[123]|53300|CONNECTION_(CLOSED|ENDED|DESTROYED)|CONNECT_TIMEOUT)$/
/** The same from the network, which other services say too; only a statement's error names its query. */
const network = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/

/** Did the database go away under a statement? Whether what it was for has happened is not known then. */
export function isLost(error: unknown): boolean {
  let ofStatement = false
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown }
    ofStatement ||= 'query' in at
    if (typeof code === 'string' && (away.test(code) || (ofStatement && network.test(code)))) return true
  }
  return false
}

/** What a person reads then. */
export const lost = (): AppError =>
  new AppError('unavailable', 'My database went away while I worked on this, so it may not have happened.', {
    next: 'Wait a minute and look before you try again.',
  })
