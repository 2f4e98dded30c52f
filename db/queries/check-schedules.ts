/** When each organization is checked, and the claim that lets only one check run. */
import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'

const instant = (at: Date) => sql`${at.toISOString()}::timestamptz`

/** Organizations with a connected account whose check is due and not under way (or stuck since before `stuckBefore`). */
export async function listDueChecks(db: Db, where: { now: Date; stuckBefore: Date }): Promise<string[]> {
  const rows = await db.execute<{ id: string }>(sql`
    select o.id from organizations o
    left join check_schedules s on s.org_id = o.id
    where exists (select from accounts a where a.org_id = o.id and a.deleted_at is null)
      and coalesce(s.next_run_at <= ${instant(where.now)}, true)
      and (s.running is null or s.last_started_at <= ${instant(where.stuckBefore)})
    order by s.next_run_at nulls first, o.id`)
  return rows.map((row) => row.id)
}

/** Makes the next check due at `at`, no later than it was. */
export async function upsertNextCheck(db: Db, row: { orgId: string; at: Date }): Promise<void> {
  await db.execute(sql`
    insert into check_schedules as s (org_id, next_run_at) values (${row.orgId}, ${instant(row.at)})
    on conflict (org_id) do update set next_run_at = least(s.next_run_at, excluded.next_run_at)`)
}

/** Claims the organization for one check; false when another one is under way and not stuck. */
export async function upsertCheckStart(
  db: Db,
  row: { orgId: string; running: string; now: Date; nextRunAt: Date; stuckBefore: Date },
): Promise<boolean> {
  const claimed = await db.execute(sql`
    insert into check_schedules as s (org_id, next_run_at, last_started_at, running)
    values (${row.orgId}, ${instant(row.nextRunAt)}, ${instant(row.now)}, ${row.running})
    on conflict (org_id) do update
      set next_run_at = excluded.next_run_at, last_started_at = excluded.last_started_at, running = excluded.running
      where s.running is null or s.last_started_at <= ${instant(row.stuckBefore)}
    returning 1`)
  return claimed.length === 1
}

/** Ends the check if it still holds the claim; true when another one was asked for meanwhile. `completed` false: given up. */
export async function setCheckEnded(
  db: Db,
  where: { orgId: string; running: string; now: Date; completed: boolean },
): Promise<boolean> {
  const [row] = await db.execute<{ again: boolean }>(sql`
    update check_schedules set running = null,
      last_completed_at = case when ${where.completed} then ${instant(where.now)} else last_completed_at end
    where org_id = ${where.orgId} and running = ${where.running}
    returning next_run_at <= ${instant(where.now)} as again`)
  return row?.again ?? false
}
