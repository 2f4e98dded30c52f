/** One account's findings of one recommendation: what was found against what is stored, and the archive of what ended. */
import { sql, type SQL } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import type { Options } from './options.ts'
import { instant, type Check, type Recommendation } from './recommendation.ts'

/** Whether the account is connected and to be checked; one that goes during a check ends as such, not by its empty list. */
const isChecked = (accountId: SQL): SQL => sql`exists (
  select from accounts a where a.id = ${accountId} and a.deleted_at is null and a.process_recommendations)`

export type Settled = { added: number; changed: number; ended: number }

type Settlement = { one: Recommendation; check: Check; options: Options; before: Options }

/**
 * Finds, then writes only the difference, all inside the database: new findings, changed ones, and the end of those no
 * longer found. What ended goes to the archive with its reason, unless it was excluded or dismissed. Call in a transaction.
 * `before` are the options of the check that found the old ones.
 */
export async function settle(db: Db, it: Settlement): Promise<Settled> {
  const { one, check, options } = it
  const nothing = sql`select null::uuid as resource_id, null::text as key, null::numeric as saving, null::jsonb as evidence where false`
  const skipped = options.skip_cloud_accounts.includes(check.accountId)
  // CREATE TABLE AS may use several processes, INSERT … SELECT and whatever else writes may not.
  await db.execute(sql`create temp table found as ${skipped ? nothing : one.find(check, options)}`)
  // How many there are is enough to plan with; reading all the evidence for it would take longer than it saves.
  await db.execute(sql`analyze found (resource_id)`)
  // The planner knows nothing about rows of this very run; a nested loop over two big lists would never end.
  await db.execute(sql`set local enable_nestloop = off`)
  await db.execute(sql`create temp table odd as ${oddOnes(it)}`)
  const [odd] = await db.execute<{ some: boolean }>(sql`select exists (select from odd) as some`)
  const settled = odd!.some ? await write(db, it) : { added: 0, changed: 0, ended: 0 }
  await db.execute(sql`set local enable_nestloop = on`)
  await db.execute(sql`drop table found, odd`)
  return settled
}

/** The stored findings of the account, alias `t`. */
const stored = ({ one, check }: Settlement): SQL =>
  sql`t.org_id = ${check.orgId} and t.recommendation = ${one.id} and t.account_id = ${check.accountId}`

const differs = sql`(s.resource_id, s.saving, s.evidence, s.is_excluded)
  is distinct from (n.resource_id, n.saving, n.evidence, n.is_excluded)`

/**
 * What was found and is not stored just so, and what is stored and was not found. Nearly everything is as it was in the last
 * check, and to see that takes no look at the resources: two of one resource are held against each other.
 */
function oddOnes(it: Settlement): SQL {
  const { one, options } = it
  const pools = one.excludable ? Object.keys(options.excluded_pools) : []
  const inPool = pools.length ? sql`r.pool_id = any(${sql.param(pools)}::uuid[])` : null
  const tests = [inPool, one.excludes?.(options)].filter((test) => test != null)
  const isExcluded = tests.length ? sql`coalesce(${sql.join(tests, sql` or `)}, false)` : sql`false`
  return sql`
    select n.*, s.id as stored_id
    from (
      select true as is_found, n.resource_id, ${one.ownKey ? sql`n.key` : sql`null::text as key`}, n.saving, n.evidence, ${isExcluded} as is_excluded
      from found n ${tests.length ? sql`left join resources r on r.id = n.resource_id` : sql``}
    ) n
    full join (select t.* from findings t where ${stored(it)}) s on ${one.ownKey ? sql`s.key = n.key` : sql`s.resource_id = n.resource_id`}
    where n.is_found is null or s.id is null or ${differs}`
}

/** Settles the odd ones, now by their keys: a resource that was forgotten and seen again is another one with the same key. */
async function write(db: Db, it: Settlement): Promise<Settled> {
  const { one, check, before } = it
  const live = isChecked(sql`${check.accountId}`)
  await db.execute(sql`analyze odd (stored_id)`)
  const [row] = await db.execute<Settled>(sql`
    with now_found as materialized (
      select o.resource_id, o.saving, o.evidence, o.is_excluded, ${one.ownKey ? sql`o.key` : sql`r.cloud_resource_id as key`}
      from odd o ${one.ownKey ? sql`` : sql`join resources r on r.id = o.resource_id`} where o.is_found
    ), old as materialized (
      select t.* from findings t join odd o on o.stored_id = t.id where ${stored(it)}
    ), changed as (
      update findings t
      set resource_id = n.resource_id, saving = n.saving, evidence = n.evidence, is_excluded = n.is_excluded, checked_at = ${instant(check.now)}
      from now_found n join old s on s.key = n.key
      where ${stored(it)} and t.id = s.id and ${differs}
      returning 1
    ), added as (
      insert into findings (org_id, recommendation, account_id, resource_id, key, saving, evidence, is_excluded, detected_at, checked_at)
      select ${check.orgId}, ${one.id}, ${check.accountId}, n.resource_id, n.key, n.saving, n.evidence, n.is_excluded,
        ${instant(check.now)}, ${instant(check.now)}
      from now_found n left join old s on s.key = n.key where s.key is null and ${live}
      returning 1
    ), gone as (
      select s.* from old s left join now_found n on n.key = s.key where n.key is null and ${live}
    ), removed as (
      delete from findings t using gone where ${stored(it)} and t.id = gone.id
    ), archived as (${archive(sql`gone`, { reason: one.ended(check, before), now: check.now })})
    select (select count(*)::int from added) as added, (select count(*)::int from changed) as changed,
      (select count(*)::int from gone) as ended`)
  return row!
}

const archive = (gone: SQL, { reason, now }: { reason: SQL; now: Date }): SQL => sql`
  insert into archived_findings (org_id, recommendation, account_id, resource_id, key, saving, evidence, reason, detected_at, archived_at)
  select e.org_id, e.recommendation, e.account_id, e.resource_id, e.key, e.saving, e.evidence, e.reason, e.detected_at, ${instant(now)}
  from (
    select f.*, (${reason}) as reason from ${gone} f
    left join resources r on r.id = f.resource_id
    left join dismissals d on d.resource_id = f.resource_id and d.recommendation = f.recommendation
    where not f.is_excluded and d.resource_id is null
  ) e where e.reason is not null`

/** Archives the findings of accounts that were disconnected or are no longer checked. Returns how many. */
export async function settleLostAccounts(db: Db, where: { orgId: string; now: Date }): Promise<number> {
  const [row] = await db.execute<{ ended: number }>(sql`
    with gone as (
      delete from findings t where t.org_id = ${where.orgId} and not ${isChecked(sql`t.account_id`)} returning *
    ), archived as (${archive(sql`gone`, { reason: sql`'cloud_account_deleted'`, now: where.now })})
    select count(*)::int as ended from gone`)
  return row!.ended
}
