import { listFindings } from '../../db/queries/recommendations.ts'
import { formatMoney, type Amount } from '../../engine/money.ts'
import { sayOverlaps, summary } from '../../engine/recommendations/summary.ts'
import { dataThrough } from '../../engine/spend/breakdown.ts'
import { approval } from '../approval-limit.ts'
import type { BotContext } from '../context.ts'
import { endedLately, kindCalled, kindFacts, problemsOf, rowFacts } from '../findings.ts'
import { canonical, optional, quote, type Slot } from '../grammar.ts'
import recommendationsMessage, { type RecommendationsFacts } from '../messages/recommendations.ts'
import { run, say } from '../reply.ts'
import { narrowed } from '../narrow.ts'
import { changeableBy, openSettings } from '../recommendation-settings.ts'
import { reviewArgument } from '../review.ts'
import { amount, name, oneOf, scope } from '../slots.ts'
import { command } from './command.ts'

/** `over $50`: savings above this per month. */
const over: Slot<Amount> = {
  hints: ['over $50'],
  read(words, at) {
    const found = words[0]!.text.toLowerCase() === 'over' && words[1] ? amount.read(words.slice(1), at) : null
    return found && { value: found.value, used: found.used + 1 }
  },
  write: (value) => `over $${value}`,
}

const takes = {
  act: optional(oneOf('archive', 'settings', 'approval')),
  scope: optional(scope),
  over: optional(over),
  kind: optional(name),
}

/**
 * What can be saved, and the way into the review: all of it, one kind, one pool or owner, or only what is worth more. And
 * how it is judged: the settings of a kind, and above which saving a clean-up is approved.
 */
export default command({
  verb: 'recs',
  aliases: ['recommendations', 'savings'],
  summary: 'What can be saved, one review of all of it',
  usage: '[archive] [kind] [for pool] [over $50] | settings <kind> | approval [over $200]',
  examples: [
    'recs',
    'recs volumes',
    'recs for payments',
    'recs underutilized over $50',
    'recs archive',
    'recs settings volumes',
    'recs approval over $200',
  ],
  effect: 'none',
  takes,
  async run(ctx, input) {
    const { act, scope: asked, over: least, kind, flags } = input
    if (act === 'archive') return run(kind ? `archive ${quote(kind)}` : 'archive', flags.share ? 'post' : 'whisper')
    if (act === 'settings') return openSettings(kind)
    if (act === 'approval') return approval(ctx, { over: least, more: Boolean(asked || kind || flags.dry) })
    const one = kind === undefined ? null : kindCalled(kind)
    const typed = canonical({ verb: 'recs', takes }, { ...input, scope: undefined }, ctx.person.zone)
    const { narrow, label } = await narrowed(ctx, asked, (words) => `${typed} ${words}`)
    if (least) narrow.over = least
    const found = await summary(ctx, narrow)
    const kinds = found.kinds.filter((each) => !one || each.id === one.id)
    const rows = one ? await listFindings(ctx.db, { ...biggest(ctx), ...narrow, recommendation: one.id }) : []
    const facts: RecommendationsFacts = {
      ...{ lastCheckAt: found.lastCheckAt, nextCheckAt: found.nextCheckAt, running: found.running },
      scope: `${label}${least ? ` above ${formatMoney(least, ctx.currency)}` : ''}`,
      total: one ? kinds[0]!.saving : found.totalSaving,
      overlaps: one ? null : sayOverlaps(found.overlaps),
      kinds: kinds.map((each) => kindFacts(each)),
      problems: problemsOf(kinds),
      // The archive knows no pools and people.
      ended: asked || ctx.pool || least ? null : await endedLately(ctx, one),
      rows: rows.map((row) => rowFacts(ctx, row)),
      settings: one && (await changeableBy(ctx, one)),
      narrow: reviewArgument(narrow),
      page: one ? `/savings/${one.id}` : '/savings',
      through: await dataThrough(ctx),
    }
    return say(recommendationsMessage, facts)
  },
})

const biggest = (ctx: BotContext) => ({ orgId: ctx.orgId, now: ctx.now(), status: 'active', limit: 5 }) as const
