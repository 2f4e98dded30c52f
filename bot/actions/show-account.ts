import accountCard from '../messages/account-card.ts'
import { card } from '../reply.ts'
import { action } from './action.ts'

/** Shows the card of an account. */
export default action({
  verb: 'show-account',
  on: 'account',
  effect: 'none',
  run: async (_, { id }) => card(accountCard, id),
})
