import { restoreSchedule } from '../schedule-form.ts'
import changeSchedule from '../modals/change-schedule.ts'
import { action } from './action.ts'

/** Opens the dialog of a power schedule there is; Undo of what was saved there puts it back. */
export default action({
  verb: 'change-schedule',
  on: 'schedule',
  effect: 'none',
  opens: { modal: changeSchedule, facts: ({ id }): Record<string, string> => ({ scheduleId: id }) },
  undo: restoreSchedule,
})
