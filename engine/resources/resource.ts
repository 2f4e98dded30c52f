import { listConstraintsOf, type ConstraintState } from '../../db/queries/constraints.ts'
import { listPools } from '../../db/queries/pools.ts'
import {
  listResourceMoney,
  listResourcePlaces,
  type ResourceMoney,
  type ResourcePlace,
} from '../../db/queries/resource-facts.ts'
import { listResourcesByIds } from '../../db/queries/resources.ts'
import type { Resource } from '../../db/schema/resources.ts'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import type { Amount } from '../money.ts'
import { readPower, type PowerOf } from '../power/power-of.ts'
import { dataThrough } from '../spend/breakdown.ts'
import { addDays, dayOf, monthOf } from '../time.ts'

/** Everything a card about a resource shows. Money is amortized, in the organization's currency. */
export type ResourceFacts = {
  resource: Resource
  /** The name, or the cloud's id where it has none. */
  title: string
  account: { name: string; cloud: ResourcePlace['cloud'] }
  pool: { id: string; name: string; path: string }
  owner: { id: string; name: string } | null
  /** Average of the last full days with billing data, seven at most. */
  perDay: Amount
  /** This month so far. */
  month: Amount
  ttl: ConstraintState
  dailyLimit: ConstraintState
  findings: { count: number; saving: Amount }
  environment: { id: string; name: string; heldBy: { id: string; name: string } | null; until: Date | null } | null
  /** The power schedule it follows; null without one. */
  power: PowerOf | null
  /** False when the cloud says it is gone; resources known from a bill only are never said to be gone. */
  present: boolean
  through: Date | null
}

/** The facts of one resource, or NotFound. */
export async function readResource(ctx: Context, resourceId: string): Promise<ResourceFacts> {
  const [facts] = await readResources(ctx, [resourceId])
  if (!facts)
    throw notFound('There is no such resource in this organization.', { next: 'Look it up by its id or name.' })
  return facts
}

/** The facts of several resources in the order of `ids`; unknown ids are left out. A fixed number of queries. */
export async function readResources(ctx: Context, ids: string[]): Promise<ResourceFacts[]> {
  await assertCan(ctx, 'see_costs')
  const { orgId } = ctx
  const [now, through] = [ctx.now(), await dataThrough(ctx)]
  const [today, yesterday] = [dayOf(now), addDays(dayOf(now), -1)]
  const lastDay = through && dayOf(through) < yesterday ? dayOf(through) : yesterday
  const [resources, constraints, money, places, pools, power] = await Promise.all([
    listResourcesByIds(ctx.db, { orgId, ids }),
    listConstraintsOf(ctx.db, { orgId, resourceIds: ids }),
    listResourceMoney(ctx.db, { orgId, ids, monthStart: monthOf(today), today, lastDay, now }),
    listResourcePlaces(ctx.db, { orgId, ids, now }),
    listPools(ctx.db, orgId),
    readPower(ctx, ids),
  ])
  return ids.flatMap((id) => {
    const resource = resources.find((one) => one.id === id)
    if (!resource) return []
    const mine = <T extends { resourceId: string }>(list: T[]) => list.filter(({ resourceId }) => resourceId === id)
    const pool = pools.find((one) => one.id === resource.poolId)!
    const facts = { constraints: mine(constraints), money: mine(money)[0]!, place: mine(places)[0]! }
    const where = { id: pool.id, name: pool.name, path: pool.path }
    return [{ ...assemble(resource, facts), pool: where, power: power.get(id) ?? null, through }]
  })
}

function assemble(
  resource: Resource,
  { constraints, money, place }: { constraints: ConstraintState[]; money: ResourceMoney; place: ResourcePlace },
): Omit<ResourceFacts, 'pool' | 'power' | 'through'> {
  const { environmentId, environmentName, heldBy, heldUntil } = place
  const until = heldUntil ? new Date(heldUntil) : null
  return {
    resource,
    title: resource.name || resource.cloudResourceId,
    account: { name: place.accountName, cloud: place.cloud },
    owner: resource.ownerId && place.ownerName ? { id: resource.ownerId, name: place.ownerName } : null,
    perDay: money.perDay,
    month: money.month,
    ttl: constraints.find(({ type }) => type === 'ttl')!,
    dailyLimit: constraints.find(({ type }) => type === 'daily_expense_limit')!,
    findings: { count: money.findings, saving: money.saving },
    environment: environmentId ? { id: environmentId, name: environmentName ?? '', heldBy, until } : null,
    present: resource.active || !place.discovered,
  }
}
