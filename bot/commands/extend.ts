import { extendAndTell } from '../actions/extend-booking.ts'
import { bookingMeant, environmentCalled } from '../environments.ts'
import { canonical, defaulted, optional } from '../grammar.ts'
import { hourMs } from '../../engine/time.ts'
import { duration, until, word } from '../slots.ts'
import { command } from './command.ts'

const takes = {
  until: optional(until),
  length: defaulted(duration, () => hourMs),
  environment: optional(word),
}

/** Keeps an environment longer, by an hour when nothing else is said, as far as the next booking allows. */
export default command({
  verb: 'extend',
  door: 'env',
  summary: 'Keep an environment longer',
  usage: '[environment] [by how long]',
  examples: ['extend +1h', 'extend stage-2 30m', 'extend stage-2 until 18:00'],
  effect: 'reversible',
  takes,
  async run(ctx, asked) {
    const { environment: name, until: end, length } = asked
    const typed = (full: string) =>
      canonical({ verb: 'extend', takes }, { ...asked, environment: full }, ctx.person.zone)
    const environment = name ? await environmentCalled(ctx, name, typed) : null
    const booking = await bookingMeant(ctx, environment)
    return extendAndTell(ctx, booking, end ?? new Date(booking.endsAt.getTime() + length))
  },
})
