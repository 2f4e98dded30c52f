/** A world with buckets: objects in the stand-in, bucket resources in the organization, storage cost on the bill. */
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import type { Resource } from '../../../db/schema/resources.ts'
import type { SandboxObject } from '../../../integrations/sandbox/aws-state.ts'
import { cloudWorld, type CloudWorld } from '../cloud-world.ts'

/** Key, checksum and size of an object; its body is not needed to list it. */
export type Item = [key: string, etag: string, size: number]

export type BucketsWorld = CloudWorld & {
  main: Account
  /** Puts a bucket with these objects into the stand-in and the organization; with a daily cost it is on the bill. */
  bucket: (name: string, items: Item[], more?: { daily?: string; account?: Account }) => Promise<Resource>
}

export const objectsOf = (items: Item[]): Map<string, SandboxObject> =>
  new Map(
    items.map(([key, etag, size]) => [
      key,
      { body: Buffer.alloc(0), lastModified: new Date(0), etag: `"${etag}"`, size },
    ]),
  )

/** Costs lie on 2026-11-20, three days before the world's now. */
export async function bucketsWorld(): Promise<BucketsWorld> {
  const w = await cloudWorld()
  const main = await w.connected()
  return {
    ...w,
    main,
    async bucket(name, items, { daily, account: own = main } = {}) {
      w.aws.state.buckets[name] = objectsOf(items)
      const made = await w.resource(own, { cloudResourceId: name, name, type: 'Bucket', region: 'us-east-1' })
      if (daily !== undefined) await storageCost(w, made, { day: '2026-11-20', cost: daily })
      return made
    },
  }
}

/** One storage line on the bill. */
export async function storageCost(
  w: CloudWorld,
  { orgId, accountId, id }: Resource,
  { day, cost, unit = 'GB-Mo' }: { day: string; cost: string; unit?: string },
): Promise<void> {
  const { sql } = w.database
  await sql`select ensure_months('usage', ${day}::date, ${day}::date)`
  await sql`insert into usage ${sql({
    ...{ org_id: orgId, account_id: accountId, period: `${day.slice(0, 7)}-01`, day, resource_id: id, kind: 'storage' },
    ...{ item: 'Usage', unit, quantity: '1', billed: '0', effective: cost, list: cost, lines: 1 },
    ...{ starts_at: `${day}T00:00:00Z`, ends_at: `${day}T01:00:00Z` },
  })}`
}
