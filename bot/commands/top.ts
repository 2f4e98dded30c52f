import { dataThrough } from '../../engine/spend/breakdown.ts'
import { topResources } from '../../engine/spend/top.ts'
import { defaulted, optional } from '../grammar.ts'
import topAnswer from '../messages/top-answer.ts'
import { readRange } from '../moments.ts'
import { inRange } from '../ranges.ts'
import { say } from '../reply.ts'
import { scoped } from '../scopes.ts'
import { oneOf, range, scope } from '../slots.ts'
import { command } from './command.ts'

/** The resources that cost most, or moved most. */
export default command({
  verb: 'top',
  summary: 'What costs most, or moved most',
  usage: '[resources|movers] [for pool|@user|cloud:aws] [7d|mtd|2026-10]',
  examples: ['top resources 7d', 'top movers for payments 14d'],
  effect: 'none',
  takes: {
    order: defaulted(oneOf('resources', 'movers'), (): 'resources' | 'movers' => 'resources'),
    scope: optional(scope),
    range: defaulted(range, ({ now }) => readRange('7d', now)!),
  },
  async run(ctx, { order, scope, range, flags }) {
    const who = await scoped(ctx, scope, (text) => `top ${order} ${text} ${range.token}`)
    const days = { from: range.from, to: range.to }
    const [{ biggest, movers }, through] = await Promise.all([
      topResources(ctx, { range: days, scope: who.scope, limit: flags.top ?? 10 }),
      dataThrough(ctx),
    ])
    const rows = (order === 'movers' ? movers : biggest).map(({ id, name, type, poolName, total, change }) => ({
      ...{ id, name: name || id, type, total, change },
      pool: poolName,
    }))
    return say(topAnswer, { scope: who.label, when: inRange(range), order, rows, through })
  },
})
