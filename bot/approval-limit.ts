/** The receipt of a change of the amount above which clean-ups need a second person. */
import { sayPolicy, setCleanUpPolicy } from '../engine/clean-ups/policy.ts'
import type { BotContext } from './context.ts'
import { done, type Done } from './reply.ts'

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
