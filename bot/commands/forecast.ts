import { daysLeft } from '../../engine/forecast/forecast.ts'
import { forecastOrganization, forecastPool } from '../../engine/forecast/pool-forecast.ts'
import { dataThrough } from '../../engine/spend/breakdown.ts'
import { optional, quote } from '../grammar.ts'
import forecastAnswer from '../messages/forecast-answer.ts'
import { say } from '../reply.ts'
import { poolMeant } from '../scopes.ts'
import { poolName } from '../slots.ts'
import { command } from './command.ts'

/** What this month will cost, and when a limit is passed. */
export default command({
  verb: 'forecast',
  summary: 'What this month will cost',
  usage: '[pool]',
  examples: ['forecast', 'forecast payments'],
  effect: 'none',
  takes: { pool: optional(poolName) },
  async run(ctx, { pool }) {
    const id = await poolMeant(ctx, pool, (path) => `forecast ${quote(path)}`)
    const [found, through] = await Promise.all([
      id ? forecastPool(ctx, id) : forecastOrganization(ctx),
      dataThrough(ctx),
    ])
    return say(forecastAnswer, { pool: found, daily: found.daily, daysLeft: daysLeft(ctx.now()), through })
  },
})
