import approvePart from '../modals/approve-part.ts'
import { action } from './action.ts'

/** Opens the choice of what is approved; `arg` is how the sha256 of the shown list begins, and how long the list is. */
export default action({
  verb: 'approve-part',
  on: 'clean_up',
  effect: 'none',
  opens: {
    modal: approvePart,
    facts({ id, arg }) {
      const [sha256 = '', count = ''] = arg.split(' ')
      return { cleanUpId: id, sha256, count }
    },
  },
})
