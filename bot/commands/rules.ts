import { readRules } from '../../engine/assignment/rule-facts.ts'
import { defaulted, type Slot } from '../grammar.ts'
import rulesList from '../messages/rules-list.ts'
import { say } from '../reply.ts'
import { command } from './command.ts'

const pageSize = 10

/** `11`: the place in the order to begin at. */
const place: Slot<number> = {
  read: ([first]) => (/^[1-9]\d{0,4}$/.test(first!.text) ? { value: Number(first!.text), used: 1 } : null),
  write: String,
}

/** Assignment rules in the order they are checked, ten at a time. */
export default command({
  verb: 'rules',
  aliases: ['rule'],
  summary: 'Where new resources go: assignment rules in order',
  usage: '[from which]',
  examples: ['rules', 'rules 11'],
  effect: 'none',
  takes: { from: defaulted(place, () => 1) },
  async run(ctx, { from }) {
    const all = await readRules(ctx)
    const shown = all.slice(from - 1, from - 1 + pageSize)
    return say(rulesList, {
      count: all.length,
      next: from - 1 + pageSize < all.length ? from + pageSize : null,
      rules: shown.map(({ id, name, priority, active, broken, says, pool, owner }) => ({
        ...{ id, name, priority, active, broken, says },
        ...{ pool: pool.path, owner: owner?.name ?? null },
      })),
    })
  },
})
