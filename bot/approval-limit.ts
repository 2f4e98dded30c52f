/** The receipt of a change of the amount above which clean-ups need a second person. */
import { sayPolicy, setCleanUpPolicy } from '../engine/clean-ups/policy.ts'
import { invalid } from '../engine/errors.ts'
import type { Amount } from '../engine/money.ts'
import type { BotContext } from './context.ts'
import { done, open, type Done, type Reply } from './reply.ts'

/** Sets the amount and says what holds now; taken back by `approval-limit`. */
export async function setApprovalLimit(ctx: BotContext, over: number): Promise<Done> {
  const { before, after } = await setCleanUpPolicy(ctx, { over })
  return done(sayPolicy(after, ctx.currency), {
    subject: { kind: 'organization', id: ctx.orgId },
    ...(before.over === after.over
      ? {}
      : { undo: { verb: 'approval-limit', kept: { before: before.over, after: after.over } } }),
  })
}

/** `recs approval over $200`, or its dialog. `more` was said, e.g. a pool or `--dry`: then nothing is set. */
export async function approval(
  ctx: BotContext,
  { over, more }: { over: Amount | undefined; more: boolean },
): Promise<Reply> {
  if (more)
    throw invalid('The approval limit is one for the whole organization, and I can only set it. Nothing was changed.', {
      next: 'recs approval over $200',
    })
  return over ? setApprovalLimit(ctx, Number(over)) : open({ name: 'approval-limit' })
}
