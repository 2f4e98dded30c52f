/** One resource that was known twice, once from a bill and once from the cloud. */
import { sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client.ts'

/** What points at a resource, and the columns of which it has one row each; where both have one, the kept one's stays. */
const references: { table: string; once?: string[] }[] = [
  { table: 'expenses' },
  { table: 'usage' },
  { table: 'metric_points', once: ['metric', 'at'] },
  { table: 'findings', once: ['recommendation'] },
  { table: 'archived_findings' },
  { table: 'dismissals', once: ['recommendation'] },
  { table: 'resource_constraints', once: ['type'] },
  { table: 'constraint_hits' },
  { table: 'power_attachments', once: [] },
  { table: 'power_actions', once: ['due_at'] },
  { table: 'duplicate_buckets' },
]

/**
 * Makes each pair of `pairs` (a query with the columns other_id, kept_id) one resource: everything that points at the
 * other one points at the kept one, which takes what the cloud said, and the other one is gone. Both must lie in one pool and have one
 * owner, or rollups would not follow; costs of the kept one are to be added up again afterwards.
 */
export async function mergeResources(db: Db, pairs: SQL): Promise<void> {
  await db.execute(sql`drop table if exists merging`)
  await db.execute(sql`create temp table merging on commit drop as ${pairs}`)
  await db.execute(sql`analyze merging`)
  for (const { table, once } of references) {
    const name = sql.identifier(table)
    const same = once?.map((column) => sql` and k.${sql.identifier(column)} = t.${sql.identifier(column)}`)
    if (same)
      await db.execute(sql`
        delete from ${name} t using merging m where t.resource_id = m.other_id
          and exists (select from ${name} k where k.resource_id = m.kept_id ${sql.join(same, sql``)})`)
    await db.execute(sql`update ${name} t set resource_id = m.kept_id from merging m where t.resource_id = m.other_id`)
  }
  await moveEnvironments(db)
  await moveCleanUps(db)
  await db.execute(sql`
    with gone as (delete from resources r using merging m where r.id = m.other_id returning m.kept_id, r.*)
    update resources k set active = o.active, name = coalesce(nullif(o.name, ''), k.name),
      type = coalesce(nullif(o.type, ''), k.type), region = coalesce(nullif(o.region, ''), k.region),
      service = coalesce(nullif(k.service, ''), o.service), tags = k.tags || o.tags, facts = k.facts || o.facts,
      first_seen_at = least(k.first_seen_at, o.first_seen_at), last_seen_at = greatest(k.last_seen_at, o.last_seen_at),
      cloud_created_at = coalesce(o.cloud_created_at, k.cloud_created_at), attached = coalesce(o.attached, k.attached),
      last_attached_at = greatest(k.last_attached_at, o.last_attached_at), available = coalesce(o.available, k.available),
      last_used_at = greatest(k.last_used_at, o.last_used_at),
      stopped_allocated = coalesce(o.stopped_allocated, k.stopped_allocated),
      last_not_stopped_at = greatest(k.last_not_stopped_at, o.last_not_stopped_at), spot = k.spot or o.spot,
      has_metrics = k.has_metrics or o.has_metrics, rev = k.rev + 1,
      constraint_violated = k.constraint_violated or o.constraint_violated
    from gone o where k.id = o.kept_id`)
  await db.execute(sql`drop table merging`)
}

/** A resource is one environment; a second one stays as one made by hand, with its bookings. */
async function moveEnvironments(db: Db): Promise<void> {
  await db.execute(sql`
    update environments e set resource_id = case when exists (
        select from environments k where k.resource_id = m.kept_id) then null else m.kept_id end
    from merging m where e.resource_id = m.other_id`)
}

/** Clean-ups under way look for their resources by id. */
async function moveCleanUps(db: Db): Promise<void> {
  await db.execute(sql`
    update clean_ups c set items = moved.items from (
      select c.id, jsonb_agg(case when m.kept_id is null then i.item
        else i.item || jsonb_build_object('resourceId', m.kept_id) end order by i.n) as items
      from clean_ups c cross join lateral jsonb_array_elements(c.items) with ordinality i (item, n)
      left join merging m on m.other_id::text = i.item->>'resourceId'
      where c.state in ('waiting_approval', 'handed_over')
      group by c.id having bool_or(m.kept_id is not null)
    ) moved where moved.id = c.id`)
}

/** Adds up again what these resources (a query of ids) cost, from their charges. */
export async function resetCosts(db: Db, ids: SQL): Promise<void> {
  await db.execute(sql`
    with asked as materialized (select id from (${ids}) as a (id)), days as (
      select e.resource_id, e.day, sum(e.effective) as cost from asked a join expenses e on e.resource_id = a.id
      group by 1, 2
    ), sums as (
      select resource_id, sum(cost) as total, max(day) as day,
        (array_agg(cost order by day desc))[1] as last_cost
      from days group by 1
    )
    update resources r set total_cost = trim_scale(coalesce(s.total, 0)), last_expense_day = s.day,
      last_expense_cost = trim_scale(s.last_cost)
    from asked a left join sums s on s.resource_id = a.id where r.id = a.id`)
}
