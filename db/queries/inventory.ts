import { rawSql, type Db } from '../client.ts'
import type { InventoryKind } from '../vocabulary.ts'
import type { Vanished, Vanishing } from './discoveries.ts'

/** An item as `upsertItems` stores it. */
export type ItemRow = {
  cloudId: string
  kind: InventoryKind
  name: string
  region: string
  tags: Record<string, string>
  facts: Record<string, unknown>
  cloudCreatedAt: Date | null
  firstSeenAt: Date
}

/** Stores what discovery saw at `at` and makes it active. Each item once per call. */
export async function upsertItems(
  db: Db,
  where: { orgId: string; accountId: string; at: Date },
  seen: ItemRow[],
): Promise<void> {
  await rawSql(db)`
    insert into inventory as i (org_id, account_id, active, last_seen_at, first_seen_at, cloud_id, kind, name, region, tags,
      facts, cloud_created_at)
    select ${where.orgId}, ${where.accountId}, true, ${where.at.toISOString()}, s."firstSeenAt", s."cloudId", s.kind,
      s.name, s.region, s.tags, s.facts, s."cloudCreatedAt"
    from jsonb_to_recordset(${JSON.stringify(seen)}::text::jsonb) as s ("cloudId" text, kind text, name text, region text,
      tags jsonb, facts jsonb, "cloudCreatedAt" timestamptz, "firstSeenAt" timestamptz)
    order by s.kind, s."cloudId"
    on conflict (account_id, kind, cloud_id) do update set
      active = true, name = excluded.name, region = excluded.region, tags = excluded.tags, facts = excluded.facts,
      last_seen_at = greatest(i.last_seen_at, excluded.last_seen_at),
      first_seen_at = least(i.first_seen_at, excluded.first_seen_at),
      cloud_created_at = coalesce(excluded.cloud_created_at, i.cloud_created_at)`
}

/** What would become inactive: active items of the kind (`type`), by region, that are not among `ids`. */
export async function countVanishingItems(db: Db, where: Vanished): Promise<Vanishing[]> {
  const rows = await rawSql(db)`
    select i.region, count(*)::int as known, count(*) filter (where seen.id is null)::int as gone
    from inventory i left join unnest(${where.ids}::text[]) as seen (id) on seen.id = i.cloud_id
    where i.account_id = ${where.accountId} and i.kind = ${where.type} and i.active
      and i.region = any(${where.regions}::text[])
    group by i.region order by i.region`
  return rows.map((row) => ({ region: row.region as string, known: row.known as number, gone: row.gone as number }))
}

/** Makes active items of the kind (`type`) in these regions inactive that are not among `ids`; returns how many. */
export async function setVanishedItemsInactive(db: Db, where: Vanished): Promise<number> {
  const gone = await rawSql(db)`
    update inventory i set active = false
    where i.account_id = ${where.accountId} and i.kind = ${where.type} and i.active
      and i.region = any(${where.regions}::text[])
      and not exists (select from unnest(${where.ids}::text[]) as seen (id) where seen.id = i.cloud_id)`
  return gone.count
}
