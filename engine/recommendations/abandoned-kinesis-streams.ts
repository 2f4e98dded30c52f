/**
 * A Kinesis stream with provisioned shards that nobody writes to or reads from costs money every hour.
 *
 * Reported when it exists for `days_threshold` days and the bill shows nothing for it over that time but the hours of its
 * shards, priced on demand; the time is counted back from the day of the last bill. Saving: its shards by their price per
 * hour, for 30 days, as its last complete day charges them: one that ended a day before the last bill, because later days
 * may be billed in part. Ends as applied when the stream is gone from the bill, as failed when its price model changed, as
 * irrelevant when it is used again. Source: the bill.
 */
import { sql, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { recommendation, type Check } from './recommendation.ts'
import { billingAccounts } from './shared/billing-accounts.ts'

const hoursPerMonth = 720
/** A stream whose newest line is older than this before the last bill is gone. */
const alive = sql`interval '2 days'`
const imported = (
  check: Check,
): SQL => sql`(select date_trunc('day', max(b.last_import_at) at time zone 'UTC') at time zone 'UTC'
  from ${billingAccounts(check)} b)`
const since = (check: Check, days: number): SQL => sql`(${imported(check)} - make_interval(days => ${days}::int))`
/** AWS bills a day's use within the next one, so a day is complete when a whole day lies between it and that of the bill. */
const completeUntil = (check: Check): SQL => sql`((${imported(check)} at time zone 'UTC')::date - 2)`
const lines = (check: Check, days: number): SQL => sql`u.org_id = ${check.orgId}
  and u.resource_id in (select s.id from resources s where s.account_id = ${check.accountId} and s.type = 'Kinesis Stream')
  and u.kind = 'stream' and u.effective > 0 and u.ends_at > ${since(check, days)}
  and u.day >= (${since(check, days)} at time zone 'UTC')::date - 1`
const isShardHour = (alias: string): SQL =>
  sql`${sql.raw(alias)}.kind = 'stream' and ${sql.raw(alias)}.operation = 'shardHourStorage'`
const only = (column: string, value: string): SQL => sql`bool_and(u.${sql.raw(column)} = ${value}) and count(*) > 0`

export default recommendation({
  id: 'abandoned_kinesis_streams',
  title: 'Abandoned Kinesis streams',
  category: 'cost',
  advice: 'Delete the stream.',
  clouds: ['aws'],
  services: ['Kinesis'],
  inputs: ['bill', 'usage stream'],
  dismissable: true,
  excludable: true,
  options: z.object({
    days_threshold: z.number().int().min(1).max(365).default(7).meta({ label: 'Unused for', unit: 'days' }),
  }),
  evidence: z.object({
    shardhours_capacity: z.number().meta({ label: 'Shards', unit: 'shards' }),
    shardhours_price: z.string().meta({ label: 'Cost per hour', unit: 'money' }),
  }),
  find: (check, { days_threshold: days }) => sql`
    with idle as (
      select u.resource_id, (select max(c.day) from usage c where c.resource_id = u.resource_id and ${isShardHour('c')}
        and c.day <= ${completeUntil(check)}) as newest
      from usage u where ${lines(check, days)} group by u.resource_id
      having ${only('operation', 'shardHourStorage')} and ${only('term', 'OnDemand')}
        and max(u.ends_at) >= ${imported(check)} - ${alive}
    ), shards as (
      select idle.resource_id, sum(u.effective) / hours.count as per_hour,
        floor(sum(u.effective) / hours.count / max(u.rate)) as shards, max(u.rate) as price
      from idle join usage u on u.resource_id = idle.resource_id and u.day = idle.newest and ${isShardHour('u')}
      cross join lateral (
        select floor(extract(epoch from max(n.ends_at) - min(n.starts_at)) / 3600) as count from usage n
        where n.resource_id = idle.resource_id and n.day = idle.newest and ${isShardHour('n')}
      ) hours
      where hours.count >= 1 and u.rate > 0 group by idle.resource_id, hours.count
    )
    select s.resource_id, trim_scale(round(s.shards * s.price * ${hoursPerMonth}::int, 8)) as saving,
      jsonb_build_object('shardhours_capacity', s.shards::int, 'shardhours_price', trim_scale(round(s.per_hour, 8))::text) as evidence
    from shards s join resources r on r.id = s.resource_id
    where s.shards > 0 and r.first_seen_at <= ${since(check, days)}`,
  ended: (check, { days_threshold: days }) => sql`(select case
      when count(*) = 0 or max(u.ends_at) < ${imported(check)} - ${alive} then 'recommendation_applied'
      when not bool_and(u.term = 'OnDemand') then 'failed_dependency'
      when not bool_and(u.operation = 'shardHourStorage') then 'recommendation_irrelevant'
      else 'options_changed' end
    from usage u where u.resource_id = f.resource_id and ${lines(check, days)})`,
})
