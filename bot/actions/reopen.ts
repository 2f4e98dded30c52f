import { reopenFinding } from '../../engine/recommendations/dismiss.ts'
import { findingName } from '../findings.ts'
import { done } from '../reply.ts'
import { action } from './action.ts'

/** Puts a dismissed or snoozed recommendation back on the list. */
export default action({
  verb: 'reopen',
  on: 'finding',
  effect: 'reversible',
  anyRevision: true,
  async run(ctx, { id }) {
    const finding = await reopenFinding(ctx, { findingId: id })
    return done(`Open again: ${findingName(finding)}.`, { subject: { kind: 'finding', id } })
  },
})
