import { findAccount } from '../../db/queries/cloud-accounts.ts'
import { listRegionsWithoutPrices, upsertMachineTypes } from '../../db/queries/prices.ts'
import type { MachineType } from '../../db/schema/prices.ts'
import { CloudError } from '../../integrations/cloud.ts'
import { openCredentials } from '../accounts/credentials.ts'
import { noteResults, type PartResult } from '../accounts/health.ts'
import type { Context } from '../context.ts'
import { dayMs } from '../time.ts'

/** List prices move rarely; advice needs them younger than 60 days. */
const refreshAfterMs = 7 * dayMs

/**
 * Brings the machine types and list prices of the regions up to date where the account has instances. A region that fails is
 * noted on the account and asked again at the next discovery.
 */
export async function refreshPrices(ctx: Context, { accountId }: { accountId: string }): Promise<void> {
  const account = await findAccount(ctx.db, { orgId: ctx.orgId, id: accountId })
  const read = account && ctx.outside.clouds[account.cloud]?.machineTypes
  const credentials = account && openCredentials(ctx, account)
  if (!read || !credentials) return
  const since = new Date(ctx.now().getTime() - refreshAfterMs)
  const { orgId } = ctx
  const regions = await listRegionsWithoutPrices(ctx.db, { orgId, accountId, cloud: account.cloud, since })
  const results: PartResult[] = []
  for (const region of regions) {
    try {
      const rows: MachineType[] = []
      for await (const offer of read(credentials, region))
        rows.push({ ...offer, cloud: account.cloud, seenAt: ctx.now() })
      for (let n = 0; n < rows.length; n += 1000) await upsertMachineTypes(ctx.db, rows.slice(n, n + 1000))
      results.push({ part: 'prices', region, problem: null })
    } catch (error) {
      if (!(error instanceof CloudError)) throw error
      results.push({ part: 'prices', region, problem: { kind: error.kind, message: error.message } })
    }
  }
  if (results.length) await noteResults(ctx, { accountId, results })
}
