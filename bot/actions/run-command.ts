import { action } from './action.ts'

/** Runs the command a button carries: an example, a suggestion, a re-slice. The door reads `arg` as if it had been typed. */
export default action({ verb: 'run-command', on: null, effect: 'none' })
