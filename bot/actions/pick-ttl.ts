import pickTtl from '../modals/pick-ttl.ts'
import { action } from './action.ts'

/** Opens the dialog in which the end of a resource is picked. */
export default action({
  verb: 'pick-ttl',
  on: 'resource',
  effect: 'none',
  opens: { modal: pickTtl, facts: ({ id }) => ({ resourceId: id }) },
})
