import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { machineTypes, type MachineType } from '../schema/prices.ts'

/** Stores machine types; a known one gets the newer price. */
export async function upsertMachineTypes(db: Db, rows: MachineType[]): Promise<void> {
  if (rows.length === 0) return
  await db
    .insert(machineTypes)
    .values(rows)
    .onConflictDoUpdate({
      target: [machineTypes.cloud, machineTypes.region, machineTypes.name, machineTypes.os],
      set: {
        family: sql`excluded.family`,
        cpus: sql`excluded.cpus`,
        memoryGib: sql`excluded.memory_gib`,
        hourlyPrice: sql`excluded.hourly_price`,
        seenAt: sql`excluded.seen_at`,
      },
    })
}

/** Regions where the account has active instances and no machine type was stored since. */
export async function listRegionsWithoutPrices(
  db: Db,
  where: { orgId: string; accountId: string; cloud: string; since: Date },
): Promise<string[]> {
  const rows = await db.execute<{ region: string }>(sql`
    select distinct r.region from resources r
    where r.org_id = ${where.orgId} and r.account_id = ${where.accountId} and r.active and r.type = 'Instance'
      and not exists (select from machine_types m where m.cloud = ${where.cloud} and m.region = r.region
        and m.seen_at >= ${where.since.toISOString()}::timestamptz)
    order by r.region`)
  return rows.map((row) => row.region)
}
