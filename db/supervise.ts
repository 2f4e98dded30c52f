/** Keeps the embedded PostgreSQL running: one that dies (kill -9, out of memory) is started again on its port. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EmbeddedServer } from './embedded.ts'

const lookEveryMs = 500
const pauseMs = 2000

/**
 * Looks twice a second whether the server lives and calls `start` when it does not, again and again until it does. Those
 * who use it see refused connections meanwhile. `stop` ends the watch before the server, so a stop stays one.
 */
export function supervise(
  server: EmbeddedServer,
  { start, say }: { start: () => Promise<EmbeddedServer>; say: (what: string, error?: unknown) => void },
): { stop: () => Promise<void> } {
  const over = new AbortController()
  const pause = (ms: number) => sleep(ms, undefined, { signal: over.signal, ref: false }).catch(() => {})
  let now = server
  const watch = async () => {
    for (; !over.signal.aborted; await pause(lookEveryMs)) {
      if (over.signal.aborted || (await now.isAlive())) continue
      say('the embedded PostgreSQL died; it is started again')
      try {
        now = await start()
        // Whoever connected before knows only the port it had.
        if (now.url !== server.url) say('the embedded PostgreSQL is back at another port; start the product again')
      } catch (error) {
        say('the embedded PostgreSQL did not start again; the next try follows', error)
        await pause(pauseMs)
      }
    }
  }
  const watching = watch()
  return {
    async stop() {
      over.abort()
      await watching
      await now.stop()
    },
  }
}
