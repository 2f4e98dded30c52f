import { chooseFinding, unchooseFindings } from '../../engine/clean-ups/choose.ts'
import { dismissFinding, reopenFinding } from '../../engine/recommendations/dismiss.ts'
import { snoozeFinding } from '../../engine/recommendations/snooze.ts'
import type { BotContext } from '../context.ts'
import { open } from '../reply.ts'
import { readReview, writeReview, type Review } from '../review.ts'
import { action } from './action.ts'

/** How long a snooze of the review lasts, days. */
export const snoozeDays = 7

/**
 * A decision inside the review: `do`, `snooze`, `dismiss`, `back` to the one before, or `empty` the list. The dialog then shows the next
 * one. Safe twice: the same click on the same finding ends in the same state.
 */
export default action({
  verb: 'decide',
  on: null,
  effect: 'none',
  async run(ctx, { id, arg, dialog }) {
    const review = readReview(dialog?.facts ?? {})
    const entered = dialog?.values['reason']
    const reason = typeof entered === 'string' ? entered : ''
    const after = await (arg === 'back'
      ? goBack(ctx, review)
      : arg === 'empty'
        ? empty(ctx, review)
        : decide(ctx, review, { id, arg, reason }))
    return open({ name: 'review-recommendations' }, writeReview(after))
  },
})

async function decide(
  ctx: BotContext,
  review: Review,
  { id, arg, reason }: { id: string; arg: string; reason: string },
): Promise<Review> {
  const decision = { ...review, decided: review.decided + 1, last: `${arg} ${id}` }
  if (arg === 'do') await chooseFinding(ctx, { findingId: id })
  if (arg !== 'snooze' && arg !== 'dismiss') return decision
  const { rev } = await (arg === 'snooze'
    ? snoozeFinding(ctx, { findingId: id, days: snoozeDays, reason })
    : dismissFinding(ctx, { findingId: id, reason }))
  return { ...decision, last: `${arg} ${id} ${rev}` }
}

/** Takes everything off the list; the review goes on. */
async function empty(ctx: BotContext, review: Review): Promise<Review> {
  await unchooseFindings(ctx)
  const { last, ...rest } = review
  return last === undefined ? { ...review, decided: 0 } : { ...rest, decided: 0 }
}

async function goBack(ctx: BotContext, { last, ...review }: Review): Promise<Review> {
  const [what, id, rev] = last?.split(' ') ?? []
  if (!id) return review
  if (what === 'do') await unchooseFindings(ctx, { findingId: id })
  else await reopenFinding(ctx, { findingId: id, rev: Number(rev) })
  return { ...review, decided: Math.max(0, review.decided - 1) }
}
