import {
  listNearestManagers,
  setAlertsCleared,
  upsertPoolAlerts,
  type AlertKind,
} from '../../db/queries/pool-alerts.ts'
import { inTransaction, type Context } from '../context.ts'
import { notify } from '../notifications/notify.ts'
import { dayOf } from '../time.ts'
import { readPools, type PoolFacts } from './tree.ts'

/**
 * Tells the people of every pool that passed its limit, or is forecast to: once per episode and month, at once when a pool
 * that came back passes it again; the default owner and the nearest managers, and the channels bound to the pool. Returns what was told. Runs after every import.
 */
export async function checkPools(ctx: Context): Promise<{ poolId: string; kind: AlertKind }[]> {
  const now = ctx.now()
  const pools = await readPools(ctx)
  const exceeded = pools.filter(({ state }) => state === 'exceeded')
  const overspend = pools.filter(({ state }) => state === 'overspend')
  // jobs may; no event: an alert changes nothing about the pool.
  return inTransaction(ctx, async (ctx) => {
    const { orgId } = ctx
    const ids = (list: PoolFacts[]) => list.map(({ id }) => id)
    await setAlertsCleared(ctx.db, { orgId, kind: 'exceeded', now, stillBreached: ids(exceeded) })
    await setAlertsCleared(ctx.db, { orgId, kind: 'forecast', now, stillBreached: ids([...exceeded, ...overspend]) })
    const told = await upsertPoolAlerts(ctx.db, {
      orgId,
      now,
      month: dayOf(now).slice(0, 7),
      breaches: [
        ...exceeded.map(({ id }) => ({ poolId: id, kind: 'exceeded' as const })),
        ...overspend.map(({ id }) => ({ poolId: id, kind: 'forecast' as const })),
      ],
    })
    await tell(ctx, told, new Map(pools.map((pool) => [pool.id, pool])))
    return told
  })
}

async function tell(
  ctx: Context,
  told: { poolId: string; kind: AlertKind }[],
  pools: Map<string, PoolFacts>,
): Promise<void> {
  const poolIds = told.map(({ poolId }) => poolId)
  const managers = await listNearestManagers(ctx.db, { orgId: ctx.orgId, poolIds })
  for (const { poolId, kind } of told) {
    const owner = pools.get(poolId)?.ownerId
    const people = managers.filter((manager) => manager.poolId === poolId).map(({ personId }) => personId)
    await notify(ctx, {
      kind: 'pool-alert',
      key: `pool-alert ${poolId} ${kind} ${ctx.now().toISOString()}`,
      personIds: [...new Set([...(owner ? [owner] : []), ...people])],
      poolId,
      subject: { kind: 'pool', id: poolId },
      facts: { poolId, kind },
    })
  }
}
