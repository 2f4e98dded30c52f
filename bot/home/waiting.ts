/** What waits for a person's decision, the most pressing first: one sentence and one button each. */
import type { BookingRow, EnvironmentRow } from '../../db/queries/environments.ts'
import { healthOf } from '../../engine/accounts/health.ts'
import { decimal, formatMoney, isPositive } from '../../engine/money.ts'
import type { PoolFacts } from '../../engine/pools/tree.ts'
import type { ResourceFacts } from '../../engine/resources/resource.ts'
import { hourMs, minuteMs } from '../../engine/time.ts'
import { actions, header, section, type Block, type Control } from '../blocks.ts'
import type { BotContext } from '../context.ts'
import { button, linkButton } from '../controls.ts'
import { decideButton } from '../asked.ts'
import { priceOf } from '../resources.ts'
import { reviewArgument } from '../review.ts'
import { join, lines, md, moment, type Rich } from '../rich.ts'
import { count, dayInWords } from '../words.ts'
import { aheadMs, type HomeFacts } from './facts.ts'

export type Waiting = { text: Rich; control: Control }

/** More than these are a list of their own. */
const shown = 6
/** Bookings that end so soon want a decision. */
const soonMs = hourMs

/** Everything that waits; `drawWaiting` shows the first. */
export function waitingFor(ctx: BotContext, facts: HomeFacts): Waiting[] {
  const { environments, requests, waiting, below, managed, managesAll, clouds } = facts
  const over = below.filter(({ id, state }) => managed.has(id) && (state === 'exceeded' || state === 'overspend'))
  const sick = managesAll ? clouds.filter(({ health }) => health !== 'ok' && health !== 'no_data_yet') : []
  return [
    ...environments.flatMap((row) => endingBooking(ctx, row)),
    ...requests.map((asked) => ({ text: md`${asked.text}`, control: decideButton(asked) })),
    ...waiting.map((resource) => limitOf(ctx, resource)),
    ...over.toSorted((a, b) => overshoot(b).cmp(overshoot(a))).map((pool) => poolOver(ctx, pool)),
    ...sick.map((account) => ({
      text: lines(healthOf(account).sentence, healthOf(account).next),
      control: linkButton('Open Account', `${ctx.publicUrl}/accounts/${account.id}`),
    })),
    ...savings(ctx, facts),
  ]
}

/** The first six with their buttons, and a way to the rest; nothing at all when nothing waits. */
export function drawWaiting(items: Waiting[]): Block[] {
  if (items.length === 0) return []
  const rest = items.length - shown
  return [
    header(`Waiting for you (${items.length})`),
    ...items.slice(0, shown).map(({ text, control }) => section(text, control)),
    ...(rest > 0 ? [actions(button({ label: `Show All (${items.length})`, verb: 'show-waiting' }))] : []),
  ]
}

/** My booking that ends within the hour: half an hour more when the next booking and the limit leave it, else give it back. */
function endingBooking(ctx: BotContext, { current, next, ...environment }: EnvironmentRow): Waiting[] {
  if (!current || current.personId !== ctx.person.id) return []
  if (current.endsAt.getTime() - ctx.now().getTime() > soonMs) return []
  const until = md`*${environment.name}* is yours until ${moment(current.endsAt, 'time')}.`
  const after = next ? md`${next.holder} is next: ${moment(next.startsAt)}.` : null
  return [{ text: join([until, after], ' '), control: keepOrRelease(environment, current, next) }]
}

function keepOrRelease(
  { name, maxHours }: Pick<EnvironmentRow, 'name' | 'maxHours'>,
  { id, rev, startsAt, endsAt }: BookingRow,
  next: BookingRow | null,
): Control {
  const longest = startsAt.getTime() + maxHours * hourMs
  const room = Math.min(longest, next?.startsAt.getTime() ?? longest) - endsAt.getTime()
  if (room < 30 * minuteMs) return button({ label: 'Release', verb: 'release', id, rev, aria: `Release ${name} now` })
  const more = { label: '30 Minutes More', verb: 'extend-booking', arg: '30' }
  return button({ ...more, id, rev, aria: `Keep ${name} 30 minutes longer` })
}

/** A resource whose TTL ends or has ended, or that passed its daily limit. */
function limitOf(ctx: BotContext, { resource, title, perDay, ttl, dailyLimit }: ResourceFacts): Waiting {
  const { id, rev, type, lastExpenseCost } = resource
  const money = (amount: string) => formatMoney(amount, ctx.currency)
  const what = join([md`*${title}*`, type, `${money(perDay)} a day`])
  if (ttl.endsAt && ttl.endsAt.getTime() - ctx.now().getTime() <= aheadMs) {
    const ended = ttl.endsAt <= ctx.now()
    const price = isPositive(perDay) ? ` · ${money(priceOf(perDay, 1))}` : ''
    return {
      text: lines(what, md`Its TTL ${ended ? 'ended' : 'ends'} ${moment(ttl.endsAt)}.`),
      control: ended
        ? button({ label: 'Change TTL', verb: 'pick-ttl', id, rev, aria: `Change the TTL of ${title}` })
        : button({
            ...{ label: `Extend 1 Day${price}`, verb: 'extend-ttl', id, rev, arg: '1' },
            aria: `Extend ${title} by one day`,
          }),
    }
  }
  const cost = lastExpenseCost && dailyLimit.limit ? `${money(lastExpenseCost)} of ${money(dailyLimit.limit)} ` : ''
  return {
    text: lines(what, `It passed its daily limit: ${cost}on its last day.`),
    control: button({ label: 'Show', verb: 'show-resource', id, rev, aria: `Show ${title}` }),
  }
}

const overshoot = ({ limit, cost, forecast }: PoolFacts) =>
  decimal(forecast).gt(cost) ? decimal(forecast).minus(limit) : decimal(cost).minus(limit)

function poolOver(ctx: BotContext, { id, rev, name, state, cost, limit, forecast, passesOn }: PoolFacts): Waiting {
  const money = (amount: string) => formatMoney(amount, ctx.currency)
  const what =
    state === 'exceeded'
      ? md`*${name}* is over its limit: *${money(cost)}* of ${money(limit)} used.`
      : md`*${name}* will pass its limit of ${money(limit)}${passesOn ? ` on ${dayInWords(passesOn)}` : ''}: *${money(forecast)}* expected.`
  return { text: what, control: button({ label: 'Show', verb: 'show-pool', id, rev, aria: `Show the pool ${name}` }) }
}

function savings(ctx: BotContext, { mySavings: { count: found, saving } }: HomeFacts): Waiting[] {
  if (found === 0) return []
  const worth = isPositive(saving) ? md`, *${formatMoney(saving, ctx.currency)}* a month` : ''
  return [
    {
      text: md`${count(found, 'recommendation')} on your own resources${worth}.`,
      control: button({
        label: 'Review',
        verb: 'review',
        arg: reviewArgument({ ownerId: ctx.person.id }),
        aria: 'Review my recommendations',
      }),
    },
  ]
}
