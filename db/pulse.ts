/**
 * Notices that the way to the database is gone although nobody said so: a pulled cable, a firewall or a proxy that forgot
 * its connections. Neither driver has a deadline for an answer, and the server's time-outs never reach us then, so
 * statements would wait for ever. A connection of its own asks the server something trivial every few seconds; when that
 * stays unanswered, every connection that heard nothing meanwhile is cut, its statements fail, and new ones are made.
 */
import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'

export type Pulse = {
  /** A socket that is cut when the way is gone: for drivers that connect it themselves. */
  socket: () => Socket
  /** The same for postgres.js, spread into its options: it is given a socket that already connects. */
  dialed: object
  stop: () => Promise<void>
}

/** 5 + 10 seconds and a new connection are well under the half minute in which a pool must recover. */
const every = { beatMs: 5000, withinMs: 10_000 }

/** Starts beating; `stop` ends it. One missed beat cuts, so a beat has more patience than a healthy server ever needs. */
export function takePulse(url: string, { beatMs, withinMs } = every): Pulse {
  const open = new Set<Socket>()
  const socket = () => {
    const made = new Socket()
    open.add(made)
    return made.once('close', () => open.delete(made))
  }
  const dialed = dialing(socket)
  const sql = postgres(url, { ...quickly, ...dialed, max: 1, max_lifetime: null, fetch_types: false })
  const over = new AbortController()
  const heardBy = () => new Map([...open].map((one) => [one, one.bytesRead]))
  const cut = (before: Map<Socket, number>) => {
    for (const [one, bytes] of before) if (one.bytesRead === bytes) one.destroy()
  }
  const beating = (async () => {
    const pause = (ms: number) => sleep(ms, undefined, { signal: over.signal, ref: false }).catch(() => {})
    // What heard something in the middle of a missed beat may have died after that: it has until the next one to hear more.
    // So has everything when we got through at the second try only: what happened before that, nobody saw.
    let lost = false
    const ask = () =>
      sql`select 1`.then(
        () => true,
        ({ code = '' }: { code?: string }) => {
          lost ||= lostWay.test(code)
          return !lostWay.test(code)
        },
      )
    for (let suspects = new Map<Socket, number>(); !over.signal.aborted;) {
      // TLS takes listeners off, so a closed socket may still be here.
      for (const one of open) if (one.destroyed) open.delete(one)
      const before = heardBy()
      const alive = await answered(ask, () => pause(withinMs))
      if (over.signal.aborted) return
      cut(suspects)
      if (!alive) cut(before)
      suspects = lost || !alive ? heardBy() : new Map()
      lost = false
      // A missed beat cut our own connection too: it is made anew at once, so that little happens unseen.
      await pause(alive ? beatMs : 0)
    }
  })()
  const stop = async () => {
    over.abort()
    await beating
    await sql.end({ timeout: 1 })
  }
  return { socket, dialed, stop }
}

/** Errors that say nothing of the server: the way to it is gone. Any other is an answer: who refuses or closes tells everybody. */
const lostWay = /^(CONNECT_TIMEOUT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/

/** Asks until there is an answer or no patience is left. */
async function answered(ask: () => Promise<boolean>, patience: () => Promise<void>): Promise<boolean> {
  let [said, over] = [false, false]
  const beat = (async () => {
    while (!said && !over) said = await ask()
  })()
  await Promise.race([beat, patience()])
  // After a long pause of this process both are due: what arrived meanwhile is read before the clock is believed.
  if (!said) await Promise.race([beat, sleep(100)])
  over = true
  return said
}

/** What every pool of ours says about time: a database that is away is asked again soon, and not waited for long. */
export const quickly = {
  connect_timeout: 5,
  backoff: () => 0.1 + Math.random() * 0.2,
  // An idle connection through a firewall that forgets is noticed in 30 s, and mostly not forgotten.
  keep_alive: 20,
  onnotice: () => {},
}

/** postgres.js asks for a connecting socket; of several hosts each try takes the next. */
function dialing(socket: () => Socket): object {
  let tries = 0
  type Address = { host: string[]; port: number[]; path?: string | false }
  return {
    socket({ host, port, path }: Address): Socket {
      const made = socket()
      if (path) return made.connect(path)
      const [at, on] = [host[tries % host.length]!, port[tries % port.length]!]
      tries += 1
      // It reads the name from here for TLS.
      return Object.assign(made, { host: at, port: on }).connect(on, at)
    },
  }
}
