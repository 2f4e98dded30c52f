/** How much memory a piece of work takes: our process as a whole, the database's processes beyond what they share. */
import { readFile } from 'node:fs/promises'
import type { Sql } from '../../db/client.ts'

/** Peaks in MB; `server` is NaN where there is no /proc or the server runs elsewhere. */
export type Peak = { process: number; server: number }

const everyMs = 250
const mb = (bytes: number) => Math.round(bytes / 2 ** 20)

/** Does the work and returns the highest memory seen meanwhile, looked at four times a second. */
export async function peakOf(sql: Sql, work: () => Promise<unknown>): Promise<Peak> {
  const peak = { process: process.memoryUsage.rss(), server: await privateBytes(sql) }
  let looking: Promise<void> = Promise.resolve()
  const look = async () => {
    peak.process = Math.max(peak.process, process.memoryUsage.rss())
    peak.server = Math.max(peak.server, await privateBytes(sql))
  }
  const timer = setInterval(() => {
    looking = looking.then(look)
  }, everyMs)
  try {
    await work()
  } finally {
    clearInterval(timer)
    await looking
  }
  return { process: mb(peak.process), server: mb(peak.server) }
}

/** The private memory of all processes of the server. */
async function privateBytes(sql: Sql): Promise<number> {
  const rows = await sql<{ pid: number }[]>`select pid from pg_stat_activity`
  const sizes = await Promise.all(rows.map(({ pid }) => readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')))
  const known = sizes.map((status) => Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024)
  return known.some(Boolean) ? known.reduce((sum, bytes) => sum + bytes, 0) : Number.NaN
}
