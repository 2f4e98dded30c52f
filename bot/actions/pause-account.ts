import { pauseAccount } from '../../engine/accounts/pause.ts'
import { done } from '../reply.ts'
import { action } from './action.ts'

/** Stops reading an account. Twice is once, so no receipt stands in the way of pausing it again later. */
export default action({
  verb: 'pause-account',
  on: 'account',
  effect: 'none',
  async run(ctx, { id }) {
    const { name } = await pauseAccount(ctx, { accountId: id })
    return done(`${name} is paused. What is known stays.`, {
      subject: { kind: 'account', id },
      next: { label: 'Resume', verb: 'resume-account', id },
    })
  },
})
