import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { tenantDb } from '../tenant.ts'

const nobody = '00000000-0000-0000-0000-000000000000'

/**
 * Throws when the database or the queue cannot work. A plpgsql block on purpose: a server that lost its libraries still
 * answers SELECT 1. Says whether doors work under row-level security, by asking as one.
 */
export async function getReadiness(db: Db): Promise<{ rowLevelSecurity: boolean }> {
  await db.execute(sql`do $$ begin perform count(*) from pgboss.queue; end $$`)
  const [row] = await tenantDb(db, nobody).execute<{ active: boolean }>(
    sql`select row_security_active('organizations') as active`,
  )
  return { rowLevelSecurity: row!.active }
}

/** How many jobs wait, run or failed in each queue, and how many imports are in each state. */
export async function countJobs(db: Db): Promise<{
  jobs: { queue: string; state: string; count: number }[]
  imports: { state: string; count: number }[]
}> {
  const [jobs, imports] = await Promise.all([
    db.execute<{ queue: string; state: string; count: number }>(
      sql`select name as queue, state::text, count(*)::int from pgboss.job where state <> 'completed' group by 1, 2 order by 1, 2`,
    ),
    db.execute<{ state: string; count: number }>(sql`select state, count(*)::int from imports group by 1 order by 1`),
  ])
  return { jobs: [...jobs], imports: [...imports] }
}
