import poolAlert from '../messages/pool-alert.ts'
import { card } from '../reply.ts'
import { action } from './action.ts'

/** Shows a pool against its limit, with its drivers and what can be done, to the person who pressed. */
export default action({
  verb: 'show-pool',
  on: 'pool',
  effect: 'none',
  run: (_ctx, { id }) => Promise.resolve(card(poolAlert, id)),
})
