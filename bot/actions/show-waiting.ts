import waiting from '../modals/waiting.ts'
import { action } from './action.ts'

/** Opens the whole list of what waits for me. */
export default action({ verb: 'show-waiting', on: null, effect: 'none', opens: { modal: waiting, facts: () => ({}) } })
