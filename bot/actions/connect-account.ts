import connectAccount from '../modals/connect-account.ts'
import { action } from './action.ts'

/** Opens the dialog that connects an account; `arg` is the cloud and the way in, `aws:1`. */
export default action({
  verb: 'connect-account',
  on: null,
  effect: 'none',
  opens: {
    modal: connectAccount,
    facts: ({ arg }): Record<string, string> => {
      const [cloud = 'aws', way = '0'] = arg.split(':')
      return { cloud, way }
    },
  },
})
