import { findPoolsByName } from '../../db/queries/pools.ts'
import { followPolicy, setDailyLimit } from '../../engine/constraints/daily-limit.ts'
import { setPoolLimit } from '../../engine/pools/limits.ts'
import type { BotContext } from '../context.ts'
import { optional, quote, required } from '../grammar.ts'
import poolLimit from '../modals/pool-limit.ts'
import setLimit from '../modals/set-limit.ts'
import { poolLimitReceipt } from '../pool-limits.ts'
import { open } from '../reply.ts'
import { constraintReceipt, limitInWords, nameOfThing, resourceNamed, resourceToChange, titleOf } from '../resources.ts'
import { poolNamed } from '../scopes.ts'
import { amount, oneOf } from '../slots.ts'
import { command } from './command.ts'

export default command({
  verb: 'limit',
  summary: 'Limit what a resource may cost a day, or a pool a month',
  usage: '<resource or pool> [20/day | none | policy]',
  examples: ['limit loadtest-db 20/day', 'limit loadtest-db none', 'limit payments 28000'],
  effect: 'reversible',
  takes: {
    name: required(nameOfThing, 'Whose limit? Give me a resource or a pool.'),
    amount: optional(amount),
    word: optional(oneOf('none', 'policy')),
  },
  async run(ctx, { name, amount: given, word }) {
    const wish = word ?? (given === undefined ? '' : amount.write(given, ctx.person.zone))
    const typed = (other: string) => `limit ${other} ${wish}`.trim()
    const pool = await poolCalled(ctx, name, (path) => typed(quote(path)))
    const limit = word === 'none' ? 0 : given === undefined ? null : Number(given)
    if (pool) {
      if (limit === null) return open(poolLimit, { poolId: pool })
      return poolLimitReceipt(ctx, pool, await setPoolLimit(ctx, { poolId: pool, monthlyLimit: limit }))
    }
    const find = wish ? resourceToChange : resourceNamed
    const resource = await find(ctx, name, typed)
    const resourceId = resource.id
    if (limit === null && word !== 'policy') return open(setLimit, { resourceId })
    const change =
      word === 'policy'
        ? await followPolicy(ctx, { resourceId, type: 'daily_expense_limit' })
        : await setDailyLimit(ctx, { resourceId, limit })
    const now = limitInWords(change.after, ctx.currency) ?? 'No limit'
    return constraintReceipt(change, `${titleOf(resource)}: ${now.toLowerCase()} from now on.`)
  },
})

/** A pool of exactly this name wins: resources are rarely called like one. Several of one name ask back. */
async function poolCalled(ctx: BotContext, text: string, command: (path: string) => string): Promise<string | null> {
  const wanted = text.trim().toLowerCase()
  const [first] = await findPoolsByName(ctx.db, { orgId: ctx.orgId, text })
  const exact = first && [first.name, first.path].some((one) => one.toLowerCase() === wanted)
  return exact ? (await poolNamed(ctx, text, command)).id : null
}
