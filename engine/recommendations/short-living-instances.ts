/**
 * Instances that live for a few hours and go again are what spot capacity is made for.
 *
 * Reported when an instance was started and was gone again within the last `days_threshold` days, was charged for less
 * than six hours, and was no spot instance. Saving: 72 per cent of what the machine cost in that life, the discount AWS,
 * Azure and Alibaba speak of for spot capacity. It is the money of that life, not of a month: what starts such instances
 * again and again saves it again each time. Ends as changed settings, when its life falls out of the window.
 * Source: discovery (what lives) and the bill (hours, cost).
 */
import { sql, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { ago, recommendation, type Check } from './recommendation.ts'

const mostHours = 6
const discount = 0.72
const day = (check: Check, days: number): SQL => sql`(${ago(check, days)} at time zone 'UTC')::date`
const time = (label: string) => z.number().meta({ label, unit: 'time' })

export default recommendation({
  id: 'short_living_instances',
  title: 'Instances with spot opportunities',
  category: 'cost',
  advice: 'Start such instances as spot instances.',
  clouds: ['aws', 'azure', 'alibaba'],
  services: ['EC2', 'Azure Compute', 'ECS'],
  inputs: ['discovery Instance', 'bill', 'usage compute'],
  dismissable: false,
  excludable: true,
  options: z.object({
    days_threshold: z.number().int().min(1).max(365).default(3).meta({ label: 'Lived within the last', unit: 'days' }),
  }),
  evidence: z.object({
    total_cost: z.string().meta({ label: 'Cost of its life', unit: 'money' }),
    first_seen: time('Started'),
    last_seen: time('Gone'),
  }),
  find: (check, { days_threshold: days }) => sql`
    with lives as (
      select r.id, sum(u.effective) as machine, min(u.starts_at) as first_seen, max(u.ends_at) as last_seen
      from resources r join usage u on u.resource_id = r.id and u.kind = 'compute' and u.day >= ${day(check, days)}
      where r.org_id = ${check.orgId} and r.account_id = ${check.accountId} and r.type = 'Instance'
        and not r.active and not r.spot and r.first_seen_at >= ${day(check, days)}::timestamp at time zone 'UTC'
      group by r.id
      having sum(u.effective) > 0 and sum(case when u.unit ilike 'sec%' then u.quantity / 3600 else u.quantity end) < ${mostHours}::int
    )
    select l.id as resource_id, trim_scale(round(l.machine * ${discount}::numeric, 8)) as saving,
      jsonb_build_object('total_cost', trim_scale(sum(e.effective))::text,
        'first_seen', extract(epoch from l.first_seen)::bigint, 'last_seen', extract(epoch from l.last_seen)::bigint) as evidence
    from lives l join expenses e on e.resource_id = l.id
    group by l.id, l.machine, l.first_seen, l.last_seen having min(e.day) >= ${day(check, days)}`,
  ended: () => sql`'options_changed'`,
})
