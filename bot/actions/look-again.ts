import { lookAgain } from '../../engine/clean-ups/verify.ts'
import { done } from '../reply.ts'
import { action } from './action.ts'

/** Reads the accounts of a clean-up again and checks now. Asking twice is one look. */
export default action({
  verb: 'look-again',
  on: 'clean_up',
  effect: 'none',
  async run(ctx, { id }) {
    await lookAgain(ctx, { cleanUpId: id })
    return done('The accounts are read again now; the message says what is gone after the check.', {
      subject: { kind: 'clean_up', id },
    })
  },
})
