import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'

/**
 * Notes at `at` which snapshots of an account are needed now, because clouds do not say when one last was: its source
 * volume lives, an image is made from it, or a volume made from it lives. Returns how many.
 */
export async function setSnapshotsUsed(db: Db, where: { orgId: string; accountId: string; at: Date }): Promise<number> {
  const { orgId, accountId } = where
  const used = await db.execute(sql`
    with needed as (
      select jsonb_array_elements_text(i.facts->'snapshotIds') as id from inventory i
      where i.account_id = ${accountId} and i.kind = 'image' and i.active
      union
      select v.facts->>'snapshotId' from resources v
      where v.account_id = ${accountId} and v.type = 'Volume' and v.active and v.facts ? 'snapshotId'
      union
      select s.cloud_resource_id from resources s join resources v on v.account_id = s.account_id and v.type = 'Volume'
        and v.cloud_resource_id = s.facts->>'volumeId' and v.active
      where s.account_id = ${accountId} and s.type = 'Snapshot'
    )
    update resources r set last_used_at = greatest(r.last_used_at, ${where.at.toISOString()}::timestamptz)
    from needed n
    where r.org_id = ${orgId} and r.account_id = ${accountId} and r.type = 'Snapshot' and r.cloud_resource_id = n.id`)
  return used.count
}
