import type { Decimal } from 'decimal.js'
import { listPeople } from '../../db/queries/organizations.ts'
import { countViolations, listPools, listPoolSpend, type PoolRow, type PoolSpend } from '../../db/queries/pools.ts'
import type { PoolPurpose } from '../../db/vocabulary.ts'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'
import { crossing } from '../forecast/crossing.ts'
import { dailyRate, forecast } from '../forecast/forecast.ts'
import { decimal, type Amount } from '../money.ts'
import { addMonths, dayOf, monthOf, type Day } from '../time.ts'

/** `exceeded`: the cost is over the limit; `overspend`: only the forecast is; `warning`: one of them reached 90 %; a pool without a limit is `ok`. */
export type PoolState = 'ok' | 'warning' | 'overspend' | 'exceeded'

/** A pool with its money. Costs and forecast hold all sub-pools, `own…` only what lies directly in it; month to date, amortized. */
export type PoolFacts = {
  id: string
  parentId: string | null
  name: string
  path: string
  depth: number
  purpose: PoolPurpose
  rev: number
  limit: Amount
  cost: Amount
  ownCost: Amount
  forecast: Amount
  /** Cost per day behind the forecast. */
  daily: Amount
  state: PoolState
  /** The day the forecast passes the limit. */
  passesOn: Day | null
  ownerId: string | null
  ownerName: string | null
  /** Resources in it or below that violate a constraint. */
  violations: number
}

/** What is added up along the tree in code: estimates and counts. Exact money is summed by the database. */
type Sums = { forecast: Decimal; daily: Decimal; violations: number }

const nearlyFull = 0.9

/** All pools, depth-first, with cost, forecast and state; the root adds up to the organization. */
export async function readPools(ctx: Context): Promise<PoolFacts[]> {
  await assertCan(ctx, 'see_costs')
  const now = ctx.now()
  const month = monthOf(dayOf(now))
  const range = { orgId: ctx.orgId, from: addMonths(month, -1), month, today: dayOf(now) }
  const [rows, spend, people, violations] = await Promise.all([
    listPools(ctx.db, ctx.orgId),
    listPoolSpend(ctx.db, range),
    listPeople(ctx.db, ctx.orgId),
    countViolations(ctx.db, ctx.orgId),
  ])
  const spendOf = new Map(spend.map((row) => [row.poolId, row]))
  const violated = new Map(violations.map((row) => [row.poolId, row.count]))
  const names = new Map(people.map(({ id, name }) => [id, name]))
  const sums = addUp(rows, (id) => {
    const { firstDay, ...cost } = spendOf.get(id) ?? { sincePrevious: '0', month: '0', firstDay: null }
    const so = { cost, firstDay, now }
    return { forecast: decimal(forecast(so)), daily: dailyRate(so), violations: violated.get(id) ?? 0 }
  })
  return rows.map((row) => ({
    ...describe(row, { spend: spendOf.get(row.id), sums: sums.get(row.id)!, now }),
    ownerName: row.defaultOwnerId ? (names.get(row.defaultOwnerId) ?? null) : null,
  }))
}

/** One pool with its money, or NotFound. */
export async function readPool(ctx: Context, poolId: string): Promise<PoolFacts> {
  const pool = (await readPools(ctx)).find(({ id }) => id === poolId)
  if (!pool) throw notFound('There is no such pool in this organization.', { next: 'Look at the list of pools.' })
  return pool
}

/** A limit against cost and forecast. Passing is strict; exceeded and overspend exclude each other; no limit is never passed. */
export function poolState({ limit, cost, forecast }: { limit: Amount; cost: Amount; forecast: Amount }): PoolState {
  const line = decimal(limit)
  if (line.lte(0)) return 'ok'
  if (line.lt(cost)) return 'exceeded'
  if (line.lt(forecast)) return 'overspend'
  return line.times(nearlyFull).lte(cost) || line.times(nearlyFull).lte(forecast) ? 'warning' : 'ok'
}

function describe(
  row: PoolRow,
  { spend, sums, now }: { spend: PoolSpend | undefined; sums: Sums; now: Date },
): Omit<PoolFacts, 'ownerName'> {
  const { id, parentId, name, path, depth, purpose, rev, monthlyLimit: limit, defaultOwnerId: ownerId } = row
  const [cost, ownCost] = [spend?.cost ?? '0', spend?.month ?? '0']
  const [forecast, daily] = [sums.forecast.toFixed(2), sums.daily.toFixed()]
  const passesOn = crossing({ limit, month: cost, daily, now })
  return {
    id,
    parentId,
    name,
    path,
    depth,
    purpose,
    rev,
    limit,
    ownerId,
    cost,
    ownCost,
    forecast,
    daily,
    passesOn,
    state: poolState({ limit, cost, forecast }),
    violations: sums.violations,
  }
}

/** Adds every pool to its parent; children come after their parents, so the list is walked from its end. */
function addUp(rows: PoolRow[], own: (id: string) => Sums): Map<string, Sums> {
  const sums = new Map(rows.map(({ id }) => [id, own(id)]))
  for (const { id, parentId } of rows.toReversed()) {
    const [child, parent] = [sums.get(id)!, parentId ? sums.get(parentId) : undefined]
    if (!parent || !parentId) continue
    sums.set(parentId, {
      forecast: parent.forecast.plus(child.forecast),
      daily: parent.daily.plus(child.daily),
      violations: parent.violations + child.violations,
    })
  }
  return sums
}
