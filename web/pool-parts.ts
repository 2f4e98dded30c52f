/** How pools look wherever they are shown: their state in a word, their limit as a bar. */
import type { PoolFacts, PoolState } from '../engine/pools/tree.ts'
import { decimal } from '../engine/money.ts'
import { fullness } from './chart-parts.ts'
import type { View } from './env.ts'
import { badge, dash, money, sayDay, twoLines, type Content, type Tone } from './parts.ts'

const words: Record<PoolState, { text: string; tone: Tone }> = {
  ok: { text: 'within limit', tone: 'good' },
  warning: { text: 'nearly full', tone: 'warn' },
  overspend: { text: 'will overspend', tone: 'warn' },
  exceeded: { text: 'over limit', tone: 'bad' },
}

/** The state as a word; a pool without a limit has none. */
export const poolBadge = (pool: PoolFacts): Content => {
  if (!hasLimit(pool)) return badge('no limit')
  const { text, tone } = words[pool.state]
  return badge(text, tone)
}

/** Cost and forecast against the limit. */
export function limitBar(pool: PoolFacts): Content {
  if (!hasLimit(pool)) return dash
  const { cost, limit, forecast } = pool
  return fullness({ value: cost, limit, forecast, tone: words[pool.state].tone })
}

/** What the month is expected to end with, and the day the limit is passed. */
export const forecastOf = (pool: PoolFacts, { organization }: View): Content => {
  const amount = money(pool.forecast, organization.currency)
  return pool.passesOn ? twoLines(amount, `limit passed ${sayDay(pool.passesOn, true)}`) : amount
}

/** Is there a limit at all? 0 means none. */
export const hasLimit = ({ limit }: Pick<PoolFacts, 'limit'>): boolean => decimal(limit).gt(0)

/** A path as people read it: "Engineering › Payments". */
export const sayPath = (path: string): string => path.replaceAll('->', ' › ')
