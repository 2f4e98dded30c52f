import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'

/** Keeps the job that waits under this key from beginning before the transaction ends; false when none waits any more. */
export async function lockWaitingJob(db: Db, { queue, key }: { queue: string; key: string }): Promise<boolean> {
  const [row] = await db.execute<{ held: boolean }>(sql`select hold_waiting_job(${queue}, ${key}) as held`)
  return row!.held
}

/** Lets doors add to the queue, whose tables pg-boss made. */
export async function openQueue(queue: { executeSql: (text: string) => Promise<unknown> }): Promise<void> {
  await queue.executeSql('select open_queue()')
}
