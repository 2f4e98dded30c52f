/** What commitments cost every day, used or not. A relation for the queries about coverage. */
import { sql, type SQL } from 'drizzle-orm'
import { unitsOf } from './coverage-days.ts'

/** Both days included; `today` ends what was paid ahead. */
export type UseWhere = { orgId: string; from: string; to: string; today: string }

/**
 * The last whole day anything was billed in hours: fees of a whole month lie ahead of it. The newest day of a bill has not
 * all its hours yet, unless nothing came after it for three days.
 */
const lastDay = ({ orgId, to, today }: UseWhere): SQL => sql`(
  select least(${to}::date, coalesce(max(day) - (max(day) > ${today}::date - 3)::int, ${today}::date - 1))
  from coverage_days where org_id = ${orgId} and day <= ${today})`

/** Fees `f` with their span; a bill ends a day at 23:59:59 or at midnight. Purchases of a month bill on its first day. */
const fees = ({ orgId, from, to }: UseWhere): SQL => sql`
  select f.commitment, f.account_id, f.sub_account, f.region, f.flavor, f.item, f.effective, f.committed,
    f.committed_units / nullif(coalesce(f.normalization, ${unitsOf(sql`f.flavor`)}), 0) as committed_hours,
    f.starts_at at time zone 'UTC' as starts, greatest(date_trunc('minute', f.ends_at at time zone 'UTC' + interval '59 seconds'),
      f.starts_at at time zone 'UTC' + interval '1 second') as ends
  from usage f
  where f.org_id = ${orgId} and f.kind = 'commitment' and f.commitment <> ''
    and f.item in ('RIFee', 'SavingsPlanRecurringFee', 'Unused')
    and f.day between date_trunc('month', ${from}::date) and ${to}`

/**
 * One row per commitment and day in the range: `day, commitment, cover, account_id, sub_account, region, flavor, expected,
 * used, list, hours, waste, waste_hours`. The owner is where the fee is billed, else where it is used. `expected` is its
 * cost that day: fees spread evenly over the hours they are for; where the bill says what was unused (FOCUS), that and
 * what was used; null when the bill says neither. `waste_hours` are hours of `flavor`: of the reservation's own machine
 * type, or of the type a plan covered most; null when no price of an hour is known.
 */
export const commitmentUse = (where: UseWhere): SQL => sql`(
  with fees as materialized (${fees(where)}), owners as (
    select commitment, max(account_id::text)::uuid as account_id, max(sub_account) as sub_account, max(region) as region,
      max(flavor) filter (where item = 'RIFee') as flavor, max(case item when 'RIFee' then 'ri' when 'Unused' then null else 'sp' end) as cover,
      sum(committed) filter (where item = 'RIFee') / nullif(sum(committed_hours) filter (where item = 'RIFee'), 0) as rate
    from fees group by commitment
  ), spread as (
    select f.commitment, d::date as day, sum(f.committed * seconds / total) filter (where f.item <> 'Unused') as fee,
      sum(f.effective * seconds / total) filter (where f.item = 'Unused') as unused
    from fees f
    cross join generate_series(date_trunc('day', f.starts), f.ends - interval '1 microsecond', interval '1 day') d
    cross join lateral (select extract(epoch from f.ends - f.starts) as total,
      extract(epoch from least(f.ends, d + interval '1 day') - greatest(f.starts, d)) as seconds) share
    where d::date between ${where.from} and ${lastDay(where)}
    group by 1, 2
  ), uses as materialized (
    select commitment, day, cover, account_id, sub_account, region, flavor, sum(cost) as cost, sum(list) as list,
      sum(hours) as hours, sum(normalized) as normalized
    from coverage_days
    where org_id = ${where.orgId} and day between ${where.from} and ${where.to} and cover <> 'none' and commitment <> ''
    group by commitment, day, cover, account_id, sub_account, region, flavor
  ), users as (
    select distinct on (commitment) commitment, account_id, sub_account, cover, flavor,
      sum(sum(cost)) over (partition by commitment) / nullif(sum(sum(hours)) over (partition by commitment), 0) as rate
    from uses group by commitment, account_id, sub_account, cover, flavor
    order by commitment, sum(hours) desc, flavor
  ), used as (
    select commitment, day, sum(cost) as cost, sum(list) as list, sum(hours) as hours, sum(normalized) as normalized
    from uses group by commitment, day
  ), days as (
    select coalesce(s.day, u.day) as day, commitment, coalesce(o.cover, w.cover, 'ri') as cover,
      coalesce(o.account_id, w.account_id) as account_id, coalesce(o.sub_account, w.sub_account) as sub_account,
      coalesce(o.region, '') as region, coalesce(nullif(o.flavor, ''), w.flavor, '') as flavor,
      case when s.unused is not null then s.unused + coalesce(u.cost, 0) else s.fee end as expected,
      coalesce(u.cost, 0) as used, coalesce(u.list, 0) as list, coalesce(u.hours, 0) as hours,
      case when coalesce(o.cover, w.cover) = 'sp' then coalesce(u.cost / nullif(u.hours, 0), w.rate)
        else coalesce(o.rate, u.cost / nullif(u.normalized, 0) * ${unitsOf(sql`coalesce(nullif(o.flavor, ''), w.flavor, '')`)}) end as rate
    from spread s full join used u using (commitment, day)
    left join owners o using (commitment) left join users w using (commitment)
  )
  select day, commitment, cover, account_id, sub_account, region, flavor, expected, used, list, hours,
    greatest(coalesce(expected, 0) - used, 0) as waste,
    case when coalesce(expected, 0) <= used then 0 else (expected - used) / nullif(rate, 0) end as waste_hours
  from days
)`
