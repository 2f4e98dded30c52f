/** One finding of a review, with what is known about it and every decision one click away. */
import type { FindingRow } from '../db/queries/recommendations.ts'
import { formatMoney } from '../engine/money.ts'
import { isDismissable } from '../engine/recommendations/dismiss.ts'
import { getRecommendation } from '../engine/recommendations/options.ts'
import { actions, context, fields, section, type Block } from './blocks.ts'
import type { BotContext } from './context.ts'
import { button } from './controls.ts'
import { evidenceFields } from './evidence.ts'
import { isSchedulable } from './findings.ts'
import { changeableBy } from './recommendation-settings.ts'
import type { Ahead, Review } from './review.ts'
import { lines, linkTo, md } from './rich.ts'

type Current = Ahead & { next: FindingRow }

/** The blocks of the finding that is next. */
export async function decision(
  ctx: BotContext,
  review: Review,
  { next, left, saving, chosen }: Current,
): Promise<Block[]> {
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
    ...beside(next, await changeableBy(ctx, one)),
  ]
}

/** What else can be done here, `changeable` when its settings can be changed; each opens a dialog on top, and the review is still there after it. */
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
