import { z } from 'zod'
import type { FindingRow } from '../../db/queries/recommendations.ts'
import { mostChosen } from '../../engine/clean-ups/choose.ts'
import { formatMoney } from '../../engine/money.ts'
import { isDismissable } from '../../engine/recommendations/dismiss.ts'
import { getRecommendation } from '../../engine/recommendations/options.ts'
import { actions, context, fields, section, type Block } from '../blocks.ts'
import type { BotContext } from '../context.ts'
import { button } from '../controls.ts'
import { evidenceFields } from '../evidence.ts'
import { isSchedulable } from '../findings.ts'
import { requestIt } from '../hand-over.ts'
import { changeableBy } from '../recommendation-settings.ts'
import { lookAhead, readReview, type Ahead, type Review } from '../review.ts'
import { lines, linkTo, md } from '../rich.ts'
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
    const changeable = await changeableBy(ctx, getRecommendation(ahead.next.recommendation))
    return { blocks: decision(ctx, review, { ...ahead, next: ahead.next, changeable }), title: 'Review Savings' }
  },

  run: (ctx) => requestIt(ctx, {}),
})

/** `changeable`: the recommendation, when the person may change its settings. */
type Current = Ahead & { next: FindingRow; changeable: string | null }

function decision(ctx: BotContext, review: Review, { next, left, saving, chosen, changeable }: Current): Block[] {
  const money = (amount: string) => formatMoney(amount, ctx.currency)
  const one = getRecommendation(next.recommendation)
  const progress = `${review.decided + 1} of ${review.decided + left}, ${money(saving)}/mo left`
  const where = [next.accountName, next.region, next.poolName, next.ownerName ?? 'no owner'].filter(Boolean).join(' · ')
  const decide = (label: string, arg: string, more: { primary?: true; aria: string }) =>
    button({ label, verb: 'decide', id: next.id, arg, ...more })
  const name = next.resourceName ?? next.key
  const known = evidenceFields(one, next.evidence, ctx.currency)
  return [
    context(progress, chosen.length > 0 && `${chosen.length} on the list`),
    section(
      lines(
        md`*${one.title}:* ${linkTo(`${ctx.publicUrl}${next.resourceId ? `/resources/${next.resourceId}` : `/findings/${next.id}`}`, name)}`,
        next.saving === null ? null : md`Saves *${money(next.saving)}/mo*. ${one.advice}`,
        where,
      ),
    ),
    ...(Object.keys(known).length ? [fields(known)] : []),
    actions(
      decide('Do It', 'do', { primary: true, aria: `Put ${name} on the clean-up list` }),
      decide('Snooze 7 Days', 'snooze', { aria: `Ask about ${name} again in 7 days` }),
      isDismissable(next) && decide('Dismiss', 'dismiss', { aria: `Never ask about ${name} again` }),
      review.last === undefined &&
        chosen.length > 0 &&
        button({ label: 'Empty the List', verb: 'decide', arg: 'empty' }),
      review.last !== undefined &&
        button({ label: 'Back', verb: 'decide', arg: 'back', aria: 'Undo the last decision' }),
    ),
    ...beside(next, changeable),
  ]
}

/** What else can be done here; each opens a dialog on top, and the review is still there after it. */
function beside(next: FindingRow, changeable: string | null): Block[] {
  const schedule =
    isSchedulable(next) &&
    button({
      ...{ label: 'Power Schedule', verb: 'suggest-schedule', id: next.id },
      aria: `Switch ${next.resourceName ?? next.key} off when it does nothing`,
    })
  const settings = changeable !== null && { label: 'Settings', verb: 'recommendation-settings', id: changeable }
  if (!schedule && !settings) return []
  return [actions(schedule, settings && button({ ...settings, aria: 'Change when this is recommended' }))]
}

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
