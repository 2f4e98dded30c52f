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
