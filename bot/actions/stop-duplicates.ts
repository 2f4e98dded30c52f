import { stopDuplicateCheck } from '../../engine/duplicates/start.ts'
import { done } from '../reply.ts'
import { action } from './action.ts'

/** Ends a check for duplicates that waits or runs. */
export default action({
  verb: 'stop-duplicates',
  on: 'duplicates',
  effect: 'irreversible',
  anyRevision: true,
  async run(ctx, { id }) {
    await stopDuplicateCheck(ctx, { checkId: id })
    return done('The check was stopped; what it listed so far is dropped.', { subject: { kind: 'duplicates', id } })
  },
})
