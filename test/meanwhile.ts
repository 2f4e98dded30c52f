/** Two things at one moment: what happens while another transaction is under way. */
import type { TransactionSql } from 'postgres'
import { expect } from 'vitest'
import type { World } from './world.ts'

/**
 * Runs `hold` in a transaction, then `work` until `waiting` of its statements wait for a lock, ends the transaction and
 * returns what came of the work.
 */
export async function meanwhile<T>(
  { database: { sql } }: World,
  hold: (tx: TransactionSql) => Promise<unknown>,
  { work, waiting = 1 }: { work: () => Promise<T>; waiting?: number },
): Promise<T> {
  const [held, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const holding = sql.begin(async (tx) => {
    await hold(tx)
    held.resolve()
    await over.promise
  })
  await Promise.race([held.promise, holding])
  const done = work()
  // Whoever asks later handles it; meanwhile it is nobody's.
  done.catch(() => {})
  const waits = async () =>
    (
      await sql`select count(distinct pid)::int as n from pg_locks join pg_stat_activity using (pid)
      where not granted and datname = current_database()`
    )[0]!.n as number
  try {
    await expect.poll(waits, { timeout: 5000 }).toBeGreaterThanOrEqual(waiting)
  } finally {
    over.resolve()
    await holding
  }
  return done
}
