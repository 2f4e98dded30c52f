import { readResources } from '../../engine/resources/resource.ts'
import { lookUp } from '../../engine/resources/search.ts'
import foundResources from '../messages/found-resources.ts'
import resourceCard from '../messages/resource-card.ts'
import { card, say } from '../reply.ts'
import { shortcut } from './shortcut.ts'

/** Who owns what this message speaks of? Ids, ARNs and names are found in anybody's message, other bots' too. */
export default shortcut({
  name: 'look-up-resources',
  title: 'Look up resources',
  description: 'Find the owner and cost of every resource a message names',
  kind: 'message',
  async run(ctx, text) {
    const found = await lookUp(ctx, text)
    if (found.length === 1) return card(resourceCard, found[0]!.id)
    const facts = await readResources(
      ctx,
      found.map(({ id }) => id),
    )
    return say(foundResources, {
      count: facts.length,
      through: facts[0]?.through ?? null,
      resources: facts.map(({ resource, title, owner, pool, perDay, ttl }) => ({
        id: resource.id,
        rev: resource.rev,
        title,
        type: resource.type || resource.service,
        owner,
        pool: pool.path,
        perDay,
        endsAt: ttl.endsAt,
      })),
    })
  },
})
