import bookEnvironment from '../modals/book-environment.ts'
import { action } from './action.ts'

/** Opens the booking dialog, with the environment filled in when the button stood on one. */
export default action({
  verb: 'open-booking',
  on: 'environment',
  effect: 'none',
  opens: {
    modal: bookEnvironment,
    facts: ({ id }): Record<string, string> => (id === '-' ? {} : { environmentId: id }),
  },
})
