import { listResourcesByWords } from '../../db/queries/resource-facts.ts'
import { required } from '../grammar.ts'
import resourceCard from '../messages/resource-card.ts'
import { card } from '../reply.ts'
import { resourceNamed } from '../resources.ts'
import { name } from '../slots.ts'
import { command } from './command.ts'

/** Ids as clouds make them: i-0ab…, vol-…, arn:…, /subscriptions/…, projects/… */
const looksLikeAnId = /^(arn:|\/subscriptions\/|projects\/|(i|vol|snap|eipalloc|ami|sg|eni|nat|db|lb)-[0-9a-z]{4,})/i

export default command({
  verb: 'resource',
  aliases: ['show'],
  summary: 'Show a resource: owner, cost, TTL, savings',
  usage: '<id, ARN or name>',
  examples: ['resource i-0abc1234567890def', 'resource loadtest-db', 'i-0abc1234567890def'],
  effect: 'none',
  takes: { name: required(name, 'Which resource? Give me its id, its ARN or its name.') },
  async claims(ctx, word) {
    if (looksLikeAnId.test(word)) return true
    const found = await listResourcesByWords(ctx.db, { orgId: ctx.orgId, words: [word.toLowerCase()], limit: 1 })
    return found.length > 0
  },
  async run(ctx, input) {
    const { id } = await resourceNamed(ctx, input.name, (other) => `resource ${other}`)
    return card(resourceCard, id)
  },
})
