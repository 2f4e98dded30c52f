import { deleteRule } from '../../engine/assignment/rules.ts'
import makeRule from '../modals/make-rule.ts'
import { action } from './action.ts'

/** Opens the dialog that makes a rule for resources like this one; takes the rule back. */
export default action({
  verb: 'make-rule',
  on: 'resource',
  effect: 'none',
  opens: { modal: makeRule, facts: ({ id }) => ({ resourceId: id }) },
  async undo(ctx, { kept }) {
    await deleteRule(ctx, { ruleId: String(kept['ruleId']) })
    return 'The rule is gone again. What it assigned meanwhile stays.'
  },
})
