/** The contract of a command: one verb at every door. It returns what to say and never talks to Slack. */
import type { BotContext } from '../context.ts'
import type { Input, Slots } from '../grammar.ts'
import type { CommandDoc } from '../manual.ts'
import type { Reply } from '../reply.ts'

export type Command<S extends Slots> = {
  /** The file name; `aliases` work too. */
  verb: string
  aliases?: string[]
  /** `/env` and `/cost` take their own verbs without repeating the first word. */
  door?: 'env' | 'cost'
  summary: string
  usage: string
  /** Whole lines without the slash, verb included; the tests parse them all. */
  examples: string[]
  /** none: reads. reversible: has an undo. irreversible: asks first. */
  effect: 'none' | 'reversible' | 'irreversible'
  /** The arguments, in the order of the canonical echo. */
  takes: S
  /** The dialog to open at once when nothing but the verb was typed (IC-2: before anything is read). */
  opens?: { name: string }
  /** Does this first word mean this command although the verb is missing? (a known environment, an id) */
  claims?: (ctx: BotContext, word: string) => Promise<boolean>
  run(ctx: BotContext, input: Input<S>): Promise<Reply>
}

/** Any command, for lists of them. Guarantee: `run` gets what `parse` made from this command's own `takes`. */
export type AnyCommand = Command<Slots>

/** Declares a command. */
export const command = <S extends Slots>(declared: Command<S>): Command<S> => declared

/** The document of a command, for help and hints. */
export const docOf = (one: AnyCommand): CommandDoc => ({
  verb: one.verb,
  door: one.door ?? 'finops',
  summary: one.summary,
  usage: one.usage,
  examples: one.examples,
  aliases: one.aliases ?? [],
  effect: one.effect,
})
