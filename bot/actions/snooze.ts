import { getFinding } from '../../engine/recommendations/dismiss.ts'
import { snoozeFinding } from '../../engine/recommendations/snooze.ts'
import { decisionKept, takeDecisionBack } from '../finding-undo.ts'
import { findingName } from '../findings.ts'
import { done } from '../reply.ts'
import { md, moment } from '../rich.ts'
import { action } from './action.ts'

/** Puts a recommendation off for `arg` days (7). */
export default action({
  verb: 'snooze',
  on: 'finding',
  effect: 'reversible',
  anyRevision: true,
  async run(ctx, { id, arg }) {
    const before = await getFinding(ctx, id)
    const finding = await snoozeFinding(ctx, { findingId: id, days: Number(arg) || 7 })
    return done(md`Put off until ${moment(finding.snoozedUntil!, 'day')}: ${findingName(finding)}.`, {
      subject: { kind: 'finding', id },
      undo: { verb: 'snooze', kept: decisionKept(before, finding) },
    })
  },
  undo: takeDecisionBack,
})
