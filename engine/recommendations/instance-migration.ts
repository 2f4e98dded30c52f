/**
 * The same machine may cost less in a region nearby.
 *
 * Reported when an instance that is no spot instance has a machine type that another region of the same continent sells
 * cheaper, same system and edition; government and Chinese regions are places of their own. The advice is the cheapest
 * of them. Saving: the instance's compute cost per 30 days times the difference of the two list prices (in USD
 * organizations at most that difference itself). Data that moves between regions costs too: look at it before moving.
 * Ends as applied when the instance is gone, else when prices or settings changed. Source: the bill and price lists.
 */
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { recommendation, seenNow } from './recommendation.ts'
import { currentFlavor, monthlyBasis, sameSystem } from './shared/flavors.ts'
import { computeCosts } from './shared/machine-usage.ts'

/** The bill of these days says what it costs; an instance without a line in them is not running. */
const lookBackDays = 10

export default recommendation({
  id: 'instance_migration',
  title: 'Instances with migration opportunities',
  category: 'cost',
  advice: 'Move the instance to the recommended region.',
  clouds: ['aws', 'alibaba'],
  services: ['EC2', 'ECS'],
  inputs: ['discovery Instance', 'bill', 'usage compute', 'prices machines', 'prices nearby'],
  dismissable: true,
  excludable: true,
  options: z.object({}),
  evidence: z.object({
    flavor: z.string().meta({ label: 'Machine type' }),
    current_region: z.string().meta({ label: 'Region now' }),
    recommended_region: z.string().meta({ label: 'Recommended region' }),
  }),
  find: (check) => {
    const candidates = sql`${seenNow(check, 'Instance')} and not r.spot`
    return sql`
    with cheaper as (
      select r.id, c.name, c.region, n.region as there, c.hourly_price, 1 - n.hourly_price / c.hourly_price as share
      from resources r
      join lateral ${currentFlavor(check)} c on c.hourly_price > 0
      join cloud_regions here on here.cloud = ${check.cloud} and here.region = r.region
      join lateral (
        select t.region, t.hourly_price from machine_types t
        join cloud_regions g on g.cloud = t.cloud and g.region = t.region
          and g.continent = here.continent and g.partition = here.partition
        where ${sameSystem(check, sql`c`)} and t.name = c.name
        order by t.hourly_price, t.region = c.region desc, t.region limit 1
      ) n on n.region <> c.region and n.hourly_price < c.hourly_price
      where ${candidates}
    ), costs as (${computeCosts(check, lookBackDays, sql`(select r.id from resources r where ${candidates})`)})
    select cheaper.id as resource_id, s.saving,
      jsonb_build_object('flavor', cheaper.name, 'current_region', cheaper.region, 'recommended_region', cheaper.there) as evidence
    from cheaper join costs on costs.id = cheaper.id
    cross join lateral (
      select trim_scale(round(${monthlyBasis(check, sql`costs.daily`, sql`cheaper.hourly_price`)} * cheaper.share, 2)) as saving
    ) s
    where s.saving > 0`
  },
  ended: () => sql`case when r.active is not true then 'recommendation_applied' else 'options_changed' end`,
})
