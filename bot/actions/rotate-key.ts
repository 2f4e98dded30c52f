import rotateKey from '../modals/rotate-key.ts'
import { action } from './action.ts'

/** Opens the dialog in which an account gets a new key; `arg` is its cloud. */
export default action({
  verb: 'rotate-key',
  on: 'account',
  effect: 'none',
  opens: { modal: rotateKey, facts: ({ id, arg }) => ({ accountId: id, cloud: arg, way: '0' }) },
})
