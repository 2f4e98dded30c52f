import { findAccount } from '../../db/queries/cloud-accounts.ts'
import { deleteOtherRegions, listDiscoveries, setSnapshotsUsed } from '../../db/queries/discoveries.ts'
import { getRootPool } from '../../db/queries/pools.ts'
import type { Account, Discovery } from '../../db/schema/cloud-accounts.ts'
import type { InventoryKind, ResourceType } from '../../db/vocabulary.ts'
import type { CloudAdapter, Credentials } from '../../integrations/cloud.ts'
import { askAboutVanished, isVanishingAccepted } from '../accounts/vanished.ts'
import { openForJob } from '../accounts/credentials.ts'
import { noteResults } from '../accounts/health.ts'
import type { PartResult } from '../accounts/problems.ts'
import { enqueue, type Context } from '../context.ts'
import { storeItems } from './store-items.ts'
import { storeSeen } from './store-seen.ts'
import { problemFrom, sweepPart } from './sweep.ts'

export type DiscoverAccount = { accountId: string; signal?: AbortSignal }

/**
 * Reads what an account holds now, every type and kind in every region on its own. A region that fails keeps what was
 * known of it; a part that rests (`CloudAdapter.rest`) is left out while its last answer is young enough.
 */
export async function discoverAccount(ctx: Context, input: DiscoverAccount): Promise<void> {
  const account = await findAccount(ctx.db, { orgId: ctx.orgId, id: input.accountId })
  const adapter = account && ctx.outside.clouds[account.cloud]
  const credentials = account && (await openForJob(ctx, account))
  if (!adapter?.discover || !adapter.regions || !credentials) return
  const poolId = account.poolId ?? (await getRootPool(ctx.db, ctx.orgId)).id
  const notes = await listDiscoveries(ctx.db, { orgId: ctx.orgId, accountId: account.id })
  const sweep = { ctx, account: { ...account, poolId }, adapter, credentials, input, notes, at: ctx.now() }
  const regions = await regionsOf(sweep)
  const results: PartResult[] = []
  for (const type of Object.keys(adapter.discover) as ResourceType[])
    results.push(...(await sweepResources(sweep, type, regions)))
  for (const kind of Object.keys(adapter.inventory ?? {}) as InventoryKind[])
    results.push(...(await sweepItems(sweep, kind, regions)))
  await setSnapshotsUsed(ctx.db, { orgId: ctx.orgId, accountId: account.id, at: sweep.at })
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
  /** How earlier readings went. */
  notes: Discovery[]
  at: Date
}

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

function sweepResources(sweep: Sweep, type: ResourceType, regions: string[]): Promise<PartResult[]> {
  const { ctx, account, adapter, credentials, at } = sweep
  const { id: accountId, poolId } = account
  return sweepPart(ctx, {
    ...shared(sweep, type, regions),
    table: 'resources',
    read: (region) => adapter.discover![type]!(credentials, region),
    idOf: ({ cloudResourceId }) => cloudResourceId,
    store: (seen) => storeSeen(ctx, { accountId, poolId, at, seen }),
  })
}

function sweepItems(sweep: Sweep, kind: InventoryKind, regions: string[]): Promise<PartResult[]> {
  const { ctx, account, adapter, credentials, at } = sweep
  const { global, read } = adapter.inventory![kind]!
  return sweepPart(ctx, {
    ...shared(sweep, kind, global ? [''] : regions),
    table: 'inventory',
    read: (region) => read(credentials, region),
    idOf: ({ cloudId }) => cloudId,
    store: (seen) => storeItems(ctx, { accountId: account.id, at, seen }),
  })
}

/** What all parts share; the regions whose last answer is still good enough are not asked. */
function shared({ account, adapter, input, notes, at }: Sweep, type: ResourceType | InventoryKind, regions: string[]) {
  const since = new Date(at.getTime() - (adapter.rest?.[type] ?? 0) * 60_000)
  const isYoung = ({ resourceType, lastError, lastDiscoveryAt }: Discovery) =>
    resourceType === type && lastError === null && lastDiscoveryAt !== null && lastDiscoveryAt > since
  const resting = new Set(notes.filter(isYoung).map(({ region }) => region))
  return {
    accountId: account.id,
    type,
    regions: regions.filter((region) => !resting.has(region)),
    vanishingAccepted: isVanishingAccepted(account, at),
    signal: input.signal,
  }
}
