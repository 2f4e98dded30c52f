/** From a listing to groups, figures of buckets and the matrix: set by set, nothing of it passes through this process. */
import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { listingOf } from './duplicate-listings.ts'

/**
 * Puts the groups of a check and their members in place of earlier ones: equal tag and equal size more than once over all
 * buckets. Call it in a transaction. Groups are numbered by what they waste, the most first.
 */
export async function replaceDuplicateGroups(db: Db, checkId: string): Promise<void> {
  await deleteDuplicateObjects(db, [checkId])
  await db.execute(sql`set local work_mem = '128MB'`)
  await db.execute(sql`
    create temp table repeated on commit drop as
    select row_number() over (order by (count(*) - 1) * size desc, tag, size)::int as group_n, tag, size
    from ${listingOf(checkId)} group by tag, size having count(*) > 1`)
  await db.execute(sql`analyze repeated`)
  await db.execute(sql`
    insert into duplicate_objects (check_id, n, group_n, bucket_n, key)
    select ${checkId}::uuid, row_number() over (order by group_n, bucket_n, key collate "C"), group_n, bucket_n, key
    from ${listingOf(checkId)} join repeated using (tag, size)`)
  await db.execute(sql`
    insert into duplicate_groups (check_id, group_n, bucket_n, tag, size, members)
    select ${checkId}::uuid, group_n, bucket_n, r.tag, r.size, count(*)
    from duplicate_objects join repeated r using (group_n) where check_id = ${checkId}
    group by group_n, bucket_n, r.tag, r.size`)
  await db.execute(sql`drop table repeated`)
}

type Figures = { checkId: string; orgId: string; costDay: string }

/**
 * Works out what the groups mean: per bucket, per pair of buckets and in all (spec recommendations 15.2). Storage cost of a
 * bucket: its `GB-Mo` lines of `costDay`, times 30. Call it after `replaceDuplicateGroups`, in the same transaction.
 */
export async function setDuplicateFigures(db: Db, { checkId, orgId, costDay }: Figures): Promise<void> {
  await db.execute(sql`
    update duplicate_buckets b set monthly_cost = (
      select trim_scale(30 * sum(u.effective)) from usage u
      where u.resource_id = b.resource_id and u.org_id = ${orgId} and u.kind = 'storage' and u.unit = 'GB-Mo'
        and u.day = ${costDay})
    where b.check_id = ${checkId}`)
  await db.execute(sql`
    with grouped as (
      select *, count(*) over (partition by group_n) as buckets from duplicate_groups where check_id = ${checkId}
    ), found as (
      select bucket_n, sum(members) as objects,
        sum(size * case when buckets = 1 then members - 1 else members end) as bytes
      from grouped group by bucket_n
    )
    update duplicate_buckets b set duplicate_objects = coalesce(f.objects, 0), duplicate_bytes = coalesce(f.bytes, 0),
      saving = case when b.state = 'listed'
        then trim_scale(coalesce(f.bytes * b.monthly_cost / nullif(b.bytes, 0), b.monthly_cost * 0)) end
    from duplicate_buckets own left join found f on f.bucket_n = own.n
    where own.check_id = ${checkId} and b.check_id = own.check_id and b.n = own.n`)
  await replacePairs(db, checkId)
  await db.execute(sql`
    with grouped as (
      select sum(members) as objects, (sum(members) - 1) * size as bytes
      from duplicate_groups where check_id = ${checkId} group by group_n, size
    ), found as (
      select count(*) as groups, coalesce(sum(objects), 0) as objects, coalesce(sum(bytes), 0) as bytes from grouped
    ), listed as (
      select sum(objects) as objects, sum(filtered_objects) as filtered, sum(bytes) as bytes,
        sum(monthly_cost) as cost
      from duplicate_buckets where check_id = ${checkId} and state = 'listed'
    )
    update duplicate_checks c set groups = f.groups, duplicate_objects = f.objects, duplicate_bytes = f.bytes,
      objects = l.objects, filtered_objects = l.filtered, total_bytes = l.bytes, cost_day = ${costDay},
      saving = trim_scale(coalesce(f.bytes * l.cost / nullif(l.bytes, 0), l.cost * 0))
    from found f, listed l where c.id = ${checkId}`)
}

/** The matrix: every pair of buckets with a group in common, and every bucket with a group of its own. */
async function replacePairs(db: Db, checkId: string): Promise<void> {
  await db.execute(sql`delete from duplicate_pairs where check_id = ${checkId}`)
  await db.execute(sql`
    insert into duplicate_pairs (check_id, bucket_n, with_n, objects, bytes, saving)
    select b.check_id, p.bucket_n, p.with_n, p.objects, p.bytes,
      trim_scale(p.bytes * b.monthly_cost / nullif(b.bytes, 0))
    from (
      select a.bucket_n, o.bucket_n as with_n,
        sum(case when a.bucket_n = o.bucket_n then a.members else a.members + o.members end) as objects,
        sum(a.size * case when a.bucket_n = o.bucket_n then a.members - 1 else a.members end) as bytes
      from duplicate_groups a join duplicate_groups o on o.check_id = a.check_id and o.group_n = a.group_n
      where a.check_id = ${checkId} and (a.bucket_n <> o.bucket_n or a.members > 1)
      group by a.bucket_n, o.bucket_n
    ) p join duplicate_buckets b on b.check_id = ${checkId} and b.n = p.bucket_n`)
}

/** Forgets which objects were equal; the figures stay. */
export async function deleteDuplicateObjects(db: Db, checkIds: string[]): Promise<void> {
  if (checkIds.length === 0) return
  const which = sql`check_id = any(${sql.param(checkIds)}::uuid[])`
  await db.execute(sql`delete from duplicate_objects where ${which}`)
  await db.execute(sql`delete from duplicate_groups where ${which}`)
}

export type DuplicateObjectRow = { n: number; tag: string; bucket: string; key: string; size: number }

/**
 * Members of groups, the most wasteful groups first, one page; `after` is `n` of the last row before. One bucket: groups
 * with several members in it; two: groups with members in both; none: all.
 */
export async function listDuplicateObjects(
  db: Db,
  where: { checkId: string; buckets: number[]; after: number; limit: number },
): Promise<DuplicateObjectRow[]> {
  const [one, other] = where.buckets
  const lies = (bucket: number, more: number) => sql`exists (
    select from duplicate_groups m where m.check_id = o.check_id and m.group_n = o.group_n and m.bucket_n = ${bucket}
      and m.members > ${more})`
  const narrow =
    one === undefined
      ? sql``
      : other === undefined || other === one
        ? sql`and o.bucket_n = ${one} and ${lies(one, 1)}`
        : sql`and o.bucket_n in (${one}, ${other}) and ${lies(one, 0)} and ${lies(other, 0)}`
  const rows = await db.execute<DuplicateObjectRow>(sql`
    select o.n::float8 as n, g.tag, b.name as bucket, o.key, g.size::float8 as size
    from duplicate_objects o
    join duplicate_groups g on g.check_id = o.check_id and g.group_n = o.group_n and g.bucket_n = o.bucket_n
    join duplicate_buckets b on b.check_id = o.check_id and b.n = o.bucket_n
    where o.check_id = ${where.checkId} and o.n > ${where.after} ${narrow}
    order by o.n limit ${where.limit}`)
  return [...rows]
}
