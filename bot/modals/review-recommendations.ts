import { z } from 'zod'
import { mostChosen } from '../../engine/clean-ups/choose.ts'
import { formatMoney } from '../../engine/money.ts'
import { actions, section } from '../blocks.ts'
import type { BotContext } from '../context.ts'
import { button } from '../controls.ts'
import { requestIt } from '../hand-over.ts'
import { decision } from '../review-decision.ts'
import { lookAhead, readReview, type Ahead, type Review } from '../review.ts'
import { lines } from '../rich.ts'
import { count } from '../words.ts'
import { modal } from './modal.ts'

/**
 * One recommendation at a time, the biggest saving first: do it, put it off, or dismiss it; each is one click and the
 * next one follows. It ends with the scripts for everything that was chosen.
 */
export default modal({
  name: 'review-recommendations',
  title: 'Review Savings',
  submit: 'Get Scripts',
  fields: z.object({
    reason: z
      .string()
      .max(300)
      .optional()
      .meta({ label: 'Reason', hint: 'Kept with what you dismiss or snooze.', placeholder: 'Needed in December' }),
  }),

  async load(ctx, facts) {
    const review = readReview(facts)
    const ahead = await lookAhead(ctx, review)
    if (!ahead.next) return theEnd(ctx, review, ahead)
    return { blocks: await decision(ctx, review, { ...ahead, next: ahead.next }), title: 'Review Savings' }
  },

  run: (ctx) => requestIt(ctx, {}),
})

/** Nothing is left, or the list is full. */
function theEnd(ctx: BotContext, { decided, last }: Review, { left, saving, chosen }: Ahead) {
  const more = left
    ? `${count(left, 'recommendation')} more (${formatMoney(saving, ctx.currency)}/mo) wait for another review.`
    : null
  const full = chosen.length >= mostChosen ? `A list holds ${mostChosen}.` : null
  const said =
    decided || chosen.length
      ? `${count(decided, 'decision')} made, ${chosen.length} to clean up.`
      : 'There is nothing to review.'
  const back = last === undefined ? [] : [actions(button({ label: 'Back', verb: 'decide', arg: 'back' }))]
  return {
    blocks: [
      section(lines(`*${said}*`, full, more, chosen.length ? 'Get the scripts and lists to finish.' : null)),
      ...back,
    ],
    without: ['reason' as const],
    closed: chosen.length === 0,
  }
}
