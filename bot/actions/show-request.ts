import cleanUpApproval from '../messages/clean-up-approval.ts'
import joinRequest from '../messages/join-request.ts'
import { card } from '../reply.ts'
import { action } from './action.ts'

/** Shows the person who pressed the card of a request that waits; `arg` is its message. */
export default action({
  verb: 'show-request',
  on: null,
  effect: 'none',
  run: (_ctx, { id, arg }) =>
    Promise.resolve(arg === joinRequest.name ? card(joinRequest, id) : card(cleanUpApproval, id)),
})
