import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import { getOrganization } from '../../db/queries/organizations.ts'
import { listCheckResults } from '../../db/queries/recommendations.ts'
import type { Context } from '../context.ts'
import { inTurns } from '../ingest/in-turns.ts'
import { checkAccount } from './check-account.ts'
import { tidyOptions, type Options } from './options.ts'
import type { Recommendation } from './recommendation.ts'
import { settleLostAccounts, type Settled } from './settle.ts'

/** Side by side: while one writes its findings on one core, the other one reads. Each takes a connection. */
const atOnce = 2

/** What a check did, and how many of its parts (a recommendation for an account) failed. */
export type Checked = Settled & { failed: number }

/**
 * These recommendations for every account of the organization that is checked, each for itself: what fails keeps its last
 * good findings and is stored with the reason, others go on. Then the findings of accounts that went end. jobs may.
 */
export async function checkAccounts(
  ctx: Context,
  { ones, now, signal }: { ones: readonly Recommendation[]; now: Date; signal?: AbortSignal | undefined },
): Promise<Checked> {
  const total: Checked = { added: 0, changed: 0, ended: 0, failed: 0 }
  await inTurns(await partsOf(ctx, { ones, now }), atOnce, async (part) => {
    signal?.throwIfAborted()
    const settled = await checkAccount(ctx, part)
    if (settled === null) total.failed += 1
    else for (const key of ['added', 'changed', 'ended'] as const) total[key] += settled[key]
  })
  // At the end, so that an account that went meanwhile is among them.
  total.ended += await settleLostAccounts(ctx.db, { orgId: ctx.orgId, now })
  return total
}

async function partsOf(ctx: Context, { ones, now }: { ones: readonly Recommendation[]; now: Date }) {
  const { currency } = await getOrganization(ctx.db, ctx.orgId)
  const all = await listAccounts(ctx.db, { orgId: ctx.orgId })
  const accounts = all.filter((account) => account.processRecommendations)
  const results = await listCheckResults(ctx.db, ctx.orgId)
  const parts: Parameters<typeof checkAccount>[1][] = []
  for (const one of ones) {
    const options = await tidyOptions(ctx, one)
    for (const { id: accountId, cloud } of accounts.filter((account) => one.clouds.includes(account.cloud))) {
      const last = results.find((result) => result.recommendation === one.id && result.accountId === accountId)
      const before = (last?.options as Options | undefined) ?? options
      parts.push({ one, check: { orgId: ctx.orgId, accountId, cloud, currency, now }, options, before })
    }
  }
  return parts
}
