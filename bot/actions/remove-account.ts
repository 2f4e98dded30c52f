import removeAccount from '../modals/remove-account.ts'
import { action } from './action.ts'

/** Opens the dialog that says what goes with an account, and asks. */
export default action({
  verb: 'remove-account',
  on: 'account',
  effect: 'none',
  opens: { modal: removeAccount, facts: ({ id }) => ({ accountId: id }) },
})
