import { resumeAccount } from '../../engine/accounts/pause.ts'
import { done } from '../reply.ts'
import { action } from './action.ts'

/** Reads an account again. */
export default action({
  verb: 'resume-account',
  on: 'account',
  effect: 'none',
  async run(ctx, { id }) {
    const { name } = await resumeAccount(ctx, { accountId: id })
    return done(`${name} is read again, beginning now.`, { subject: { kind: 'account', id } })
  },
})
