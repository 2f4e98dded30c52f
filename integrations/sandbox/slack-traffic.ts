import { type Call } from './slack-api.ts'
import { type Deliver } from './slack-delivery.ts'
import { type Store } from './slack-store.ts'

/** Enough for any test, and a bound for a stand-in that runs for weeks. */
const keptCalls = 5000

/** Remembers the bot's calls and counts requests under way in both directions, so that tests can wait. */
export function createTraffic({ tell, subscribe }: Store) {
  const calls: Call[] = []
  const flow = { open: 0, lastMove: Date.now() }

  /** Counts one request until the returned function is called. */
  function begin() {
    move(1)
    return () => move(-1)
  }
  function move(step: number) {
    flow.open += step
    flow.lastMove = Date.now()
  }
  function record(call: Call) {
    calls.push(call)
    if (calls.length > keptCalls) calls.shift()
    tell({ kind: 'call' })
  }
  function counted(deliver: Deliver): Deliver {
    return (...args) => {
      const done = begin()
      return deliver(...args).finally(done)
    }
  }
  async function settled(quiet = 60) {
    while (flow.open > 0 || Date.now() - flow.lastMove < quiet) await new Promise((resolve) => setTimeout(resolve, 10))
  }
  function until<T>(check: () => T, timeout = 5000): Promise<Exclude<NonNullable<T>, false>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        stop()
        reject(new Error(`Nothing in the Slack stand-in satisfied ${check.toString()} within ${timeout} ms.`))
      }, timeout)
      // Some checks look at more than the workspace; a slow pulse covers what no change announces.
      const pulse = setInterval(look, 50)
      const unsubscribe = subscribe(look)
      function stop() {
        clearTimeout(timer)
        clearInterval(pulse)
        unsubscribe()
      }
      function look() {
        const answer = check()
        if (!answer) return
        stop()
        resolve(answer as Exclude<NonNullable<T>, false>)
      }
      look()
    })
  }

  const waiting = {
    settled,
    until,
    calls: (method?: string) => calls.filter((call) => !method || call.method === method),
    forgetCalls: () => void calls.splice(0),
  }
  return { begin, record, counted, waiting }
}
