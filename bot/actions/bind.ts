import { bindChannel } from '../bindings.ts'
import { action } from './action.ts'

/** Only the way back of `bind`: the channel means again what it meant before. */
export default action({
  verb: 'bind',
  on: 'channel',
  effect: 'reversible',
  async undo(ctx, { kept }) {
    const before = typeof kept['before'] === 'string' ? kept['before'] : null
    await bindChannel(ctx, { poolId: before })
    return before ? 'This channel means the pool it meant before.' : 'This channel means no pool again.'
  },
})
