/** The runner: every recommendation for every account of an organization, each on its own. */
import { randomUUID } from 'node:crypto'
import { setCheckEnded, upsertCheckStart } from '../../db/queries/check-schedules.ts'
import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import { getOrganization } from '../../db/queries/organizations.ts'
import { listCheckResults } from '../../db/queries/recommendations.ts'
import { verifyCleanUps } from '../clean-ups/verify.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { record } from '../events.ts'
import { hourMs } from '../time.ts'
import { recommendations } from './catalog.ts'
import { checkAccount } from './check-account.ts'
import { tidyOptions, type Options } from './options.ts'
import { settleLostAccounts, type Settled } from './settle.ts'
import { tellFound } from './tell.ts'
import { totalSaving } from './summary.ts'

/** Every organization is checked this often. */
export const checkPeriodMs = 3 * hourMs

/** A check that started so long ago and did not end died; another one may begin. */
export const stuckAfterMs = 12 * hourMs

export type Checked = Settled & { failed: number }

/**
 * Checks the organization and says so when there is something new. jobs may. One check runs at a time: null when another
 * one is under way. What fails for an account keeps its last good findings and is stored with the reason; others go on.
 */
export async function checkRecommendations(
  ctx: Context,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Checked | null> {
  const running = randomUUID()
  const [now, orgId] = [ctx.now(), ctx.orgId]
  const claim = { orgId, running, now, nextRunAt: new Date(now.getTime() + checkPeriodMs) }
  if (!(await upsertCheckStart(ctx.db, { ...claim, stuckBefore: new Date(now.getTime() - stuckAfterMs) }))) return null
  try {
    const savingBefore = await totalSaving(ctx)
    const checked = await checkAll(ctx, { now, signal })
    await conclude(ctx, { running, checked, savingBefore, now })
    return checked
  } catch (error) {
    await setCheckEnded(ctx.db, { orgId, running, now: ctx.now(), completed: false })
    throw error
  }
}

async function checkAll(
  ctx: Context,
  { now, signal }: { now: Date; signal?: AbortSignal | undefined },
): Promise<Checked> {
  const { currency } = await getOrganization(ctx.db, ctx.orgId)
  const accounts = (await listAccounts(ctx.db, { orgId: ctx.orgId })).filter(
    (account) => account.processRecommendations,
  )
  const results = await listCheckResults(ctx.db, ctx.orgId)
  const total: Checked = { added: 0, changed: 0, ended: 0, failed: 0 }
  for (const one of recommendations) {
    const options = await tidyOptions(ctx, one)
    for (const { id: accountId, cloud } of accounts.filter((account) => one.clouds.includes(account.cloud))) {
      signal?.throwIfAborted()
      const last = results.find((result) => result.recommendation === one.id && result.accountId === accountId)
      const before = (last?.options as Options | undefined) ?? options
      const check = { orgId: ctx.orgId, accountId, cloud, currency, now }
      const settled = await checkAccount(ctx, { one, check, options, before })
      if (settled === null) total.failed += 1
      else for (const key of ['added', 'changed', 'ended'] as const) total[key] += settled[key]
    }
  }
  // At the end, so that an account that went meanwhile is among them.
  total.ended += await settleLostAccounts(ctx.db, { orgId: ctx.orgId, now })
  return total
}

async function conclude(
  ctx: Context,
  { running, checked, savingBefore, now }: { running: string; checked: Checked; savingBefore: string; now: Date },
): Promise<void> {
  const { orgId } = ctx
  await inTransaction(ctx, async (ctx) => {
    const again = await setCheckEnded(ctx.db, { orgId, running, now: ctx.now(), completed: true })
    if (again) await enqueue(ctx, 'check-recommendations', { orgId, key: orgId })
    await verifyCleanUps(ctx)
    const { added, changed, ended } = checked
    if (added + changed + ended === 0) return
    await record(ctx, 'recommendations.checked', { subject: { kind: 'organization', id: orgId }, after: checked })
    if (added > 0) await tellFound(ctx, { savingBefore, since: now })
  })
}
