/** The rollup of who paid for machine time: made anew from `usage` whenever a billing period is replaced. */
import { sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client.ts'

/** `period` is the first day of the billing period's month. */
type Scope = { orgId: string; accountId: string; period: string }

/** The size of a machine type: `m5.2xlarge` → `2xlarge`. */
const size = (flavor: SQL): SQL => sql`split_part(${flavor}, '.', -1)`

/**
 * Normalized units an hour of a machine type counts for a reservation: from 0.25 for `nano` to 8·N for `Nxlarge`, also of
 * `metal-24xl`; databases and what has no size count 1. Source: AWS, instance size flexibility.
 */
export const unitsOf = (flavor: SQL): SQL => sql`(case when ${flavor} like 'db.%' then 1 else case ${size(flavor)}
  when 'nano' then 0.25 when 'micro' then 0.5 when 'small' then 1 when 'medium' then 2 when 'large' then 4 when 'xlarge' then 8
  else coalesce(8 * substring(${size(flavor)} from '^(?:metal-)?([0-9]{1,3})xl(?:arge)?$')::numeric, 1) end end)`

/** The machine type without its size: `db.r5.large` → `db.r5`. */
export const familyOf = (flavor: SQL): SQL => sql`(case when strpos(${flavor}, '.') > 0
  then left(${flavor}, length(${flavor}) - length(${size(flavor)}) - 1) else '' end)`

/** Makes the rollup of a billing period from its usage. Call it after `usage` was replaced, in the same transaction. */
export async function replaceCoverage(db: Db, scope: Scope): Promise<void> {
  const { accountId, period } = scope
  await deleteCoverage(db, scope)
  const hours = sql`(case when unit ilike '%second%' then quantity / 3600 else quantity end)`
  const flavor = sql`flavor`
  // Millions of lines are added up by their own columns first; words are taken apart for the few sums that are left.
  // Sorted by a dozen texts that takes twice as long as hashed, and the planner would sort.
  const sorting = (on: boolean) => db.execute(sql`select set_config('enable_sort', ${on ? 'on' : 'off'}, true)`)
  await sorting(false)
  await db.execute(sql`
    insert into coverage_days (org_id, account_id, period, day, sub_account, kind, cover, commitment, flavor, family, os,
      software, tenancy, region, hours, normalized, cost, list)
    select ${scope.orgId}, ${accountId}, ${period}, day, sub_account, kind,
      case item when 'DiscountedUsage' then 'ri' when 'SavingsPlanCoveredUsage' then 'sp' else 'none' end,
      case when item = 'Usage' then '' else commitment end, flavor, ${familyOf(flavor)}, os, software, tenancy, region,
      trim_scale(sum(${hours})), trim_scale(sum(${hours} * coalesce(normalization, ${unitsOf(flavor)}))),
      trim_scale(sum(cost)), trim_scale(sum(list))
    from (
      select day, sub_account, kind, item, commitment, flavor, os, software, tenancy, region, unit, normalization,
        sum(quantity) as quantity, sum(effective) as cost, sum(list) as list
      from usage
      where account_id = ${accountId} and period = ${period} and (kind in ('compute', 'database')
          and item in ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage')
        or kind = 'commitment' and item in ('DiscountedUsage', 'SavingsPlanCoveredUsage'))
      group by day, sub_account, kind, item, commitment, flavor, os, software, tenancy, region, unit, normalization
    ) u
    group by day, sub_account, kind, item, 8, flavor, os, software, tenancy, region`)
  await sorting(true)
}

/** Takes the rollup of a billing period away. */
export async function deleteCoverage(db: Db, { accountId, period }: Scope): Promise<void> {
  await db.execute(sql`delete from coverage_days where account_id = ${accountId} and period = ${period}`)
}
