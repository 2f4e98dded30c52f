import { decimal } from '../../engine/money.ts'
import { readPool } from '../../engine/pools/tree.ts'
import { biggestMover, breakdown, type SpendAnswer, type SpendGrain } from '../../engine/spend/breakdown.ts'
import { previousRange } from '../../engine/spend/ranges.ts'
import { daysBetween } from '../../engine/time.ts'
import type { BotContext } from '../context.ts'
import { canonical, defaulted, optional, type Input } from '../grammar.ts'
import costAnswer, { type CostFacts } from '../messages/cost-answer.ts'
import { readRange } from '../moments.ts'
import { beforeRange, inRange } from '../ranges.ts'
import { say } from '../reply.ts'
import { scoped, type Scoped } from '../scopes.ts'
import { compare, group, range, scope, type Grouping } from '../slots.ts'
import { chartOf, csvOf, rootId, seriesOf, spendLink } from '../spend.ts'
import { command } from './command.ts'

const takes = {
  by: defaulted(group, (): Grouping => 'service'),
  scope: optional(scope),
  range: defaulted(range, ({ now }) => readRange('14d', now)!),
  compare: optional(compare),
}
type Asked = Input<typeof takes>

/** What was spent: by anything, for anybody, in any time, compared. */
export default command({
  verb: 'cost',
  aliases: ['costs', 'spend', 'spent'],
  door: 'cost',
  summary: 'What was spent',
  usage: '[by service|pool|owner|tag:key] [for pool|@user|cloud:aws] [7d|mtd|2026-10] [vs prev|budget]',
  examples: [
    'cost by service for payments 14d vs prev',
    'cost mtd vs budget',
    'cost by tag:env 2026-10',
    'cost for cloud:aws 30d --csv',
  ],
  effect: 'none',
  takes,
  async run(ctx, asked) {
    const who = await scoped(ctx, asked.scope, (text) => withScope(ctx, asked, text))
    const grain = grainOf(asked.range)
    const against = asked.compare?.kind === 'range' ? asked.compare.range : previousRange(asked.range)
    const { from, to } = asked.range
    const top = asked.flags.csv ? 1000 : (asked.flags.top ?? 8)
    const answer = await breakdown(ctx, {
      scope: who.scope,
      groupBy: asked.by,
      range: { from, to },
      compare: against,
      grain,
      top,
    })
    if (asked.flags.csv) return csvOf(answer, asked)
    const draw = !asked.flags.text && answer.through !== null
    return say(costAnswer, await factsOf(ctx, { asked, who, answer, against }), draw ? chartOf(answer, asked) : null)
  },
})

type Found = { asked: Asked; who: Scoped; answer: SpendAnswer; against: { from: string; to: string } }

async function factsOf(ctx: BotContext, { asked, who, answer, against }: Found): Promise<CostFacts> {
  const wantsLimit = asked.compare?.kind === 'budget' || asked.compare?.kind === 'forecast'
  const limitable = who.poolId !== null || Object.keys(who.scope).length === 0
  const pool = wantsLimit && limitable ? await readPool(ctx, who.poolId ?? (await rootId(ctx))) : null
  const mover = biggestMover(answer)
  return {
    scope: who.label,
    by: asked.by,
    range: asked.range.token,
    when: inRange(asked.range),
    before: asked.compare?.kind === 'range' ? inRange(asked.compare.range) : beforeRange(against),
    total: answer.total,
    billed: answer.billed,
    change: answer.change,
    compared: decimal(answer.before ?? '0').gt(0),
    mover: mover && {
      label: mover.label || 'Not set',
      more: decimal(mover.total)
        .minus(mover.before ?? '0')
        .toFixed(),
    },
    groups: answer.groups.map(({ label, total, change, share }) => ({ label, total, change, share })),
    series: asked.flags.text ? null : seriesOf(answer, asked),
    limitable,
    wantsLimit,
    limit: pool && { limit: pool.limit, forecast: pool.forecast, passesOn: pool.passesOn },
    through: answer.through,
    estimated: answer.estimated,
    plain: asked.flags.text ?? false,
    link: spendLink({ by: asked.by, range: asked.range, scope: who.scope }),
  }
}

/** Days, weeks or months, so that a chart stays readable. */
function grainOf({ from, to }: { from: string; to: string }): SpendGrain {
  const days = daysBetween(from, to) + 1
  return days <= 62 ? 'day' : days <= 190 ? 'week' : 'month'
}

function withScope(ctx: BotContext, asked: Asked, text: string): string {
  const { scope: _, ...rest } = asked
  return `${canonical({ verb: 'cost', takes }, rest, ctx.person.zone)} ${text}`
}
