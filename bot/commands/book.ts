import { bookAndTell, environmentCalled, slotMeant } from '../environments.ts'
import { canonical, optional, required } from '../grammar.ts'
import bookEnvironment from '../modals/book-environment.ts'
import { personBehind } from '../resources.ts'
import { duration, person, reason, span, until, word } from '../slots.ts'
import { command } from './command.ts'

const takes = {
  until: optional(until),
  when: optional(span),
  length: optional(duration),
  holder: optional(person),
  environment: required(word, 'Which environment? Try: book stage-2 2h'),
  why: optional(reason),
}

/** Books a shared environment: two hours from now when nothing else is said. Managers book for others with a mention. */
export default command({
  verb: 'book',
  door: 'env',
  summary: 'Book a shared environment',
  usage: '<environment> [when] [for how long] [why]',
  examples: ['book stage-2', 'book stage-2 2h UAT', 'book stage-2 tomorrow 14:00-17:00 release test'],
  effect: 'reversible',
  takes,
  opens: bookEnvironment,
  async run(ctx, asked) {
    const { environment: name, when, until: end, length, holder, why } = asked
    const environment = await environmentCalled(ctx, name, (full) =>
      canonical({ verb: 'book', takes }, { ...asked, environment: full }, ctx.person.zone),
    )
    const slot = slotMeant(ctx, { when, until: end, length, environment })
    return bookAndTell(ctx, environment, { ...slot, reason: why, personId: holder && personBehind(ctx, holder) })
  },
})
