import rotateKey from '../modals/rotate-key.ts'
import { action } from './action.ts'

/** Opens the dialog in which an account gets a new key or role; `arg` is its cloud and the way it signs in now, `aws:1`. */
export default action({
  verb: 'rotate-key',
  on: 'account',
  effect: 'none',
  opens: {
    modal: rotateKey,
    facts: ({ id, arg }): Record<string, string> => {
      const [cloud = 'aws', way = '0'] = arg.split(':')
      return { accountId: id, cloud, way }
    },
  },
})
