import powerSchedule from '../modals/power-schedule.ts'
import { action } from './action.ts'

/** Opens the dialog of a machine's power, or of a new schedule when there is no machine. */
export default action({
  verb: 'power-schedule',
  on: 'resource',
  effect: 'none',
  opens: { modal: powerSchedule, facts: ({ id }): Record<string, string> => (id === '-' ? {} : { resourceId: id }) },
})
