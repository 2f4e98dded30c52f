import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import type { Sql } from './client.ts'
import { quickly, type Pulse } from './pulse.ts'

const key = 'finops works on the queue'

/**
 * Says that this process works on the queue, for as long as it lives: Postgres forgets it with the connection, and a
 * connection that was cut (a restart of the database) is made again. Nobody else working means that jobs marked as running were cut off with their process: they wait again.
 */
export async function claimWork(url: string, pulse?: Pulse): Promise<{ release: () => Promise<void> }> {
  let [held, released] = [false, false]
  const sql = postgres(url, {
    ...quickly,
    ...pulse?.dialed,
    max: 1,
    max_lifetime: null,
    onclose: () => void renew(),
  })
  const share = () => sql`select pg_advisory_lock_shared(hashtextextended(${key}, 0))`
  const renew = async () => {
    if (!held) return
    held = false
    for (; !held && !released; held || (await sleep(1000)))
      held = await share().then(
        () => true,
        () => false,
      )
  }
  const [found] = await sql`select pg_try_advisory_lock(hashtextextended(${key}, 0)) as alone`
  if (found?.alone) await returnCutOffJobs(sql)
  await share()
  if (found?.alone) await sql`select pg_advisory_unlock(hashtextextended(${key}, 0))`
  held = true
  return {
    release() {
      released = true
      return sql.end({ timeout: 5 })
    },
  }
}

/** Does any process work on the queue of this database? Then what waits there is done without us. */
export async function isWorked(sql: Sql): Promise<boolean> {
  const [found] = await sql`
    select exists (
      select from pg_locks, lateral (select hashtextextended(${key}, 0) as number) claim
      where locktype = 'advisory' and granted and mode = 'ShareLock'
        and database = (select oid from pg_database where datname = current_database())
        and (classid::bigint << 32) | objid::bigint = claim.number) as worked`
  return found!.worked as boolean
}

/** A job that used up its tries fails, as after any other end; one whose like waits already is not needed twice. */
async function returnCutOffJobs(sql: Sql): Promise<void> {
  await sql`delete from pgboss.job cut using pgboss.job waiting
    where cut.state = 'active' and cut.policy = 'stately' and waiting.state = 'retry' and waiting.name = cut.name
      and waiting.singleton_key is not distinct from cut.singleton_key`
  await sql`update pgboss.job set
      state = case when retry_count < retry_limit then 'retry' else 'failed' end::pgboss.job_state,
      completed_on = case when retry_count < retry_limit then null else now() end,
      start_after = now()
    where state = 'active'`
  // Whatever checked recommendations was cut off with its job.
  await sql`update check_schedules set running = null where running is not null`
  // Given up by a process that was told to stop: nothing is wrong with them, so they need no pause.
  await sql`update pgboss.job set start_after = now()
    where state = 'retry' and start_after > now() and output::text like '%pg-boss shut down while active%'`
}
