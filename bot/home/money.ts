/** The month in one sentence, the weeks against the limit, and the three pools nearest to theirs. */
import { decimal, formatMoney, type Amount } from '../../engine/money.ts'
import type { PoolFacts } from '../../engine/pools/tree.ts'
import { addDays, dayOf, daysInMonth } from '../../engine/time.ts'
import { chart, header, section, type Block } from '../blocks.ts'
import type { BotContext } from '../context.ts'
import { button } from '../controls.ts'
import { quote } from '../grammar.ts'
import { runs } from '../resources.ts'
import { join, lines, md, type Rich } from '../rich.ts'
import { bar, dayInWords } from '../words.ts'
import type { HomeFacts } from './facts.ts'

type Month = Pick<PoolFacts, 'name' | 'cost' | 'limit' | 'forecast' | 'passesOn'>

/** Nothing for whoever belongs to no pool; `managers` are named so that they can be asked. */
export function drawMoney(ctx: BotContext, facts: HomeFacts): Block[] {
  const { mine, below, weeks, through, managers } = facts
  if (mine.length === 0)
    return [section(`You belong to no pool yet, so no budget is shown. Ask ${managers[0] ?? 'a manager'} to add you.`)]
  const month = together(mine)
  const show = runs('See Spend', seeSpend(mine))
  const worst = worstPools(below, mine)
  return [
    header('Money this month'),
    section(sentence(ctx, month), show ? button(show) : undefined),
    ...weeksChart(ctx, month, through ? weeks.filter(({ day }) => addDays(day, 6) <= dayOf(through)) : []),
    ...(worst.length ? [section(lines(...worst.map((pool) => poolLine(ctx, pool))))] : []),
  ]
}

/** Of my one pool, or of everything I may see. */
const seeSpend = (mine: PoolFacts[]): string =>
  mine.length === 1 && mine[0]!.parentId
    ? `cost by service for ${quote(mine[0]!.path)} mtd vs prev`
    : 'cost by pool mtd vs prev'

/** Several pools as one: their sums; the earliest day one passes its limit is not theirs together. */
function together(pools: PoolFacts[]): Month {
  if (pools.length === 1) return pools[0]!
  const sum = (of: (pool: PoolFacts) => Amount) =>
    pools.reduce((total, pool) => total.plus(of(pool)), decimal(0)).toFixed()
  const limited = pools.every(({ limit }) => decimal(limit).gt(0))
  return {
    name: `Your ${pools.length} pools`,
    cost: sum(({ cost }) => cost),
    limit: limited ? sum(({ limit }) => limit) : '0',
    forecast: sum(({ forecast }) => forecast),
    passesOn: null,
  }
}

function sentence(ctx: BotContext, { name, cost, limit, forecast, passesOn }: Month): Rich {
  const money = (amount: Amount) => formatMoney(amount, ctx.currency)
  if (decimal(limit).lte(0))
    return md`*${name}* spent *${money(cost)}*, about *${money(forecast)}* by month end. No limit is set.`
  const ahead = passesOn
    ? md`the limit will be passed on *${dayInWords(passesOn)}*`
    : decimal(cost).gt(limit)
      ? 'the limit is passed'
      : 'inside the limit'
  return md`*${name}* spent *${money(cost)}* of *${money(limit)}*. Forecast *${money(forecast)}*: ${ahead}.`
}

/**
 * The limit's share of a week beside each week's spend, so that both can be compared. Only weeks the bills cover whole:
 * one that still runs would look like a fall.
 */
function weeksChart(ctx: BotContext, { limit }: Month, weeks: HomeFacts['weeks']): Block[] {
  if (weeks.length === 0) return []
  const share = decimal(limit)
    .times(7)
    .div(daysInMonth(weeks.at(-1)!.day))
    .toDecimalPlaces(2)
    .toNumber()
  const drawn = chart({
    kind: share > 0 ? 'line' : 'bar',
    title: share > 0 ? 'Spend by week against the limit' : 'Spend by week',
    categories: weeks.map(({ day }) => dayInWords(day)),
    series: [
      { name: 'Spend', values: weeks.map(({ cost }) => decimal(cost).toDecimalPlaces(2).toNumber()) },
      ...(share > 0 ? [{ name: 'Limit, a week’s share', values: weeks.map(() => share) }] : []),
    ],
    unit: ctx.currency,
  })
  return [drawn]
}

const used = ({ limit, cost, forecast }: PoolFacts) =>
  (decimal(cost).gt(forecast) ? decimal(cost) : decimal(forecast)).div(limit)

/** The pools with limits that are nearest to them or past; one pool alone is in the sentence already. */
function worstPools(below: PoolFacts[], mine: PoolFacts[]): PoolFacts[] {
  const told = mine.length === 1 ? mine[0]!.id : null
  const limited = below.filter(({ id, limit }) => id !== told && decimal(limit).gt(0))
  return limited.toSorted((a, b) => used(b).cmp(used(a))).slice(0, 3)
}

function poolLine(ctx: BotContext, { name, cost, limit, passesOn }: PoolFacts): Rich {
  const money = (amount: Amount) => formatMoney(amount, ctx.currency)
  return join([
    md`*${name}* · ${money(cost)} of ${money(limit)} · ${bar(decimal(cost).div(limit).toNumber())}`,
    passesOn && `will be passed on ${dayInWords(passesOn)}`,
  ])
}
