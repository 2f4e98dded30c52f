import setLimit from '../modals/set-limit.ts'
import { action } from './action.ts'

/** Opens the dialog in which the daily limit of a resource is set. */
export default action({
  verb: 'set-limit',
  on: 'resource',
  effect: 'none',
  opens: { modal: setLimit, facts: ({ id }) => ({ resourceId: id }) },
})
