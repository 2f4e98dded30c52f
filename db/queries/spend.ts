import { sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client.ts'
import type { Cloud } from '../vocabulary.ts'
import { poolAndBelow } from './pools.ts'

/** What an answer is limited to. A pool counts with everything below it, an account with everything its bill charges others for. */
export type SpendScope = {
  poolId?: string
  ownerId?: string
  accountId?: string
  cloud?: Cloud
  service?: string
  region?: string
  tag?: { key: string; value: string }
  resourceId?: string
}

export type SpendGroup =
  | 'none'
  | 'service'
  | 'pool'
  | 'owner'
  | 'resource'
  | 'type'
  | 'cloud'
  | 'account'
  | 'region'
  | `tag:${string}`

export type SpendGrain = 'day' | 'week' | 'month'

/** Both days included. */
type Days = { from: string; to: string }

export type SpendWhere = { orgId: string; scope: SpendScope; groupBy: SpendGroup }

/** Sums of a group (`key`; null = everything that is not among the first) in a bucket (null = the whole range). Both null with `all`: the total. */
export type SpendSum = {
  key: string | null
  bucket: string | null
  level: 'all' | 'group' | 'bucket'
  effective: string
  billed: string
  keys: number
}

/**
 * Where the sums come from: rollups know pool, owner, account, service and region; anything about single resources
 * reads the daily facts of the range. Whole months at month grain need no days. Groups by account are who used it, so that
 * they add up: an account that pays for connected ones has the rest.
 */
function source({ scope, groupBy }: SpendWhere, whole: boolean): { from: SQL; day: SQL } {
  const single = scope.tag ?? scope.resourceId
  const perResource = groupBy === 'resource' || groupBy === 'type' || groupBy.startsWith('tag:')
  const byUser = groupBy === 'account'
  if (single !== undefined || perResource)
    return {
      from: sql`(select e.org_id, e.day, e.account_id, e.sub_account, a.cloud, r.pool_id, r.owner_id, e.service, e.region,
        e.effective, e.billed, e.resource_id, r.type, r.tags ${byUser ? sql`, ${userOf('e')}` : sql``}
        from expenses e join resources r on r.id = e.resource_id join accounts a on a.id = e.account_id
        ${byUser ? joinUser('e') : sql``}) s`,
      day: sql`s.day`,
    }
  const [table, day] = whole ? [sql`spend_months`, sql`s.month`] : [sql`spend_days`, sql`s.day`]
  if (groupBy !== 'cloud' && !byUser) return { from: sql`${table} s`, day }
  return {
    from: sql`(select t.*, a.cloud ${byUser ? sql`, ${userOf('t')}` : sql``}
      from ${table} t join accounts a on a.id = t.account_id ${byUser ? joinUser('t') : sql``}) s`,
    day,
  }
}

/** The connected account `l` that a line of the bill of account `a` names, if any. */
const joinUser = (alias: string): SQL => sql`left join accounts l on l.org_id = ${sql.raw(alias)}.org_id
  and l.cloud = a.cloud and l.cloud_account_id = ${sql.raw(alias)}.sub_account and l.cloud_account_id <> '' and l.deleted_at is null`
const userOf = (alias: string): SQL => sql`coalesce(l.id, ${sql.raw(alias)}.account_id) as user_id`

/** What an account pays for, and what the bills of others charge for it; a bill keeps its sum. */
const usedBy = (accountId: string): SQL => sql`(s.account_id = ${accountId}
  or s.sub_account = (select nullif(cloud_account_id, '') from accounts where id = ${accountId})
    and s.account_id in (select p.id from accounts l join accounts p on p.org_id = l.org_id and p.cloud = l.cloud
      where l.id = ${accountId} and p.deleted_at is null))`

function keyOf(groupBy: SpendGroup): SQL {
  if (groupBy.startsWith('tag:')) return sql`coalesce(s.tags ->> ${groupBy.slice(4)}, '')`
  const keys: Record<string, SQL> = {
    none: sql`''::text`,
    service: sql`s.service`,
    pool: sql`s.pool_id::text`,
    owner: sql`coalesce(s.owner_id::text, '')`,
    resource: sql`s.resource_id::text`,
    type: sql`s.type`,
    cloud: sql`s.cloud`,
    account: sql`s.user_id::text`,
    region: sql`s.region`,
  }
  return keys[groupBy]!
}

function inScope({ orgId, scope }: SpendWhere): SQL {
  const parts = [sql`s.org_id = ${orgId}`]
  if (scope.poolId) parts.push(sql`s.pool_id in ${poolAndBelow({ orgId, poolId: scope.poolId })}`)
  if (scope.ownerId) parts.push(sql`s.owner_id = ${scope.ownerId}`)
  if (scope.accountId) parts.push(usedBy(scope.accountId))
  if (scope.cloud)
    parts.push(sql`s.account_id in (select id from accounts where org_id = ${orgId} and cloud = ${scope.cloud})`)
  if (scope.service) parts.push(sql`s.service = ${scope.service}`)
  if (scope.region) parts.push(sql`s.region = ${scope.region}`)
  if (scope.tag) parts.push(sql`s.tags ->> ${scope.tag.key} = ${scope.tag.value}`)
  if (scope.resourceId) parts.push(sql`s.resource_id = ${scope.resourceId}`)
  return sql.join(parts, sql` and `)
}

const buckets: Record<SpendGrain, (day: SQL) => SQL> = {
  day: (day) => day,
  week: (day) => sql`date_trunc('week', ${day})::date`,
  month: (day) => sql`date_trunc('month', ${day})::date`,
}

/** Sums per group and bucket, per group, and of all. The `top` biggest groups keep their key, the others are added into key null. */
export async function listSpend(
  db: Db,
  where: SpendWhere & { range: Days; grain: SpendGrain; top: number; wholeMonths: boolean },
): Promise<SpendSum[]> {
  const { from, day } = source(where, where.wholeMonths)
  const rows = await db.execute<Omit<SpendSum, 'level'> & { level: number }>(sql`
    with sums as materialized (
      select ${keyOf(where.groupBy)} as key, ${buckets[where.grain](day)} as bucket,
        sum(s.effective) as effective, sum(s.billed) as billed
      from ${from} where ${inScope(where)} and ${day} between ${where.range.from} and ${where.range.to} group by 1, 2
    ), ranked as (
      select key, row_number() over (order by sum(effective) desc, key) as rank from sums group by key
    ), folded as (
      select case when rank <= ${where.top} then key end as known, key, bucket, effective, billed
      from sums join ranked using (key)
    )
    select known as key, bucket, coalesce(sum(effective), 0) as effective, coalesce(sum(billed), 0) as billed,
      count(distinct key)::int as keys, grouping(known, bucket) as level
    from folded group by grouping sets ((), (known), (known, bucket))`)
  return rows.map((row) => ({ ...row, level: row.level === 0 ? 'bucket' : row.level === 1 ? 'group' : 'all' }))
}

/** What the same groups cost in another range; keys that are not among `keys` are added into key null. `all` is the total. */
export async function listSpendBefore(
  db: Db,
  where: SpendWhere & { range: Days; keys: string[]; wholeMonths: boolean },
): Promise<{ key: string | null; all: boolean; effective: string }[]> {
  const { from, day } = source(where, where.wholeMonths)
  const rows = await db.execute<{ key: string | null; all: boolean; effective: string }>(sql`
    with sums as (
      select ${keyOf(where.groupBy)} as key, sum(s.effective) as effective
      from ${from} where ${inScope(where)} and ${day} between ${where.range.from} and ${where.range.to} group by 1
    ), folded as (
      select case when key in (select jsonb_array_elements_text(${JSON.stringify(where.keys)}::jsonb)) then key end as known, effective
      from sums
    )
    select known as key, grouping(known) = 1 as all, coalesce(sum(effective), 0) as effective
    from folded group by grouping sets ((), (known))`)
  return [...rows]
}

/** Names of the things a group key stands for; keys without a name are left out. */
export async function listSpendLabels(
  db: Db,
  where: { orgId: string; kind: 'pool' | 'owner' | 'resource' | 'account'; keys: string[] },
): Promise<{ key: string; label: string }[]> {
  const { orgId, kind } = where
  const tables: Record<typeof kind, SQL> = {
    pool: sql`select id, org_id, name as label from pools`,
    owner: sql`select id, org_id, name as label from people`,
    resource: sql`select id, org_id, coalesce(nullif(name, ''), cloud_resource_id) as label from resources`,
    account: sql`select id, org_id, name as label from accounts`,
  }
  const rows = await db.execute<{ key: string; label: string }>(sql`
    select t.id::text as key, t.label from (${tables[kind]}) t
    where t.org_id = ${orgId} and t.id in (select k::uuid from jsonb_array_elements_text(${JSON.stringify(where.keys)}::jsonb) k)`)
  return [...rows]
}

/** The last day up to `today` with any cost, or null. Read backwards from `spend_days_once`. */
export async function findLastSpendDay(db: Db, where: { orgId: string; today: string }): Promise<string | null> {
  const [row] = await db.execute<{ day: string | null }>(
    sql`select max(day) as day from spend_days where org_id = ${where.orgId} and day <= ${where.today}`,
  )
  return row?.day ?? null
}

export type ResourceSpend = {
  id: string
  name: string
  type: string
  region: string
  poolId: string
  poolName: string
  ownerId: string | null
  total: string
  before: string
}

/** Resources by cost in `range`, or by how much it differs from `before`. Facts of both ranges are read once. */
export async function listResourceSpend(
  db: Db,
  where: { orgId: string; scope: SpendScope; range: Days; before: Days; order: 'cost' | 'change'; limit: number },
): Promise<ResourceSpend[]> {
  const { from, day } = source({ ...where, groupBy: 'resource' }, false)
  const within = ({ from, to }: Days) => sql`${day} between ${from} and ${to}`
  const order = where.order === 'cost' ? sql`total` : sql`abs(total - before)`
  const rows = await db.execute<ResourceSpend>(sql`
    with sums as (
      select s.resource_id, coalesce(sum(s.effective) filter (where ${within(where.range)}), 0) as total,
        coalesce(sum(s.effective) filter (where ${within(where.before)}), 0) as before
      from ${from} where ${inScope({ ...where, groupBy: 'resource' })}
        and (${within(where.range)} or ${within(where.before)}) group by 1
    ), first as (
      select * from sums where ${order} <> 0 order by ${order} desc, resource_id limit ${where.limit}
    )
    select r.id, coalesce(nullif(r.name, ''), r.cloud_resource_id) as name, r.type, r.region, r.pool_id as "poolId",
      p.name as "poolName", r.owner_id as "ownerId", first.total, first.before
    from first join resources r on r.id = first.resource_id join pools p on p.id = r.pool_id
    order by ${order} desc, r.id`)
  return [...rows]
}
