import { sayMissing } from '../../engine/accounts/check.ts'
import { recheckAccount } from '../../engine/accounts/recheck.ts'
import { done } from '../reply.ts'
import { action } from './action.ts'

/** Asks the cloud now whether the key works and what it may not do. */
export default action({
  verb: 'recheck-account',
  on: 'account',
  effect: 'none',
  async run(ctx, { id }) {
    const { account, missing } = await recheckAccount(ctx, { accountId: id })
    const said = missing.length ? sayMissing(missing) : `The key of ${account.name} works and nothing is missing.`
    return done(`${said}${account.pausedAt ? '' : ' Everything is read again now.'}`, {
      subject: { kind: 'account', id },
    })
  },
})
