import { undoConstraint } from '../resources.ts'
import { action } from './action.ts'

/** How every change of a TTL or daily limit is taken back; it has no button of its own. */
export default action({ verb: 'restore-constraint', on: 'resource', effect: 'none', undo: undoConstraint })
