import { findDoc } from '../manual.ts'
import { optional } from '../grammar.ts'
import helpMessage from '../messages/help.ts'
import { say, UnclearError } from '../reply.ts'
import { word } from '../slots.ts'
import { closest } from '../words.ts'
import { command } from './command.ts'

/** Says what can be asked, or how one command is used. */
export default command({
  verb: 'help',
  aliases: ['hello', 'hi', 'commands'],
  summary: 'What I can do',
  usage: '[command]',
  examples: ['help', 'help cost'],
  effect: 'none',
  takes: { about: optional(word) },
  async run(ctx, { about }) {
    if (!about) return say(helpMessage, { about: null, entries: [...ctx.manual] })
    const doc = findDoc(ctx.manual, about.toLowerCase())
    if (!doc) {
      const near = closest(
        about,
        ctx.manual.map(({ verb }) => verb),
      )
      throw new UnclearError(
        `There is no command “${about}”.`,
        near.map((verb) => ({ label: verb, command: `help ${verb}` })),
      )
    }
    return say(helpMessage, { about: doc.verb, entries: [doc] })
  },
})
