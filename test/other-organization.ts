/** A second organization in a world, with one pool, account, resource and cost, so that tests can say it never shows up. */
import { insertOrganization } from '../db/queries/organizations.ts'
import type { Resource } from '../db/schema/resources.ts'
import { accounts } from '../db/schema/cloud-accounts.ts'
import { pools, type Pool } from '../db/schema/pools.ts'
import type { World } from './world.ts'

/** Makes the neighbours; their resource is called `secret-thing` and cost 777 on each of `days`. */
export async function neighbours(
  w: World,
  days: string[] = [],
): Promise<{ orgId: string; pool: Pool; resource: Resource; accountId: string }> {
  const { db } = w.database
  const org = await insertOrganization(db, { name: 'Neighbours', currency: 'USD' })
  const [pool] = await db.insert(pools).values({ orgId: org.id, name: 'Neighbours', monthlyLimit: '1' }).returning()
  const row = { orgId: org.id, name: 'theirs', cloud: 'aws' as const, cloudAccountId: '999999999999', poolId: pool!.id }
  const [account] = await db.insert(accounts).values(row).returning()
  const resource = await w.resource(account!, {
    orgId: org.id,
    poolId: pool!.id,
    cloudResourceId: 'i-0secret0secret0',
    name: 'secret-thing',
  })
  await w.spend(resource, Object.fromEntries(days.map((day) => [day, 777])))
  return { orgId: org.id, pool: pool!, resource, accountId: account!.id }
}
