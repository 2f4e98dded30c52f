import { ranCleanUp } from '../../engine/clean-ups/verify.ts'
import { done } from '../reply.ts'
import { action } from './action.ts'

/** The scripts ran: the accounts are read again, and the check after that says what is left. */
export default action({
  verb: 'ran-clean-up',
  on: 'clean_up',
  effect: 'irreversible',
  async run(ctx, { id }) {
    await ranCleanUp(ctx, { cleanUpId: id })
    return done('The accounts are read again now; this message says what is gone after the next check.', {
      subject: { kind: 'clean_up', id },
    })
  },
})
