/**
 * An image nobody starts instances from holds on to snapshots that cost money.
 *
 * Reported when it was made more than `days_threshold` days ago and no instance made from it was seen for as long.
 * Saving: what its snapshots cost per day on the bill since then, times the days of this month; the image itself is free.
 * A snapshot that an image in use needs too saves nothing, one that several unused images share counts by its share.
 * After the image is deregistered its snapshots are advised as obsolete by the next checks. Ends as applied when the
 * image is gone, as irrelevant when an instance was started from it. Source: discovery (images) and the bill (cost).
 */
import { sql, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { ago, instant, recommendation, type Check } from './recommendation.ts'

const snapshot = z.object({ cloud_resource_id: z.string(), resource_id: z.uuid(), cost: z.string() })
const images = (check: Check): SQL =>
  sql`i.org_id = ${check.orgId} and i.account_id = ${check.accountId} and i.kind = 'image' and i.active`

/** Images with when an instance of theirs was last seen, as rows `id, cloud_id, …, last_used, obsolete`. */
const judged = (check: Check, days: number): SQL => sql`
  select i.id, i.cloud_id, i.name, i.region, i.cloud_created_at, i.facts, used.last_used,
    coalesce(i.cloud_created_at < ${ago(check, days)} and (used.last_used is null or used.last_used < ${ago(check, days)}), false) as obsolete
  from inventory i left join (
    select r.facts->>'imageId' as image_id, max(r.last_seen_at) as last_used from resources r
    where r.account_id = ${check.accountId} and r.type = 'Instance' and r.facts ? 'imageId' group by 1
  ) used on used.image_id = i.cloud_id
  where ${images(check)}`

/** What a snapshot cost per day it was charged on since the threshold, as rows `id, resource_id, daily`. */
const snapshotDays = (check: Check, days: number): SQL => sql`
  select r.cloud_resource_id as id, r.id as resource_id, sum(e.effective) / count(distinct e.day) as daily
  from (select distinct snapshot_id from holds) h
  join resources r on r.account_id = ${check.accountId} and r.cloud_resource_id = h.snapshot_id and r.type = 'Snapshot'
  join expenses e on e.resource_id = r.id and e.day >= (${ago(check, days)} at time zone 'UTC')::date
  group by r.id having sum(e.effective) > 0`

export default recommendation({
  id: 'obsolete_images',
  title: 'Obsolete images',
  category: 'cost',
  advice: 'Deregister the image; then its snapshots can be deleted.',
  clouds: ['aws', 'alibaba'],
  services: ['EC2', 'ECS'],
  inputs: ['discovery image', 'discovery Instance', 'discovery Snapshot', 'bill'],
  dismissable: false,
  excludable: false,
  ownKey: true,
  options: z.object({
    days_threshold: z.number().int().min(0).max(365).default(7).meta({ label: 'Unused for', unit: 'days' }),
  }),
  evidence: z.object({
    cloud_resource_id: z.string().meta({ label: 'Image' }),
    name: z.string().meta({ label: 'Name' }),
    region: z.string().meta({ label: 'Region' }),
    first_seen: z.number().meta({ label: 'Made', unit: 'time' }),
    last_used: z.number().meta({ label: 'Last used', unit: 'time' }),
    snapshots: z.array(snapshot).meta({ label: 'Snapshots', unit: 'snapshots' }),
  }),
  find(check, { days_threshold: days }) {
    const monthDays = sql`extract(day from date_trunc('month', ${instant(check.now)} at time zone 'UTC') + interval '1 month' - interval '1 day')`
    const cost = sql`round(d.daily * ${monthDays} / h.holders, 8)`
    return sql`
      with judged as materialized (${judged(check, days)}),
        held as (select j.id, j.obsolete, jsonb_array_elements_text(j.facts->'snapshotIds') as snapshot_id from judged j),
        holds as materialized (
          select id, snapshot_id, bool_and(obsolete) over (partition by snapshot_id) as free,
            count(*) over (partition by snapshot_id) as holders from held
        ),
        costs as (${snapshotDays(check, days)}),
        freed as (
          select h.id, sum(${cost}) as saving, jsonb_agg(jsonb_build_object('cloud_resource_id', d.id,
            'resource_id', d.resource_id, 'cost', trim_scale(${cost})::text) order by d.id) as snapshots
          from holds h join costs d on d.id = h.snapshot_id where h.free group by h.id
        )
      select null::uuid as resource_id, j.cloud_id as key, trim_scale(freed.saving) as saving,
        jsonb_build_object('cloud_resource_id', j.cloud_id, 'name', j.name, 'region', j.region,
          'first_seen', extract(epoch from j.cloud_created_at)::bigint,
          'last_used', coalesce(extract(epoch from j.last_used)::bigint, 0), 'snapshots', freed.snapshots) as evidence
      from judged j join freed on freed.id = j.id where j.obsolete`
  },
  ended: (check, { days_threshold: days }) => sql`case
    when not exists (select from inventory i where ${images(check)} and i.cloud_id = f.key) then 'recommendation_applied'
    when exists (select from resources u where u.account_id = ${check.accountId} and u.type = 'Instance'
      and u.facts->>'imageId' = f.key and u.last_seen_at >= ${ago(check, days)}) then 'recommendation_irrelevant'
    else 'options_changed' end`,
})
