/** Saying that a check found money. */
import { listManagers } from '../../db/queries/organizations.ts'
import type { Context } from '../context.ts'
import { decimal, type Amount } from '../money.ts'
import { notify } from '../notifications/notify.ts'
import { summary } from './summary.ts'

/** Less growth than this is not worth a message: 10 per cent (spec recommendations 7). */
const worthSaying = '1.1'

/** Tells the organization managers when active savings grew by more than 10 per cent in this check. In the caller's transaction. */
export async function tellSavings(
  ctx: Context,
  { running, savingBefore }: { running: string; savingBefore: Amount },
): Promise<void> {
  const { totalSaving, kinds } = await summary(ctx)
  if (decimal(totalSaving).lte(decimal(savingBefore).times(worthSaying))) return
  const managers = await listManagers(ctx.db, { orgId: ctx.orgId, poolId: null })
  const top = kinds.filter((kind) => kind.saving !== null && decimal(kind.saving).gt(0)).slice(0, 3)
  await notify(ctx, {
    kind: 'savings-found',
    key: `savings-found ${running}`,
    personIds: managers.map((manager) => manager.id),
    subject: { kind: 'organization', id: ctx.orgId },
    facts: {
      totalSaving,
      savingBefore,
      count: kinds.reduce((sum, kind) => sum + (kind.category === 'cost' ? kind.count : 0), 0),
      top: top.map(({ id, title, count, saving }) => ({ id, title, count, saving })),
    },
  })
}
