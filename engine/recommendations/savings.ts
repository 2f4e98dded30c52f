/** Saying that a check found money. */
import { listManagers } from '../../db/queries/organizations.ts'
import type { Context } from '../context.ts'
import { redrawCopies } from '../events.ts'
import { decimal, type Amount } from '../money.ts'
import { notify } from '../notifications/notify.ts'
import { dayOf } from '../time.ts'
import { totalSaving } from './summary.ts'

/** Less growth than this is not worth a message: 10 per cent (spec recommendations 7). */
const worthSaying = '1.1'

/**
 * Tells the organization managers when active savings grew by more than 10 per cent in this check: one card a day, which
 * then follows what later checks find. In the caller's transaction.
 */
export async function tellSavings(ctx: Context, savingBefore: Amount): Promise<void> {
  const saving = await totalSaving(ctx)
  if (decimal(saving).lte(decimal(savingBefore).times(worthSaying))) return
  const managers = await listManagers(ctx.db, { orgId: ctx.orgId, poolId: null })
  await notify(ctx, {
    kind: 'savings-found',
    key: `savings-found ${dayOf(ctx.now())}`,
    personIds: managers.map((manager) => manager.id),
    subject: { kind: 'organization', id: ctx.orgId },
  })
}

/** Brings posted savings cards up to date after a person's decision. In the caller's transaction. */
export async function redrawSavings(ctx: Context): Promise<void> {
  await redrawCopies(ctx, { kind: 'organization', id: ctx.orgId })
}
