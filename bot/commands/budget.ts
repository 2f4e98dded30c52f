import { readPools } from '../../engine/pools/tree.ts'
import { dataThrough } from '../../engine/spend/breakdown.ts'
import { optional, quote } from '../grammar.ts'
import budgetAnswer from '../messages/budget-answer.ts'
import { say } from '../reply.ts'
import { poolMeant } from '../scopes.ts'
import { poolName } from '../slots.ts'
import { command } from './command.ts'

/** Limits: used, expected, and which are passed. One pool with what is below it, or all. */
export default command({
  verb: 'budget',
  aliases: ['budgets', 'pools'],
  summary: 'Limits of pools: used and expected',
  usage: '[pool]',
  examples: ['budget', 'budget payments'],
  effect: 'none',
  takes: { pool: optional(poolName) },
  async run(ctx, { pool }) {
    const [pools, through] = await Promise.all([readPools(ctx), dataThrough(ctx)])
    const id = await poolMeant(ctx, pool, (path) => `budget ${quote(path)}`)
    const at = id ? pools.findIndex((one) => one.id === id) : 0
    const end = pools.findIndex((one, n) => n > at && one.depth <= pools[at]!.depth)
    return say(budgetAnswer, { pools: pools.slice(at, end < 0 ? undefined : end), through })
  },
})
