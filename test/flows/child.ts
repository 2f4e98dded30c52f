/** The product as people run it: main.ts as a process of its own, and ways to ask it, kill it and see what it leaves. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export type Child = {
  port: number
  pid: number
  /** Everything it printed so far, both streams. */
  said: () => string
  /** Resolves when it printed this; throws with its words when it ends before. */
  until: (pattern: RegExp) => Promise<string>
  get: (path: string) => Promise<Response>
  /** What the chat page posts; answers its JSON. */
  act: (verb: string, body: object, as?: string) => Promise<unknown>
  kill: (signal: NodeJS.Signals) => Promise<number | null>
  ended: Promise<number | null>
}

const main = join(import.meta.dirname, '../../main.ts')

/** Starts main.ts with these settings over an environment without any of ours. */
export function startProduct(port: number, settings: Record<string, string>): Child {
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, [main], { env: { PATH, HOME, PORT: String(port), ...settings } })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  let over = false
  void ended.then(() => (over = true))
  const url = `http://127.0.0.1:${port}`
  return {
    port,
    pid: child.pid!,
    said: () => said,
    ended,
    get: (path) => fetch(url + path, { redirect: 'manual' }),
    async act(verb, body, as = 'U0LEA') {
      const answer = await fetch(`${url}/chat/act/${verb}?as=${as}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      if (!answer.ok) throw new Error(`${verb}: ${answer.status} ${await answer.text()}`)
      return answer.json()
    },
    async until(pattern) {
      for (;;) {
        const found = pattern.exec(said)
        if (found) return found[0]
        if (over) throw new Error(`It ended before it said ${pattern}:\n${said}`)
        await sleep(20)
      }
    },
    async kill(signal) {
      child.kill(signal)
      return ended
    },
  }
}

export const newFolder = () => mkdtemp(join(tmpdir(), 'finops product '))

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** The process id of the embedded PostgreSQL of a data folder while it lives. */
export function postgresOf(folder: string): number | null {
  try {
    const pid = Number(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(pid, 0)
    return pid
  } catch {
    return null
  }
}
