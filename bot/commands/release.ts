import { bookingMeant, environmentCalled } from '../environments.ts'
import { optional, quote } from '../grammar.ts'
import { releaseAndTell } from '../actions/release.ts'
import { word } from '../slots.ts'
import { command } from './command.ts'

/** Gives an environment back now; without a name, the one you hold. A booking that has not begun is cancelled. */
export default command({
  verb: 'release',
  door: 'env',
  summary: 'Give an environment back',
  usage: '[environment]',
  examples: ['release', 'release stage-2'],
  effect: 'reversible',
  takes: { environment: optional(word) },
  async run(ctx, { environment: name }) {
    const environment = name ? await environmentCalled(ctx, name, (full) => `release ${quote(full)}`) : null
    const { id } = await bookingMeant(ctx, environment)
    return releaseAndTell(ctx, id)
  },
})
