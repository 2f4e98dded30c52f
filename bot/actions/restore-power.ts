import { undoPower } from '../power-receipts.ts'
import { action } from './action.ts'

/** How every change of a machine's power is taken back; it has no button of its own. */
export default action({ verb: 'restore-power', on: 'resource', effect: 'none', undo: undoPower })
