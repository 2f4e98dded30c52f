import { findPoolsByName } from '../../db/queries/pools.ts'
import { followPolicy, setDailyLimit } from '../../engine/constraints/daily-limit.ts'
import { setPoolLimit } from '../../engine/pools/limits.ts'
import { invalid } from '../../engine/errors.ts'
import type { BotContext } from '../context.ts'
import { optional, quote, required } from '../grammar.ts'
import poolLimit from '../modals/pool-limit.ts'
import setLimit from '../modals/set-limit.ts'
import { poolLimitReceipt } from '../pool-limits.ts'
import { open, UnclearError } from '../reply.ts'
import { constraintReceipt, limitInWords, nameOfThing, resourceNamed, resourceToChange, titleOf } from '../resources.ts'
import { isCalled, poolNamed } from '../scopes.ts'
import { oneOf, rate } from '../slots.ts'
import { command } from './command.ts'

export default command({
  verb: 'limit',
  summary: 'Limit what a resource may cost a day, or a pool a month',
  usage: '<resource or pool> [20/day | none | policy]',
  examples: ['limit loadtest-db 20/day', 'limit loadtest-db none', 'limit payments 28000'],
  effect: 'reversible',
  takes: {
    name: required(nameOfThing, 'Whose limit? Give me a resource or a pool.'),
    amount: optional(rate),
    word: optional(oneOf('none', 'policy')),
  },
  async run(ctx, { name, amount: given, word }) {
    if (word && given)
      throw invalid('An amount and a word at once. Nothing was changed.', { next: 'Say one of the two.' })
    const wish = word ?? (given === undefined ? '' : rate.write(given, ctx.person.zone))
    const typed = (other: string) => `limit ${other} ${wish}`.trim()
    const pool = await poolCalled(ctx, name, (path) => typed(quote(path)))
    const limit = word === 'none' ? 0 : given === undefined ? null : Number(given.amount)
    if (pool) {
      if (given?.per === 'day') throw otherUnit(name, { what: 'A pool', amount: given.amount, per: 'month' })
      if (limit === null) return open(poolLimit, { poolId: pool })
      return poolLimitReceipt(ctx, pool, await setPoolLimit(ctx, { poolId: pool, monthlyLimit: limit }))
    }
    const find = wish ? resourceToChange : resourceNamed
    const resource = await find(ctx, name, typed)
    const resourceId = resource.id
    if (given?.per === 'month') throw otherUnit(name, { what: 'A resource', amount: given.amount, per: 'day' })
    if (limit === null && word !== 'policy') return open(setLimit, { resourceId })
    const change =
      word === 'policy'
        ? await followPolicy(ctx, { resourceId, type: 'daily_expense_limit' })
        : await setDailyLimit(ctx, { resourceId, limit })
    const now = limitInWords(change.after, ctx.currency) ?? 'No limit'
    return constraintReceipt(change, `${titleOf(resource)}: ${now.toLowerCase()} from now on.`)
  },
})

/** A day's worth is no month's: the amount is not taken for the other unit. */
const otherUnit = (
  name: string,
  { what, amount, per }: { what: string; amount: string; per: 'day' | 'month' },
): UnclearError =>
  new UnclearError(`${what} has a limit per ${per}. Nothing was changed. Is this meant?`, [
    { label: `${amount} a ${per}`, command: `limit ${quote(name)} ${amount}/${per}` },
  ])

/** A pool of exactly this name wins: resources are rarely called like one. Several of one name ask back. */
async function poolCalled(ctx: BotContext, text: string, command: (path: string) => string): Promise<string | null> {
  const [first] = await findPoolsByName(ctx.db, { orgId: ctx.orgId, text })
  return first && isCalled(first, text) ? (await poolNamed(ctx, text, command)).id : null
}
