/** The runner: a check of an organization, when it may run and what follows from it. */
import { randomUUID } from 'node:crypto'
import { setCheckEnded, upsertCheckStart } from '../../db/queries/check-schedules.ts'
import { verifyCleanUps } from '../clean-ups/verify.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { record } from '../events.ts'
import { hourMs } from '../time.ts'
import { recommendations } from './catalog.ts'
import { checkAccounts, type Checked } from './check-accounts.ts'
import { tellFound } from './tell.ts'
import { totalSaving } from './summary.ts'

/** Every organization is checked this often. */
export const checkPeriodMs = 3 * hourMs

/** A check that started so long ago and did not end died; another one may begin. */
export const stuckAfterMs = 12 * hourMs

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
    const checked = await checkAccounts(ctx, { ones: recommendations, now, signal })
    await conclude(ctx, { running, checked, savingBefore, now })
    return checked
  } catch (error) {
    await setCheckEnded(ctx.db, { orgId, running, now: ctx.now(), completed: false })
    throw error
  }
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
    if (added + changed > 0) await tellFound(ctx, { savingBefore, since: now })
  })
}
