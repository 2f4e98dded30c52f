/**
 * What nothing used of savings plans. A fee line says how much was used, but real reports say 0 there although the lines
 * the plan covers used it up, and a report may lack those lines when other accounts used the plan. So the larger of the two
 * counts: what was used costs where it was used, the rest of the commitment costs on the plan, and both together are never
 * more than the commitment. Per plan and the days of a fee; the lines of a fee are used up one after the other.
 */
import type { Duck } from './duck.ts'

/** What fees promise to spend, as texts: few lines do, and a sum would take memory in every group. */
export const promises = ['committed', 'used_committed', 'used_committed_units']

/** SQL over a line of what `promises` are; '' in almost all. */
export const promised = promises.map(
  (name) => `if(${name} ${name === 'committed' ? '<> 0' : 'is not null'}, ${name}::varchar, '')`,
)

/** SQL over a group: what its lines promise together. A promise has up to twelve digits before the point. */
export const promisesOfGroup = promises
  .map((name) => `try_cast(nullif(t.${name}, '') as decimal(30, 18)) * cast(g.lines as decimal(8, 0)) as ${name}`)
  .join(', ')

/** A table of lines: its fees and what they covered by `plan`, and the first and last day of a row, all as SQL. */
type Lines = { table: string; fee: string; covered: string; plan: string; first: string; last: string }

/** Corrects `effective` of fees in `groups`. */
export const settleGroups = (duck: Duck): Promise<void> =>
  settle(duck, {
    ...{ table: 'groups', plan: 'commitment', first: 'first_day', last: 'first_day + (days - 1)::integer' },
    fee: `not bad and committed > 0 and commitment <> ''`,
    covered: `not bad and commitment_status = 'Used'`,
  })

/** The same in `used`. Fees of reservations say themselves what was not used, and FOCUS has lines for it: its fees cost nothing there. */
export const settleUsage = (duck: Duck): Promise<void> =>
  settle(duck, {
    ...{ table: 'used', plan: 'commitment', first: 'day', last: 'greatest(day, (ends_at - interval 1 second)::date)' },
    fee: `item = 'SavingsPlanRecurringFee' and committed > 0 and commitment <> ''`,
    covered: `item = 'SavingsPlanCoveredUsage'`,
  })

async function settle(duck: Duck, { table, fee, covered, plan, first, last }: Lines): Promise<void> {
  await duck.run(`
    with fees as (
      select rowid as id, period, ${plan} as plan, ${first} as first, ${last} as last, effective, committed,
        sum(committed) over (partition by period, ${plan}, ${first}, ${last} order by rowid) as so_far
      from ${table} where ${fee}
    ), spans as (select distinct period, plan, first, last from fees),
    use as (
      select s.period, s.plan, s.first, s.last, sum(c.effective) as cost
      from spans s join (
        select period, ${plan} as plan, ${first} as day, effective from ${table} where ${covered}
      ) c on c.period = s.period and c.plan = s.plan and c.day between s.first and s.last
      group by all
    )
    update ${table} set effective = f.unused from (
      select id, greatest(0, least(effective, greatest(0, so_far - cost) - greatest(0, so_far - committed - cost))) as unused
      from fees join use using (period, plan, first, last)
    ) f where ${table}.rowid = f.id`)
}
