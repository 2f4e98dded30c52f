import { sql } from 'drizzle-orm'
import { wasDiscovered } from './discoveries.ts'
import type { Db } from '../client.ts'
import type { Cloud } from '../vocabulary.ts'

/** What a resource costs and how often it is up for a saving. `perDay` is the average of its last full days with data, seven at most. */
export type ResourceMoney = { resourceId: string; perDay: string; month: string; findings: number; saving: string }

/**
 * Money of some resources: `month` from `monthStart` to `today`; the average runs over the seven days that end with
 * `lastDay`, beginning with the first of them that cost anything. Findings that are excluded or put off do not count.
 */
export async function listResourceMoney(
  db: Db,
  where: { orgId: string; ids: string[]; monthStart: string; today: string; lastDay: string; now: Date },
): Promise<ResourceMoney[]> {
  const { orgId, monthStart, today, lastDay } = where
  const rows = await db.execute<ResourceMoney>(sql`
    select r.id as "resourceId", coalesce(trim_scale(week.total / (${lastDay}::date - week.first_day + 1)), 0) as "perDay",
      coalesce(month.total, 0) as month, coalesce(found.count, 0)::int as findings, coalesce(found.saving, 0) as saving
    from resources r
    left join lateral (
      select sum(effective) as total, min(day) as first_day from expenses e
      where e.resource_id = r.id and e.day > ${lastDay}::date - 7 and e.day <= ${lastDay}
    ) week on true
    left join lateral (
      select sum(effective) as total from expenses e where e.resource_id = r.id and e.day between ${monthStart} and ${today}
    ) month on true
    left join lateral (
      select count(*) as count, max(saving) as saving from findings f
      where f.resource_id = r.id and not f.is_excluded
        and (f.snoozed_until is null or f.snoozed_until <= ${where.now.toISOString()})
        and not exists (
          select 1 from dismissals d where d.resource_id = f.resource_id and d.recommendation = f.recommendation)
    ) found on true
    where r.org_id = ${orgId}
      and r.id in (select i::uuid from jsonb_array_elements_text(${JSON.stringify(where.ids)}::jsonb) i)`)
  return [...rows]
}

/** Where a resource belongs, in names. */
export type ResourcePlace = {
  resourceId: string
  accountName: string
  cloud: Cloud
  discovered: boolean
  ownerName: string | null
  environmentId: string | null
  environmentName: string | null
  heldBy: { id: string; name: string } | null
  heldUntil: string | null
}

/** Account, owner, and the shared environment with its booking of now, for some resources. */
export async function listResourcePlaces(
  db: Db,
  where: { orgId: string; ids: string[]; now: Date },
): Promise<ResourcePlace[]> {
  const rows = await db.execute<ResourcePlace>(sql`
    select r.id as "resourceId", a.name as "accountName", a.cloud, owner.name as "ownerName",
      ${wasDiscovered(sql`a.id`)} as discovered,
      env.id as "environmentId", env.name as "environmentName", case when holder.id is not null then json_build_object('id', holder.id, 'name', holder.name) end as "heldBy", b.ends_at as "heldUntil"
    from resources r join accounts a on a.id = r.account_id
    left join people owner on owner.id = r.owner_id
    left join environments env on env.resource_id = r.id
    left join bookings b on b.environment_id = env.id and b.state in ('booked', 'active')
      and b.starts_at <= ${where.now.toISOString()} and b.ends_at > ${where.now.toISOString()}
    left join people holder on holder.id = b.person_id
    where r.org_id = ${where.orgId}
      and r.id in (select i::uuid from jsonb_array_elements_text(${JSON.stringify(where.ids)}::jsonb) i)`)
  return [...rows]
}

/**
 * Resources whose cloud id, name, or tail of the cloud id (after the last / or :) is one of `words` (lower case), at most
 * `limit`. Exact matches of the id first. Reads the organization's resources once, whatever the number of words.
 */
export async function listResourcesByWords(
  db: Db,
  where: { orgId: string; words: string[]; limit: number },
): Promise<{ id: string; word: string }[]> {
  const rows = await db.execute<{ id: string; word: string }>(sql`
    with words as (
      select word, place from jsonb_array_elements_text(${JSON.stringify(where.words)}::jsonb) with ordinality as w(word, place)
    ), hits as (
      select r.id, w.word, w.place, 0 as rank from resources r join words w on w.word = lower(r.cloud_resource_id)
        where r.org_id = ${where.orgId}
      union all
      select r.id, w.word, w.place, 1 from resources r join words w on w.word = lower(substring(r.cloud_resource_id from '[^/:]+$'))
        where r.org_id = ${where.orgId}
      union all
      select r.id, w.word, w.place, 2 from resources r join words w on w.word = lower(r.name)
        where r.org_id = ${where.orgId} and r.name <> ''
    )
    select id, (array_agg(word order by rank, place))[1] as word from hits
    group by id order by min(rank), min(place), id limit ${where.limit}`)
  return [...rows]
}
