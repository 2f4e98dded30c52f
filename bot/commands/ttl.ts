import { extendTtl, setTtl } from '../../engine/constraints/ttl.ts'
import { followPolicy } from '../../engine/constraints/daily-limit.ts'
import { invalid } from '../../engine/errors.ts'
import { readResource } from '../../engine/resources/resource.ts'
import { dayMs } from '../../engine/time.ts'
import { optional, required } from '../grammar.ts'
import pickTtl from '../modals/pick-ttl.ts'
import { open } from '../reply.ts'
import { nameOfThing, resourceNamed, resourceToChange, ttlReceipt } from '../resources.ts'
import { duration, moment, oneOf } from '../slots.ts'
import { command } from './command.ts'

export default command({
  verb: 'ttl',
  summary: 'Say until when a resource may live',
  usage: '<resource> [+3d | until fri 18:00 | none | policy]',
  examples: [
    'ttl loadtest-db +3d',
    'ttl loadtest-db until fri 18:00',
    'ttl loadtest-db none',
    'ttl loadtest-db policy',
  ],
  effect: 'reversible',
  takes: {
    name: required(nameOfThing, 'Whose TTL? Give me an id or a name.'),
    length: optional(duration),
    until: optional(moment),
    word: optional(oneOf('none', 'policy')),
  },
  async run(ctx, { name, length, until, word }) {
    if (word && (length || until))
      throw invalid('A time and a word at once. Nothing was changed.', { next: 'Say one of the two.' })
    const { zone } = ctx.person
    const change = word ?? (until ? moment.write(until, zone) : length && duration.write(length, zone))
    const find = change ? resourceToChange : resourceNamed
    const { id: resourceId } = await find(ctx, name, (other) => ['ttl', other, change].filter(Boolean).join(' '))
    const facts = await readResource(ctx, resourceId)
    const inLength = length === undefined ? undefined : new Date(ctx.now().getTime() + length)
    if (word === 'policy') return ttlReceipt(ctx, facts, await followPolicy(ctx, { resourceId, type: 'ttl' }))
    if (word === 'none') return ttlReceipt(ctx, facts, await setTtl(ctx, { resourceId, until: null }))
    if (length !== undefined && facts.ttl.endsAt)
      return ttlReceipt(ctx, facts, await extendTtl(ctx, { resourceId, days: length / dayMs }))
    const end = until ?? inLength
    if (!end) return open(pickTtl, { resourceId })
    return ttlReceipt(ctx, facts, await setTtl(ctx, { resourceId, until: end }))
  },
})
