import { dismissFinding, getFinding } from '../../engine/recommendations/dismiss.ts'
import { decisionKept, takeDecisionBack } from '../finding-undo.ts'
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
    const before = await getFinding(ctx, id)
    const finding = await dismissFinding(ctx, { findingId: id, reason: arg })
    return done(`Dismissed until somebody reopens it: ${findingName(finding)}.`, {
      subject: { kind: 'finding', id },
      // Dismissed before with the same words: the decision is another's.
      ...(finding.rev === before.rev ? {} : { undo: { verb: 'dismiss', kept: decisionKept(before, finding) } }),
    })
  },
  undo: takeDecisionBack,
})
