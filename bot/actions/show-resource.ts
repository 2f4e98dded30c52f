import resourceCard from '../messages/resource-card.ts'
import { card } from '../reply.ts'
import { action } from './action.ts'

/** Shows the card of a resource to the person who pressed. */
export default action({
  verb: 'show-resource',
  on: 'resource',
  effect: 'none',
  run: (_ctx, { id }) => Promise.resolve(card(resourceCard, id)),
})
