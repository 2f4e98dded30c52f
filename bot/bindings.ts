/** Which pool a channel means. */
import { deleteBinding, findBoundPool, setBinding } from '../db/queries/slack-bindings.ts'
import { assertCan } from '../engine/access.ts'
import { inTransaction } from '../engine/context.ts'
import { invalid } from '../engine/errors.ts'
import { record } from '../engine/events.ts'
import type { BotContext } from './context.ts'
import { assertOwnChannel } from './shared-channels.ts'

/** Binds the channel of this conversation to a pool, or to nothing. Needs the right on both the old pool and the new one. */
export async function bindChannel(
  ctx: BotContext,
  { poolId }: { poolId: string | null },
): Promise<{ before: string | null; channel: string }> {
  const { teamId, channel, direct } = ctx.place
  if (!channel || direct)
    throw invalid('Only a channel can mean a pool. Nothing was changed.', {
      next: 'Type `/finops bind <pool>` in the channel.',
    })
  const before = await findBoundPool(ctx.db, { teamId, channel })
  if (!before && !poolId) return { before, channel }
  for (const id of [before, poolId]) if (id) await assertCan(ctx, 'bind_channels', { poolId: id })
  // A bound channel gets the alerts of its pool.
  if (poolId) await assertOwnChannel(ctx, 'Bind a channel of your own company.')
  await inTransaction(ctx, async (inner) => {
    const { db, orgId } = inner
    if (poolId) await setBinding(db, { teamId, channel, orgId, poolId, boundBy: ctx.person.id, boundAt: ctx.now() })
    else await deleteBinding(db, { teamId, channel })
    await record(inner, poolId ? 'channel.bound' : 'channel.released', {
      subject: { kind: 'channel', id: channel },
      before: { poolId: before },
      after: { poolId },
    })
  })
  return { before, channel }
}
