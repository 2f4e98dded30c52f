import { rawSql, type Db } from '../client.ts'
import type { InventoryKind } from '../vocabulary.ts'

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
