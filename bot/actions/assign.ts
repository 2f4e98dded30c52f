import assign from '../modals/assign.ts'
import { action } from './action.ts'

/** Opens the dialog in which a resource gets another owner or pool. */
export default action({
  verb: 'assign',
  on: 'resource',
  effect: 'none',
  opens: { modal: assign, facts: ({ id }) => ({ resourceId: id }) },
})
