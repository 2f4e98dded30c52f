import { upsertNextCheck } from '../../db/queries/check-schedules.ts'
import { assertCan } from '../access.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { record } from '../events.ts'

/** Checks now. During a running check it takes effect when that one ends. */
export async function forceCheck(ctx: Context): Promise<void> {
  await assertCan(ctx, 'check_recommendations')
  await inTransaction(ctx, async (ctx) => {
    await checkSoon(ctx)
    await record(ctx, 'recommendations.check-forced', { subject: { kind: 'organization', id: ctx.orgId } })
  })
}

/** Has the organization checked as soon as possible, e.g. after its first data. In the caller's transaction. */
export async function checkSoon(ctx: Context): Promise<void> {
  await upsertNextCheck(ctx.db, { orgId: ctx.orgId, at: ctx.now() })
  await enqueue(ctx, 'check-recommendations', { orgId: ctx.orgId, key: ctx.orgId })
}
