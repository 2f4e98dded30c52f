import { findAccount } from '../../db/queries/cloud-accounts.ts'
import { countVanishing, deleteOtherRegions, setVanishedInactive } from '../../db/queries/discoveries.ts'
import { getRootPool } from '../../db/queries/pools.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import type { ResourceType } from '../../db/vocabulary.ts'
import {
  CloudError,
  type CloudAdapter,
  type Credentials,
  type DiscoverRole,
  type SeenResource,
} from '../../integrations/cloud.ts'
import { askAboutVanished, isVanishingAccepted } from '../accounts/vanished.ts'
import { openCredentials } from '../accounts/credentials.ts'
import { noteResults, type PartResult } from '../accounts/health.ts'
import { enqueue, type Context } from '../context.ts'
import { inTurns } from './in-turns.ts'
import { chunks, storeSeen } from './store-seen.ts'
import { refuseVanishing } from './vanish.ts'

const regionsAtOnce = 8

export type DiscoverAccount = { accountId: string; signal?: AbortSignal }

/**
 * Reads what an account holds now, every type in every region on its own: what is seen becomes active, what is not seen
 * any more in a region that was read completely becomes inactive. A region that fails keeps its resources as they were.
 */
export async function discoverAccount(ctx: Context, input: DiscoverAccount): Promise<void> {
  const account = await findAccount(ctx.db, { orgId: ctx.orgId, id: input.accountId })
  const adapter = account && ctx.outside.clouds[account.cloud]
  const credentials = account && openCredentials(ctx, account)
  if (!adapter?.discover || !adapter.regions || !credentials) return
  const poolId = account.poolId ?? (await getRootPool(ctx.db, ctx.orgId)).id
  const sweep = { ctx, account: { ...account, poolId }, adapter, credentials, input, at: ctx.now() }
  const regions = await regionsOf(sweep)
  const results: PartResult[] = []
  for (const type of typesOf(adapter)) results.push(...(await sweepType(sweep, type, regions)))
  await noteResults(ctx, { accountId: account.id, results })
  await askAboutVanished(ctx, { account, results })
  if (account.lastMetricsAt === null)
    await enqueue(ctx, 'collect-metrics', { orgId: ctx.orgId, accountId: account.id, key: account.id })
}

type Sweep = {
  ctx: Context
  account: Account & { poolId: string }
  adapter: CloudAdapter
  credentials: Credentials
  input: DiscoverAccount
  at: Date
}

const typesOf = (adapter: CloudAdapter) => Object.keys(adapter.discover ?? {}) as ResourceType[]

/** The regions to read; without them nothing can be, and the account's health says why. */
async function regionsOf({ ctx, account, adapter, credentials }: Sweep): Promise<string[]> {
  const note = (problem: PartResult['problem']) =>
    noteResults(ctx, { accountId: account.id, results: [{ part: 'regions', region: '', problem }] })
  try {
    const regions = await adapter.regions!(credentials)
    await deleteOtherRegions(ctx.db, { accountId: account.id, regions })
    await note(null)
    return regions
  } catch (error) {
    await note(problemFrom(ctx, error))
    return []
  }
}

/** Reads one type everywhere, then decides what is gone: the decision needs all regions, because all of them empty is a fault. */
async function sweepType(sweep: Sweep, type: ResourceType, regions: string[]): Promise<PartResult[]> {
  const { ctx, account, adapter } = sweep
  const read = await inTurns(regions, regionsAtOnce, (region) => sweepRegion(sweep, adapter.discover![type]!, region))
  const complete = read.filter(({ problem }) => problem === null)
  const ids = read.flatMap((each) => each.ids)
  const scope = { accountId: account.id, type, ids, regions: complete.map(({ region }) => region) }
  const counts = isVanishingAccepted(account, ctx.now()) ? [] : await countVanishing(ctx.db, scope)
  const refused = refuseVanishing(type, counts)
  await setVanishedInactive(ctx.db, { ...scope, regions: scope.regions.filter((region) => !refused.has(region)) })
  return read.map(({ region, problem }) => {
    const doubt = refused.get(region)
    return { part: type, region, problem: doubt === undefined ? problem : { kind: 'doubt', message: doubt } }
  })
}

type RegionRead = { region: string; ids: string[]; problem: PartResult['problem'] }

async function sweepRegion(sweep: Sweep, role: DiscoverRole, region: string): Promise<RegionRead> {
  const { ctx, account, credentials, input, at } = sweep
  const ids: string[] = []
  const source = chunks(role(credentials, region))
  for (;;) {
    input.signal?.throwIfAborted()
    let chunk: SeenResource[] | undefined
    try {
      chunk = (await source.next()).value
    } catch (error) {
      return { region, ids, problem: problemFrom(ctx, error) }
    }
    if (!chunk) return { region, ids, problem: null }
    await storeSeen(ctx, { accountId: account.id, poolId: account.poolId, at, seen: chunk })
    ids.push(...chunk.map((seen) => seen.cloudResourceId))
  }
}

/** A cloud's refusal in our words; what is no refusal is our mistake and goes to the log, the other regions go on. */
function problemFrom(ctx: Context, error: unknown): PartResult['problem'] {
  if (error instanceof CloudError) return { kind: error.kind, message: error.message }
  ctx.log.error({ err: error }, 'discovery failed')
  return { kind: 'unreachable', message: 'The answer of the cloud could not be read.' }
}
