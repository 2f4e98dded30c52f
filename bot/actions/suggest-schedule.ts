import powerSchedule from '../modals/power-schedule.ts'
import { action } from './action.ts'

/** Opens the dialog of a machine's power with a schedule made from the hours in which it does nothing. */
export default action({
  verb: 'suggest-schedule',
  on: 'finding',
  effect: 'none',
  opens: { modal: powerSchedule, facts: ({ id }) => ({ findingId: id }) },
})
