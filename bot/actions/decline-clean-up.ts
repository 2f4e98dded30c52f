import { declineCleanUp } from '../../engine/clean-ups/decide.ts'
import { done } from '../reply.ts'
import { action } from './action.ts'

/** Declines a clean-up; nothing is handed over. */
export default action({
  verb: 'decline-clean-up',
  on: 'clean_up',
  effect: 'irreversible',
  async run(ctx, { id, arg }) {
    await declineCleanUp(ctx, { cleanUpId: id, sha256: arg })
    return done('Declined. Nothing was handed over.', { subject: { kind: 'clean_up', id } })
  },
})
