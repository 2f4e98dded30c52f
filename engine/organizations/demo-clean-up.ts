import { listFindings, type FindingRow } from '../../db/queries/recommendations.ts'
import { listPeople } from '../../db/queries/organizations.ts'
import { listPools } from '../../db/queries/pools.ts'
import type { CleanUp } from '../../db/schema/clean-ups.ts'
import { assignResources } from '../assignment/assign.ts'
import { approveCleanUp } from '../clean-ups/decide.ts'
import { readCleanUpPolicy, setCleanUpPolicy } from '../clean-ups/policy.ts'
import { requestCleanUp } from '../clean-ups/request.ts'
import { ranCleanUp } from '../clean-ups/verify.ts'
import { inTransaction, type Context } from '../context.ts'

/** How much is cleaned up; more must be there, or the demo would have no such advice afterwards. */
const chosen = 7

/** Cloud ids of the snapshots a colleague has deleted by the scripts, and of the one an image was made of meanwhile. */
export type DemoCleanUp = { deleted: string[]; kept: string; region: string; accountNumber: string }

/**
 * A clean-up in progress: an engineer asks for the snapshots that are theirs, the manager `ctx` approves, the scripts ran.
 * `act` does in the cloud what they did, in the same transaction. Null while no check has found enough yet. All in one transaction.
 */
export async function cleanUpDemo(
  ctx: Context,
  act: (ctx: Context, did: DemoCleanUp) => Promise<void>,
): Promise<CleanUp | null> {
  const { orgId } = ctx
  const people = await listPeople(ctx.db, orgId)
  const engineer = people.find(({ name }) => name.startsWith('Priya'))
  const pool = (await listPools(ctx.db, orgId)).find(({ name }) => name === 'Engineering')
  const found = await findSome(ctx)
  if (!engineer || !pool || !found) return null
  // The verbs inside ask for the rights (assertCan); no event: they record their own.
  return inTransaction(ctx, async (ctx) => {
    const theirs: Context = { ...ctx, actor: { personId: engineer.id, door: 'terminal' } }
    const resourceIds = found.map(({ resourceId }) => resourceId!)
    await assignResources(ctx, { resourceIds, poolId: pool.id, ownerId: engineer.id })
    // Old snapshots are cheap: for once everything is asked for.
    const usual = await readCleanUpPolicy(ctx)
    await setCleanUpPolicy(ctx, { over: 0.01 })
    const asked = await requestCleanUp(theirs, { findingIds: found.map(({ id }) => id) })
    await setCleanUpPolicy(ctx, usual)
    await approveCleanUp(ctx, { cleanUpId: asked.id, sha256: asked.sha256 })
    const [kept, ...deleted] = found.map(({ cloudResourceId }) => cloudResourceId!)
    const { region, cloudAccountId } = found[0]!
    await act(ctx, { deleted, kept: kept!, region: region!, accountNumber: cloudAccountId })
    return ranCleanUp(theirs, { cleanUpId: asked.id })
  })
}

/** The dearest obsolete snapshots of a region that has many. */
async function findSome(ctx: Context): Promise<FindingRow[] | null> {
  const which = { recommendation: 'obsolete_snapshots', status: 'active', limit: 500 } as const
  const all = await listFindings(ctx.db, { orgId: ctx.orgId, now: ctx.now(), ...which })
  const own = all.filter(({ cloud, resourceId, region }) => cloud === 'aws' && resourceId && region)
  const places = [...Map.groupBy(own, ({ accountId, region }) => `${accountId} ${region}`).values()]
  const [most] = places.toSorted((one, other) => other.length - one.length)
  return most && most.length > chosen ? most.slice(0, chosen) : null
}
