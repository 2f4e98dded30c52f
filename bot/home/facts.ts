/** Everything the home tab is drawn from, read at once: a fixed number of queries, whatever the organization holds. */
import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import { listEnvironments, type EnvironmentRow } from '../../db/queries/environments.ts'
import { getOrganization, listManagers, listMemberships } from '../../db/queries/organizations.ts'
import { listWaitingResourceIds } from '../../db/queries/waiting.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { readPools, type PoolFacts } from '../../engine/pools/tree.ts'
import { readResources, type ResourceFacts } from '../../engine/resources/resource.ts'
import { dataThrough } from '../../engine/spend/breakdown.ts'
import { topResources } from '../../engine/spend/top.ts'
import { dayMs, dayOf, monthOf } from '../../engine/time.ts'
import type { BotContext } from '../context.ts'
import { readOpenRequests } from '../open-requests.ts'
import { topmost, under } from './reach.ts'
import { readSavings, type Savings } from './savings.ts'
import { readWeeks, type Week } from './weeks.ts'

export type HomeFacts = {
  organization: string
  managers: string[]
  /** Connected clouds; hand-made environments are none. */
  clouds: Account[]
  managesAll: boolean
  through: Date | null
  /** The topmost pools this person belongs to; the root for whoever belongs to the whole organization. */
  mine: PoolFacts[]
  /** Those and everything below them. */
  below: PoolFacts[]
  /** Pools this person may change. */
  managed: ReadonlySet<string>
  weeks: Week[]
  environments: EnvironmentRow[]
  /** What this person owns: dearest of the month, and what wants a decision. */
  dearest: ResourceFacts[]
  waiting: ResourceFacts[]
  /** What this person was asked to decide. */
  requests: Awaited<ReturnType<typeof readOpenRequests>>
  mySavings: Savings
  savings: Savings | null
}

/** How long before its end a TTL waits for a decision: long enough to see it before a weekend. */
export const aheadMs = 3 * dayMs

/** The facts of a person's home, or null when they have no role yet and may see nothing. */
export async function readHome(ctx: BotContext): Promise<HomeFacts | null> {
  const { db, orgId, person } = ctx
  const held = await listMemberships(db, { orgId, personId: person.id })
  if (held.length === 0) return null
  const [pools, organization, accounts, environments, resources, through] = await Promise.all([
    readPools(ctx),
    getOrganization(db, orgId),
    listAccounts(db, { orgId }),
    listEnvironments(db, orgId, ctx.now()),
    readMine(ctx),
    dataThrough(ctx),
  ])
  const mine = topmost(pools, held)
  const below = under(pools, mine)
  const only = mine.length === 1 ? mine[0]! : null
  const [weeks, mySavings, savings, managers, requests] = await Promise.all([
    readWeeks(ctx, { pools, below }),
    readSavings(ctx, { ownerId: person.id }),
    only ? readSavings(ctx, only.parentId ? { poolId: only.id } : {}) : null,
    listManagers(db, { orgId, poolId: null }),
    readOpenRequests(ctx),
  ])
  const managing = held.filter(({ role }) => role === 'manager')
  return {
    organization: organization.name,
    managers: managers.map(({ name }) => name),
    clouds: accounts.filter(({ cloud }) => cloud !== 'environment'),
    managesAll: managing.some(({ poolId }) => poolId === null),
    managed: new Set(under(pools, topmost(pools, managing)).map(({ id }) => id)),
    ...{ through, mine, below, weeks, environments, mySavings, savings, requests, ...resources },
  }
}

async function readMine(ctx: BotContext): Promise<Pick<HomeFacts, 'dearest' | 'waiting'>> {
  const { orgId, person } = ctx
  const [now, today] = [ctx.now(), dayOf(ctx.now())]
  const [top, waiting] = await Promise.all([
    topResources(ctx, { range: { from: monthOf(today), to: today }, scope: { ownerId: person.id }, limit: 5 }),
    listWaitingResourceIds(ctx.db, { orgId, ownerId: person.id, now, until: new Date(now.getTime() + aheadMs) }),
  ])
  const dearest = top.biggest.map(({ id }) => id)
  const facts = await readResources(ctx, [...new Set([...waiting, ...dearest])])
  const of = (ids: string[]) => ids.flatMap((id) => facts.filter(({ resource }) => resource.id === id))
  return { dearest: of(dearest), waiting: of(waiting) }
}
