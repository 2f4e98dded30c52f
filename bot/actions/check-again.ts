import { forceCheck } from '../../engine/recommendations/force-check.ts'
import { done } from '../reply.ts'
import { action } from './action.ts'

/** Checks for savings now. Asking twice is one check. */
export default action({
  verb: 'check-again',
  on: null,
  effect: 'none',
  async run(ctx) {
    await forceCheck(ctx)
    return done('The check starts now; type “recs” in a moment to see what it found.', {
      subject: { kind: 'organization', id: ctx.orgId },
    })
  },
})
