import { dismissFinding, reopenFinding } from '../../engine/recommendations/dismiss.ts'
import { findingName } from '../findings.ts'
import { done } from '../reply.ts'
import { action } from './action.ts'

/** Takes a recommendation off the list for its resource until somebody reopens it; `arg` is the reason. */
export default action({
  verb: 'dismiss',
  on: 'finding',
  effect: 'reversible',
  anyRevision: true,
  async run(ctx, { id, arg }) {
    const finding = await dismissFinding(ctx, { findingId: id, reason: arg })
    return done(`Dismissed until somebody reopens it: ${findingName(finding)}.`, {
      subject: { kind: 'finding', id },
      undo: { verb: 'dismiss', kept: {} },
    })
  },
  undo: async (ctx, { id }) => `Open again: ${findingName(await reopenFinding(ctx, { findingId: id }))}.`,
})
