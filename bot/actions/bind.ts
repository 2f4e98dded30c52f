import { findBoundPool } from '../../db/queries/slack-bindings.ts'
import { alertsChannel, changeAlertsChannel } from '../alerts-channel.ts'
import { bindChannel } from '../bindings.ts'
import { assertStill } from '../../engine/still.ts'
import { action } from './action.ts'

/** Only the way back of `bind`: the channel means again what it meant before, or alerts go again where they went. */
export default action({
  verb: 'bind',
  on: 'channel',
  effect: 'reversible',
  async undo(ctx, { kept }) {
    if (typeof kept['alerts'] === 'string') {
      assertStill((await alertsChannel(ctx)) ?? '', kept['after'])
      const { after } = await changeAlertsChannel(ctx, { channel: kept['alerts'] || null })
      return after ? 'Alerts go to the channel where they went before.' : 'There is no channel for all alerts again.'
    }
    const { teamId, channel } = ctx.place
    assertStill(channel && (await findBoundPool(ctx.db, { teamId, channel })), kept['after'])
    const before = typeof kept['before'] === 'string' ? kept['before'] : null
    await bindChannel(ctx, { poolId: before })
    return before ? 'This channel means the pool it meant before.' : 'This channel means no pool again.'
  },
})
