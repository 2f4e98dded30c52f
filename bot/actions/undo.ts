import { action } from './action.ts'

/** Takes a change back within 30 minutes; the door does it with the `undo` of the action that made the change. */
export default action({ verb: 'undo', on: null, effect: 'none' })
