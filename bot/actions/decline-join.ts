import { assertCan } from '../../engine/access.ts'
import { done } from '../reply.ts'
import { action } from './action.ts'

/** A manager says no; nothing was shown, so nothing has to be taken back. */
export default action({
  verb: 'decline-join',
  on: 'person',
  effect: 'irreversible',
  async run(ctx, { id }) {
    await assertCan(ctx, 'manage_organization')
    return done('Declined. Nothing is shown to them.', { subject: { kind: 'person', id } })
  },
})
