/** What some pools cost in each of the last weeks. */
import { decimal, type Amount } from '../../engine/money.ts'
import type { PoolFacts } from '../../engine/pools/tree.ts'
import { breakdown } from '../../engine/spend/breakdown.ts'
import { bucketsOf } from '../../engine/spend/ranges.ts'
import { addDays, dayOf, type Day } from '../../engine/time.ts'
import type { BotContext } from '../context.ts'

/** `day` is the Monday it begins with. */
export type Week = { day: Day; cost: Amount }

/** Eight whole weeks for the chart, and the one that runs. */
const weekCount = 9

/** Cost per week of the pools, this week last. */
export async function readWeeks(
  ctx: BotContext,
  { pools, below }: { pools: PoolFacts[]; below: PoolFacts[] },
): Promise<Week[]> {
  if (below.length === 0) return []
  const to = dayOf(ctx.now())
  const [from] = bucketsOf({ from: addDays(to, -7 * (weekCount - 1)), to }, 'week')
  const range = { from: from!, to }
  const answer = await breakdown(ctx, { scope: {}, groupBy: 'pool', range, grain: 'week', top: pools.length })
  const ids = new Set(below.map(({ id }) => id))
  const lines = answer.series.lines.filter(({ key }) => ids.has(key))
  return answer.series.days.map((day, n) => ({
    day,
    cost: lines.reduce((sum, { values }) => sum.plus(values[n]!), decimal(0)).toFixed(),
  }))
}
