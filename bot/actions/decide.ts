import { dismissFinding, reopenFinding } from '../../engine/recommendations/dismiss.ts'
import { snoozeFinding } from '../../engine/recommendations/snooze.ts'
import type { BotContext } from '../context.ts'
import { open } from '../reply.ts'
import { readReview, writeReview, type Review } from '../review.ts'
import { action } from './action.ts'

/** How long a snooze of the review lasts, days. */
export const snoozeDays = 7

/**
 * A decision inside the review: `do`, `snooze`, `dismiss`, or `back` to the one before. The dialog then shows the next
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
    const after = arg === 'back' ? await goBack(ctx, review) : await decide(ctx, review, { id, arg, reason })
    return open({ name: 'review-recommendations' }, writeReview(after))
  },
})

async function decide(
  ctx: BotContext,
  review: Review,
  { id, arg, reason }: { id: string; arg: string; reason: string },
): Promise<Review> {
  if (arg === 'snooze') await snoozeFinding(ctx, { findingId: id, days: snoozeDays })
  if (arg === 'dismiss') await dismissFinding(ctx, { findingId: id, reason })
  const chosen = arg === 'do' ? [...new Set([...review.chosen, id])] : review.chosen
  return { ...review, chosen, decided: review.decided + 1, last: `${arg} ${id}` }
}

async function goBack(ctx: BotContext, { last, ...review }: Review): Promise<Review> {
  const [what, id] = last?.split(' ') ?? []
  if (!id) return review
  if (what !== 'do') await reopenFinding(ctx, { findingId: id })
  return { ...review, chosen: review.chosen.filter((one) => one !== id), decided: Math.max(0, review.decided - 1) }
}
