import { readCleanUpPolicy, sayPolicy, setCleanUpPolicy } from '../../engine/clean-ups/policy.ts'
import approvalLimit from '../modals/approval-limit.ts'
import { assertStill } from '../../engine/still.ts'
import { action } from './action.ts'

/** Opens the dialog of the amount above which clean-ups need a second person, and takes a change of it back. */
export default action({
  verb: 'approval-limit',
  on: null,
  effect: 'none',
  opens: { modal: approvalLimit, facts: () => ({}) },
  async undo(ctx, { kept }) {
    assertStill((await readCleanUpPolicy(ctx)).over, kept['after'])
    const { after } = await setCleanUpPolicy(ctx, { over: Number(kept['before']) })
    return sayPolicy(after, ctx.currency)
  },
})
