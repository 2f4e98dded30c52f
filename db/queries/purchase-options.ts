/** Machine time nothing covers that is there day after day, and what the known offers would cost for it. */
import { sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client.ts'
import type { CommitmentKind } from '../vocabulary.ts'
import { unitsOf } from './coverage-days.ts'

/** One offer for one steady base. Amounts are exact, in the organization's currency. */
export type PurchaseOption = {
  accountName: string
  region: string
  family: string
  os: string
  software: string
  tenancy: string
  /** The machine type that is bought, and how many of it; of plans the number may be broken. */
  flavor: string
  count: string
  /** Uncovered normalized units an hour that are always there, and those the purchase covers. */
  steady: string
  units: string
  kind: CommitmentKind
  class: string
  payment: string
  years: number
  upfront: string
  /** Paid for every hour of the term, used or not. */
  hourly: string
  /** What the covered part costs now per 30 days. */
  onDemand: string
  /** What the offer costs per month, the upfront part spread over the term. */
  monthly: string
}

export type PurchaseWhere = {
  orgId: string
  accountId?: string
  /** Both days included. */
  from: string
  to: string
  /** So many of these days may have less. */
  spare: number
  currency: string
  /** Prices seen before this are too old to advise by. */
  seenSince: Date
}

const group = sql.raw('account_id, region, family, os, software, tenancy, size')

/**
 * Uncovered machine time by what could be bought for it. Reservations of Linux on shared hardware pay for every size of
 * their family, so sizes are added up; others are kept apart (`size`). Source: AWS, instance size flexibility.
 */
const uncovered = ({ orgId, accountId, from, to }: PurchaseWhere): SQL => sql`
  select *, case when os = 'Linux' and software = 'NA' and tenancy = 'default' then '' else flavor end as size
  from (
    select account_id, day, region, family, flavor, normalized, least(cost, list) as cost,
      coalesce(nullif(os, ''), 'Linux') as os, coalesce(nullif(software, ''), 'NA') as software,
      case when tenancy ilike 'dedicated' then 'dedicated' else 'default' end as tenancy
    from coverage_days
    where org_id = ${orgId} and day between ${from} and ${to} and cover = 'none' and kind = 'compute' and family <> ''
      and ${accountId ? sql`account_id = ${accountId}` : sql`true`}
  ) d`

/**
 * The cheapest payment of every class and term for every steady base, those that save most first; only what saves.
 * A base is steady at the average units of an hour that all but `spare` days have. Of the machine types in use the most
 * used one that fits into it is priced. Prices are in USD; in other currencies an offer costs the same share of what a
 * unit costs now as it does of the list price.
 */
export async function listPurchaseOptions(db: Db, where: PurchaseWhere): Promise<PurchaseOption[]> {
  const { from, to, spare, currency, seenSince } = where
  const fresh = (alias: SQL) =>
    sql`${alias}.cloud = 'aws' and ${alias}.seen_at > ${seenSince.toISOString()}::timestamptz`
  const exact = (value: SQL) => sql`trim_scale(round(${value}, 10))::text`
  const rows = await db.execute<PurchaseOption>(sql`
    with uncovered as materialized (${uncovered(where)}), days as (
      select ${group}, day, sum(normalized) / 24 as units, sum(normalized) as normalized, sum(cost) as cost
      from uncovered group by ${group}, day
    ), ranked as (
      select *, row_number() over (partition by ${group} order by units) as nth, count(*) over (partition by ${group}) as present,
        sum(cost) over (partition by ${group}) / nullif(sum(normalized) over (partition by ${group}), 0) as rate
      from days
    ), bases as (
      select ${group}, units as steady, rate from ranked
      where nth = ${spare + 1}::int - ((${to}::date - ${from}::date + 1) - present) and units > 0 and rate > 0
    ), flavors as (
      select distinct on (${group}) b.*, f.flavor, f.size_units
      from bases b join (
        select ${group}, flavor, ${unitsOf(sql`flavor`)} as size_units, sum(normalized) as normalized
        from uncovered group by ${group}, flavor
      ) f using (${group})
      where f.size_units <= b.steady
      order by ${group}, f.normalized desc, f.flavor
    ), priced as (
      select f.*, o.kind, o.class, o.payment, o.term_seconds / 31536000 as years, o.term_seconds / 3600 as term_hours,
        case when ${currency} = 'USD' then 1 else f.rate * f.size_units / t.hourly_price end as scale, o.upfront, o.hourly,
        case when o.kind = 'ri' then floor(f.steady / f.size_units) else trunc(f.steady / f.size_units, 2) end as count,
        case when o.kind = 'ri' then null when o.payment = 'All Upfront' then 1 when o.payment = 'Partial Upfront' then 0.5
          else 0 end as ahead
      from flavors f
      join commitment_offers o on ${fresh(sql`o`)} and o.region = f.region and o.flavor = f.flavor and o.os = f.os
        and o.software = f.software and o.tenancy = f.tenancy and o.term_seconds >= 31536000
      left join machine_types t on ${fresh(sql`t`)} and t.region = f.region and t.name = f.flavor and t.os = f.os
        and t.software = f.software and t.hourly_price > 0
    ), options as (
      select *, coalesce(ahead * hourly * term_hours, upfront) * scale * count as ahead_total,
        hourly * (1 - coalesce(ahead, 0)) * scale * count as per_hour, rate * count * size_units * 720 as on_demand
      from priced where scale is not null and count > 0
    ), months as (
      select *, ahead_total / (12 * years) + per_hour * 720 as monthly from options
    ), best as (
      select distinct on (${group}, kind, class, years) * from months where monthly < on_demand
      order by ${group}, kind, class, years, monthly, ahead_total
    )
    select a.name as "accountName", b.region, b.family, b.os, b.software, b.tenancy, b.flavor, ${exact(sql`b.count`)} as count,
      ${exact(sql`b.steady`)} as steady, ${exact(sql`b.count * b.size_units`)} as units, b.kind, b.class, b.payment, b.years,
      ${exact(sql`b.ahead_total`)} as upfront, ${exact(sql`b.per_hour`)} as hourly, ${exact(sql`b.on_demand`)} as "onDemand",
      ${exact(sql`b.monthly`)} as monthly
    from best b join accounts a on a.id = b.account_id
    order by max(b.on_demand - b.monthly) over (partition by b.account_id, b.region, b.family, b.os, b.software, b.tenancy, b.size) desc,
      b.account_id, b.region, b.family, b.os, b.software, b.tenancy, b.size, b.on_demand - b.monthly desc
    limit 400`)
  return [...rows]
}
