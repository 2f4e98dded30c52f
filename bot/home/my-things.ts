/** My dearest resources, and what my pools could save. */
import { formatMoney, isPositive } from '../../engine/money.ts'
import type { ResourceFacts } from '../../engine/resources/resource.ts'
import { header, section, type Block } from '../blocks.ts'
import type { BotContext } from '../context.ts'
import { button } from '../controls.ts'
import { priceOf, ttlInWords } from '../resources.ts'
import { reviewArgument } from '../review.ts'
import { join, lines, md } from '../rich.ts'
import { count } from '../words.ts'
import type { HomeFacts } from './facts.ts'

/** The five dearest of this month, one button each. */
export const drawResources = (ctx: BotContext, { dearest }: HomeFacts): Block[] =>
  dearest.length === 0
    ? []
    : [header('My resources'), ...dearest.map((resource) => section(...resourceLine(ctx, resource)))]

function resourceLine(
  ctx: BotContext,
  { resource, title, perDay, month, pool, ttl }: ResourceFacts,
): Parameters<typeof section> {
  const { id, rev, type, service } = resource
  const money = (amount: string) => formatMoney(amount, ctx.currency)
  const ends = ttlInWords({ endsAt: ttl.endsAt, source: ttl.source, policyHours: ttl.policy })
  const words = lines(
    join([md`*${title}*`, type || service, pool.name]),
    join([`${money(perDay)} a day`, `${money(month)} this month`, ends && md`TTL ${ends}`]),
  )
  if (!ttl.endsAt || ttl.endsAt <= ctx.now())
    return [words, button({ label: 'Show', verb: 'show-resource', id, rev, aria: `Show ${title}` })]
  const price = isPositive(perDay) ? ` · ${money(priceOf(perDay, 1))}` : ''
  const extend = { label: `Extend 1 Day${price}`, verb: 'extend-ttl', arg: '1' }
  return [words, button({ ...extend, id, rev, aria: `Extend ${title} by one day` })]
}

/** What can be saved in my pool or the organization; my own resources are in what waits for me. */
export function drawSavings(ctx: BotContext, { savings }: HomeFacts): Block[] {
  if (!savings || savings.count === 0) return []
  const worth = isPositive(savings.saving) ? md`*${formatMoney(savings.saving, ctx.currency)}* a month in ` : ''
  return [
    header('Savings'),
    section(
      md`${worth}${count(savings.count, 'recommendation')}, open.`,
      button({ label: 'Review', verb: 'review', arg: reviewArgument(savings.of), aria: 'Review the recommendations' }),
    ),
  ]
}
