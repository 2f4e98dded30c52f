/**
 * A snapshot nothing needs any more still costs money.
 *
 * Reported when its source volume is gone, no image of the account is made from it, and no volume made from it was seen
 * for `days_threshold` days. Saving: its cost per day over the 30 days before that time, times 30; what cost nothing then
 * is too new to judge. Ends as applied when the snapshot is gone, as irrelevant when an image or a volume uses it again.
 * Source: discovery (snapshots, volumes, images) and the bill (cost).
 */
import { sql, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { ago, recommendation, seenNow, type Check } from './recommendation.ts'
import { dayAsTime, snapshotCosts } from './shared/snapshot-saving.ts'

/** Volumes that live or lived within `days`, and the ids of snapshots that they and images are made from. */
const uses = (check: Check, days: number): SQL => sql`
  volumes as materialized (
    select v.cloud_resource_id as id, v.facts->>'snapshotId' as made_from, v.active, v.last_seen_at >= ${ago(check, days)} as lately
    from resources v where v.account_id = ${check.accountId} and v.type = 'Volume' and (v.active or v.last_seen_at >= ${ago(check, days)})
  ), sources as materialized (
    select jsonb_array_elements_text(i.facts->'snapshotIds') as id from inventory i
    where i.account_id = ${check.accountId} and i.kind = 'image' and i.active
    union select made_from from volumes where lately and made_from is not null
  )`

const image = sql`exists (select from inventory i where i.account_id = r.account_id and i.kind = 'image' and i.active
  and i.facts->'snapshotIds' ? r.cloud_resource_id)`
const volume = (check: Check, days: number): SQL => sql`exists (select from resources v
  where v.account_id = r.account_id and v.type = 'Volume' and (
    v.facts->>'snapshotId' = r.cloud_resource_id and v.last_seen_at >= ${ago(check, days)}
    or v.cloud_resource_id = r.facts->>'volumeId' and v.active))`

export default recommendation({
  id: 'obsolete_snapshots',
  title: 'Obsolete snapshots',
  category: 'cost',
  advice: 'Delete the snapshot.',
  clouds: ['aws'],
  services: ['EC2'],
  inputs: ['discovery Snapshot', 'discovery Volume', 'discovery image', 'bill'],
  dismissable: true,
  excludable: true,
  options: z.object({
    days_threshold: z.number().int().min(0).max(365).default(4).meta({ label: 'Unused for', unit: 'days' }),
  }),
  evidence: z.object({
    first_seen: z.number().meta({ label: 'First charged', unit: 'time' }),
    last_seen: z.number().meta({ label: 'Charged until', unit: 'time' }),
    last_used: z.number().meta({ label: 'Last used', unit: 'time' }),
  }),
  find: (check, { days_threshold: days }) => sql`
    with ${uses(check, days)},
      idle as materialized (
        select r.id, r.last_used_at from resources r
        left join volumes v on v.id = r.facts->>'volumeId' and v.active
        left join sources s on s.id = r.cloud_resource_id
        where ${seenNow(check, 'Snapshot')} and v.id is null and s.id is null
          and (r.last_used_at is null or r.last_used_at < ${ago(check, days)})
      ),
      costs as (${snapshotCosts(check, days, sql`idle`)})
    select idle.id as resource_id, costs.saving,
      jsonb_build_object('first_seen', ${dayAsTime(sql`costs.first_day`)}, 'last_seen', ${dayAsTime(sql`(costs.last_day + 1)`)},
        'last_used', coalesce(extract(epoch from idle.last_used_at)::bigint, 0)) as evidence
    from idle join costs on costs.id = idle.id`,
  ended: (check, { days_threshold: days }) => sql`case
    when r.active is not true then 'recommendation_applied'
    when ${image} or ${volume(check, days)} then 'recommendation_irrelevant'
    else 'options_changed' end`,
})
