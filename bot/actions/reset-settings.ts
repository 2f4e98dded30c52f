import { open } from '../reply.ts'
import { action } from './action.ts'

/** Fills the dialog of a recommendation's settings with the defaults. Nothing changes before they are saved. */
export default action({
  verb: 'reset-settings',
  on: null,
  effect: 'none',
  run: async (_, { id }) => open({ name: 'recommendation-settings' }, { recommendation: id, defaults: 'yes' }),
})
