import { extendAndTell } from '../actions/extend-booking.ts'
import { bookingMeant, environmentCalled } from '../environments.ts'
import { defaulted, optional, quote } from '../grammar.ts'
import { hourMs } from '../../engine/time.ts'
import { duration, until, word } from '../slots.ts'
import { command } from './command.ts'

/** Keeps an environment longer, by an hour when nothing else is said, as far as the next booking allows. */
export default command({
  verb: 'extend',
  door: 'env',
  summary: 'Keep an environment longer',
  usage: '[environment] [by how long]',
  examples: ['extend +1h', 'extend stage-2 30m', 'extend stage-2 until 18:00'],
  effect: 'reversible',
  takes: {
    until: optional(until),
    length: defaulted(duration, () => hourMs),
    environment: optional(word),
  },
  async run(ctx, { environment: name, until: end, length }) {
    const environment = name ? await environmentCalled(ctx, name, (full) => `extend ${quote(full)}`) : null
    const booking = await bookingMeant(ctx, environment)
    return extendAndTell(ctx, booking, end ?? new Date(booking.endsAt.getTime() + length))
  },
})
