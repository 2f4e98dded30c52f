/** What commitments cover of machine time and what they waste. Amounts are exact, in the organization's currency. */
import { sql, type SQL } from 'drizzle-orm'
import type { Db } from '../client.ts'
import type { Cover } from '../vocabulary.ts'
import { familyOf } from './coverage-days.ts'
import { commitmentUse, type UseWhere } from './commitment-use.ts'

export type CoverageWhere = UseWhere & { accountId?: string }

/** Hours and costs of one day, account, family, region, or of all. `…Waste` is what was paid for nothing, by the owner. */
export type CoverageSum = {
  level: 'all' | 'day' | 'account' | 'family' | 'region'
  /** The day, the family or the region; of accounts the sub-account's number. */
  key: string | null
  accountId: string | null
  accountName: string | null
  cloudAccountId: string | null
  hours: string
  riHours: string
  spHours: string
  normalized: string
  riNormalized: string
  spNormalized: string
  /** On-demand cost of what nothing covers. */
  uncovered: string
  riCost: string
  riList: string
  spCost: string
  spList: string
  riWaste: string
  riWasteHours: string
  spWaste: string
  spWasteHours: string
}

const levels = ['day', 'account', 'family', 'region', 'all'] as const

const of = (cover: Cover, column: SQL): SQL => sql`coalesce(sum(${column}) filter (where cover = ${cover}), 0)`

/** Everything of a range at once: the total, and per day, account, family and region. Reads the rollup by organization and day. */
export async function listCoverage(db: Db, where: CoverageWhere): Promise<CoverageSum[]> {
  const { orgId, from, to, accountId } = where
  const whose = accountId ? sql`f.account_id = ${accountId}` : sql`true`
  const nothing = sql`0 as hours, 0 as normalized, 0 as cost, 0 as list`
  const rows = await db.execute<Omit<CoverageSum, 'level'> & { level: number }>(sql`
    with facts as (
      select day, account_id, sub_account, family, region, cover, hours, normalized, cost, list, 0 as waste, 0 as waste_hours
      from coverage_days where org_id = ${orgId} and day between ${from} and ${to} and kind <> 'commitment'
      union all
      select day, account_id, sub_account, ${familyOf(sql`flavor`)}, region, cover, ${nothing}, waste, waste_hours
      from ${commitmentUse(where)} w where waste > 0
    ), sums as (
      select case when grouping(f.day) = 0 then 0 when grouping(f.account_id) = 0 then 1 when grouping(f.family) = 0 then 2
          when grouping(f.region) = 0 then 3 else 4 end as level,
        coalesce(f.day::text, f.sub_account, f.family, f.region) as key, f.account_id,
        coalesce(sum(hours), 0) as hours, ${of('ri', sql`hours`)} as ri_hours, ${of('sp', sql`hours`)} as sp_hours,
        coalesce(sum(normalized), 0) as normalized, ${of('ri', sql`normalized`)} as ri_normalized,
        ${of('sp', sql`normalized`)} as sp_normalized, ${of('none', sql`list`)} as uncovered,
        ${of('ri', sql`cost`)} as ri_cost, ${of('ri', sql`list`)} as ri_list,
        ${of('sp', sql`cost`)} as sp_cost, ${of('sp', sql`list`)} as sp_list,
        ${of('ri', sql`waste`)} as ri_waste, ${of('ri', sql`waste_hours`)} as ri_waste_hours,
        ${of('sp', sql`waste`)} as sp_waste, ${of('sp', sql`waste_hours`)} as sp_waste_hours
      from facts f where ${whose}
      group by grouping sets ((), (f.day), (f.account_id, f.sub_account), (f.family), (f.region))
    )
    select s.level, s.key, s.account_id as "accountId", a.name as "accountName", a.cloud_account_id as "cloudAccountId",
      ${exact({ hours: 'hours', riHours: 'ri_hours', spHours: 'sp_hours', normalized: 'normalized' })},
      ${exact({ riNormalized: 'ri_normalized', spNormalized: 'sp_normalized', uncovered: 'uncovered', riCost: 'ri_cost' })},
      ${exact({ riList: 'ri_list', spCost: 'sp_cost', spList: 'sp_list', riWaste: 'ri_waste', spWaste: 'sp_waste' })},
      ${exact({ riWasteHours: 'ri_waste_hours', spWasteHours: 'sp_waste_hours' })}
    from sums s left join accounts a on a.id = s.account_id
    order by s.level, case when s.level = 0 then s.key end, s.uncovered + s.ri_cost + s.sp_cost + s.ri_waste + s.sp_waste desc, s.key`)
  return rows.map((row) => ({ ...row, level: levels[row.level]! }))
}

/** Ten decimals are more than any bill says; a division may give more. */
const exact = (columns: Record<string, string>): SQL =>
  sql.join(
    Object.entries(columns).map(
      ([name, column]) => sql`trim_scale(round(s.${sql.raw(column)}, 10))::text as ${sql.raw(`"${name}"`)}`,
    ),
    sql`, `,
  )

/** A reservation or plan in a range. `expected` is what it cost whether used or not, null when the bill does not say. */
export type CommitmentRow = {
  commitment: string
  cover: 'ri' | 'sp'
  accountName: string
  subAccount: string
  resourceId: string | null
  region: string
  flavor: string
  facts: Record<string, unknown>
  expected: string | null
  used: string
  /** What was used on the days with a known cost. */
  measured: string | null
  list: string
  hours: string
  waste: string
  /** Hours of `flavor` the waste would have paid for; null when no price of an hour is known. */
  wasteHours: string | null
}

/** Commitments with a cost or a use in the range, those that waste most first. */
export async function listCommitments(db: Db, where: CoverageWhere): Promise<CommitmentRow[]> {
  const { orgId, accountId } = where
  const whose = accountId ? sql`u.account_id = ${accountId}` : sql`true`
  const amount = (sum: SQL): SQL => sql`trim_scale(round(${sum}, 10))::text`
  const rows = await db.execute<CommitmentRow>(sql`
    select u.commitment, u.cover, a.name as "accountName", u.sub_account as "subAccount", r.id as "resourceId",
      coalesce(nullif(r.region, ''), u.region) as region, u.flavor, coalesce(r.facts, '{}') as facts, u.expected, u.used,
      u.measured, u.list, u.hours, u.waste, u."wasteHours"
    from (
      select commitment, cover, account_id, sub_account, region, flavor, ${amount(sql`sum(expected)`)} as expected,
        ${amount(sql`sum(used)`)} as used, ${amount(sql`sum(used) filter (where expected is not null)`)} as measured, ${amount(sql`sum(list)`)} as list, ${amount(sql`sum(hours)`)} as hours,
        ${amount(sql`sum(waste)`)} as waste, ${amount(sql`sum(waste_hours)`)} as "wasteHours", sum(waste) as wasted
      from ${commitmentUse(where)} d group by commitment, cover, account_id, sub_account, region, flavor
    ) u
    join accounts a on a.id = u.account_id and a.org_id = ${orgId}
    left join lateral (
      select r.id, r.region, r.facts from resources r
      where r.cloud_resource_id = u.commitment and r.account_id in (
        select u.account_id union select l.id from accounts l where l.payer_ids @> array[u.account_id])
      order by r.account_id = u.account_id, r.id limit 1
    ) r on true
    where ${whose}
    order by u.wasted desc, u.commitment limit 500`)
  return [...rows]
}

/** The last day anything was billed in hours; null before the first bill. */
export async function findCoverageDay(db: Db, where: { orgId: string; today: string }): Promise<string | null> {
  const [row] = await db.execute<{ day: string | null }>(sql`
    select max(day)::text as day from coverage_days where org_id = ${where.orgId} and day <= ${where.today}`)
  return row?.day ?? null
}

/** Organizations with reservations or plans. */
export async function listOrganizationsWithCommitments(db: Db): Promise<string[]> {
  const rows = await db.execute<{ orgId: string }>(sql`
    select distinct org_id as "orgId" from resources where type in ('Savings Plan', 'Reserved Instances')`)
  return rows.map(({ orgId }) => orgId)
}
