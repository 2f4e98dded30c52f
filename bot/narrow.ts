/** Whose recommendations are meant. */
import { invalid } from '../engine/errors.ts'
import type { Where } from '../engine/recommendations/summary.ts'
import type { BotContext } from './context.ts'
import { scoped } from './scopes.ts'
import type { Scope } from './slots.ts'

/** A pool with its sub-pools, an owner or an account, as asked, else the pool of this channel; `label` is " for Payments" or nothing. */
export async function narrowed(
  ctx: BotContext,
  asked: Scope | undefined,
  command: (scope: string) => string,
): Promise<{ narrow: Where; label: string }> {
  const { scope, label } = await scoped(ctx, asked, command)
  const { poolId, ownerId, accountId, ...others } = scope
  if (Object.values(others).some((value) => value !== undefined))
    throw invalid('Recommendations can be narrowed by pool, owner or account.', { next: 'Try: recs for payments' })
  const narrow = { ...(poolId ? { poolId } : {}), ...(ownerId ? { ownerId } : {}), ...(accountId ? { accountId } : {}) }
  return { narrow, label: Object.keys(narrow).length ? ` for ${label}` : '' }
}
