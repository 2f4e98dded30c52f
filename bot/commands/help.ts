import { manuals, recommendations } from '../../engine/recommendations/catalog.ts'
import { sayInputs } from '../../engine/recommendations/inputs.ts'
import { readOptions } from '../../engine/recommendations/options.ts'
import { saySettings } from '../../engine/recommendations/settings.ts'
import type { Recommendation } from '../../engine/recommendations/recommendation.ts'
import { scriptClouds } from '../../engine/recommendations/scripts.ts'
import type { BotContext } from '../context.ts'
import { findDoc } from '../manual.ts'
import { optional } from '../grammar.ts'
import helpMessage from '../messages/help.ts'
import recommendationManual from '../messages/recommendation-manual.ts'
import { say, UnclearError, type Reply } from '../reply.ts'
import { name } from '../slots.ts'
import { closest } from '../words.ts'
import { command } from './command.ts'

/** Says what can be asked, how one command is used, or what a recommendation does. */
export default command({
  verb: 'help',
  aliases: ['hello', 'hi', 'commands'],
  summary: 'What I can do',
  usage: '[command or recommendation]',
  examples: ['help', 'help cost', 'help obsolete_ips'],
  effect: 'none',
  takes: { about: optional(name) },
  async run(ctx, { about }) {
    if (!about) return say(helpMessage, { about: null, entries: [...ctx.manual] })
    const doc = findDoc(ctx.manual, about.toLowerCase())
    const one = called(about)
    if (!doc && one) return manualOf(ctx, one)
    if (!doc) {
      const near = closest(about, [...ctx.manual.map(({ verb }) => verb), ...recommendations.map(({ id }) => id)])
      throw new UnclearError(
        `There is no command or recommendation “${about}”.`,
        near.map((verb) => ({ label: verb, command: `help ${verb}` })),
      )
    }
    return say(helpMessage, { about: doc.verb, entries: [doc] })
  },
})

/** The recommendation of that id or title. */
const called = (about: string): Recommendation | undefined =>
  recommendations.find(({ id, title }) => asId(about) === id || asId(about) === asId(title))

const asId = (text: string): string => text.trim().toLowerCase().replaceAll(/[ -]/g, '_')

/** The manual of a recommendation: its own doc comment, what it reads, and its settings as they are. */
async function manualOf(ctx: BotContext, one: Recommendation): Promise<Reply> {
  const { id, title, advice, clouds } = one
  return say(recommendationManual, {
    ...{ id, title, advice, clouds: [...clouds], reads: sayInputs(one), scripts: scriptClouds(one) },
    manual: manuals[id] ?? advice,
    settings: saySettings(one, await readOptions(ctx, one)),
  })
}
