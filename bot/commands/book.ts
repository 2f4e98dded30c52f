import { bookAndTell, environmentCalled, slotMeant } from '../environments.ts'
import { optional, quote, required } from '../grammar.ts'
import bookEnvironment from '../modals/book-environment.ts'
import { notFound } from '../../engine/errors.ts'
import type { BotContext } from '../context.ts'
import { duration, person, rest, span, until, word } from '../slots.ts'
import { command } from './command.ts'

/** Books a shared environment: two hours from now when nothing else is said. Managers book for others with a mention. */
export default command({
  verb: 'book',
  door: 'env',
  summary: 'Book a shared environment',
  usage: '<environment> [when] [for how long] [why]',
  examples: ['book stage-2', 'book stage-2 2h UAT', 'book stage-2 tomorrow 14:00-17:00 release test'],
  effect: 'reversible',
  takes: {
    until: optional(until),
    when: optional(span),
    length: optional(duration),
    holder: optional(person),
    environment: required(word, 'Which environment? Try: book stage-2 2h'),
    why: optional(rest),
  },
  opens: bookEnvironment,
  async run(ctx, { environment: name, when, until: end, length, holder, why }) {
    const environment = await environmentCalled(ctx, name, (full) =>
      ['book', quote(full), why].filter(Boolean).join(' '),
    )
    const slot = slotMeant(ctx, { when, until: end, length, environment })
    return bookAndTell(ctx, environment, { ...slot, reason: why, personId: holder && personOf(ctx, holder) })
  },
})

function personOf({ slackUsers }: BotContext, slackUserId: string): string {
  const found = [...slackUsers].find(([, user]) => user === slackUserId)
  if (!found) throw notFound('That person is not linked to this organization. Nothing was booked.')
  return found[0]
}
