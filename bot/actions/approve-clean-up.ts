import { approveCleanUp } from '../../engine/clean-ups/decide.ts'
import { done } from '../reply.ts'
import { action } from './action.ts'

/** Approves the scripts of exactly the list that was shown; `arg` is how its sha256 begins. */
export default action({
  verb: 'approve-clean-up',
  on: 'clean_up',
  effect: 'irreversible',
  async run(ctx, { id, arg }) {
    await approveCleanUp(ctx, { cleanUpId: id, sha256: arg })
    return done('Approved: the scripts can be fetched now. Nothing runs by itself.', {
      subject: { kind: 'clean_up', id },
    })
  },
})
