/** An import in a process of its own, so that its memory can be told from the bench's. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findImport, insertImport } from '../../db/queries/imports.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { seconds } from './harness.ts'
import type { IngestWorld } from './ingest-world.ts'

const child = join(import.meta.dirname, '../engine/ingest/import-child.ts')

/** Starts the import of one file; `begun` when its process begins to read, `ended` when it is done. Throws when it fails. */
export async function importApart(
  { database, ctx: { orgId }, url, folder }: IngestWorld,
  { account, file }: { account: Account; file: string },
): Promise<{ pid: number; begun: Promise<unknown>; ended: Promise<void> }> {
  const row = await insertImport(database.db, {
    ...{ orgId, accountId: account.id, source: 'upload', title: 'bench', files: [file] },
  })
  const running = spawn(process.execPath, [...process.execArgv, child, url, orgId, account.id, row.id, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(running, 'close').then(async () => {
    if (running.exitCode !== 0) throw new Error('The import in a process of its own failed')
    const done = await findImport(database.db, { orgId, id: row.id })
    if (done?.state !== 'completed') throw new Error(`The import ended as ${done?.state}: ${done?.reason}`)
  })
  return { pid: running.pid!, begun: once(running.stdout, 'data'), ended }
}

/** Seconds from the beginning of reading to the commit, and the most memory of the process in MB (NaN without /proc). */
export async function measureApart(w: IngestWorld, file: string): Promise<{ took: number; memory: number }> {
  const account = await w.account()
  const { pid, begun, ended } = await importApart(w, { account, file })
  let memory = Number.NaN
  const look = async () => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    memory = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? memory * 1024) / 1024
  }
  await begun
  const timer = setInterval(() => void look(), 100)
  const took = await seconds(() => ended).finally(() => clearInterval(timer))
  await w.forget(account)
  return { took, memory: Math.round(memory) }
}
