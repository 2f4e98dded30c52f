/**
 * One line of words, whatever the door: slash command, mention, direct message, button. Finds the command, reads its
 * arguments, runs it and says the answer. Nobody types twice: what was not understood comes back as buttons.
 */
import { findQuestion } from '../db/queries/slack-questions.ts'
import { invalid, notFound } from '../engine/errors.ts'
import { commands } from './commands/catalog.ts'
import { docOf, type AnyCommand } from './commands/command.ts'
import type { BotContext } from './context.ts'
import { explain } from './errors.ts'
import { canonical, parse, wordsOf, type Flags, type Reading, type Word } from './grammar.ts'
import type { Manual } from './manual.ts'
import { ask, open, type Reply } from './reply.ts'
import { typed } from './rich.ts'
import { speak, type Manner } from './speak.ts'
import type { Voice } from './voice.ts'
import { closest, edits } from './words.ts'

/** The documents of all commands. */
export const manual: Manual = commands.map(docOf)

/** A line understood: the command, its input, and how it would be typed in full. */
type Understood = { command: AnyCommand; input: Record<string, unknown> & { flags: Flags }; line: string }

/** Answers a line. Never throws for what a person can be told. `change` amends the line, e.g. `by pool`. */
export async function answer(
  ctx: BotContext,
  voice: Voice,
  asked: { line: string; how?: Manner['how']; change?: string; question?: string },
): Promise<void> {
  const how = asked.how ?? 'whisper'
  try {
    const understood = await understand(ctx, asked.line, asked.change)
    if ('kind' in understood) return await speak(ctx, voice, { reply: understood, manner: { how: 'whisper' } })
    const reply = await understood.command.run(ctx, understood.input)
    await sayReply(ctx, voice, {
      reply,
      manner: { ...mannerOf(understood, how), ...(asked.question ? { question: asked.question } : {}) },
    })
  } catch (error) {
    await speak(ctx, voice, {
      reply: await explain(ctx, error, typed(asked.line.slice(0, 150))),
      manner: { how: 'whisper' },
    })
  }
}

const mannerOf = ({ line, input }: Understood, how: Manner['how']): Manner => ({
  how: input.flags.share ? 'post' : how,
  command: line,
})

/** Says a reply, and follows one that runs another command. */
export async function sayReply(ctx: BotContext, voice: Voice, said: { reply: Reply; manner: Manner }): Promise<void> {
  const { reply } = said
  if (reply.kind !== 'run') return speak(ctx, voice, said)
  await answer(ctx, voice, { line: reply.command, how: reply.how, ...(reply.change ? { change: reply.change } : {}) })
}

/** The stored line behind a button, or NotFound when it is too old or of another organization. */
export async function storedLine(ctx: BotContext, id: string): Promise<string> {
  const found = await findQuestion(ctx.db, { orgId: ctx.orgId, id })
  if (!found) throw notFound('I no longer know this question. Nothing was changed.', { next: 'Type it again.' })
  return found.canonical
}

/** The dialog a line means without anything having to be read first: the palette, or a command that is only a dialog. */
export function opensAtOnce(line: string): string | null {
  const words = wordsOf(line)
  if (words.length === 0) return 'palette'
  const first = findCommand(words[0]!.text.toLowerCase())
  // `/env book` comes as `env book`.
  const meant = words.length === 2 ? first && verbOf(first, words[1]) : words.length === 1 ? first : null
  return meant?.opens?.name ?? null
}

/** Reads a line: a command with its input, or a reply that asks back. */
export async function understand(ctx: BotContext, line: string, change?: string): Promise<Understood | Reply> {
  const words = wordsOf(line)
  const at: Reading = { now: ctx.now(), zone: ctx.person.zone }
  if (words.length === 0) return open({ name: 'palette' })
  const found = await commandOf(ctx, words)
  if (!found) return unknownVerb(words)
  const { command, rest } = found
  if (rest.length === 0 && command.opens && !change) return open(command.opens)
  const parsed = parse(command.takes, rest, at)
  if (!parsed.ok)
    return ask(
      parsed.why,
      parsed.suggestions
        .filter((text) => parse(command.takes, wordsOf(text), at).ok)
        .map((text) => ({ label: text, command: `${command.verb} ${text}` })),
    )
  if (parsed.input.flags.dry && command.effect !== 'none')
    throw invalid('I cannot try this out, I can only do it. Nothing was changed.', {
      next: `Leave --dry out${command.effect === 'reversible' ? '; Undo takes it back for 30 minutes' : ''}.`,
    })
  const input = change ? amend(command, parsed.input, { words: wordsOf(change), at }) : parsed.input
  return { command, input, line: canonical(command, withoutShare(input), at.zone) }
}

/** Sharing is a wish of the moment, not part of the question. */
function withoutShare<T extends { flags: Flags }>(input: T): T {
  const { share: _, csv: __, ...flags } = input.flags
  return { ...input, flags }
}

/** Replaces what the change names and keeps the rest of the question. */
function amend(
  command: AnyCommand,
  input: Understood['input'],
  { words, at }: { words: Word[]; at: Reading },
): Understood['input'] {
  const given = Object.keys(command.takes).filter((name) => {
    const alone = parse({ [name]: { ...command.takes[name]!, needed: '-' } }, words, at)
    return alone.ok
  })
  const changed = parse(Object.fromEntries(given.map((name) => [name, command.takes[name]!])), words, at)
  if (!changed.ok) return input
  const flags = { ...input.flags, ...changed.input.flags }
  return { ...input, ...changed.input, flags }
}

/** The command a line means: by its first word, by a verb of the door that word is, or by a name a door knows. */
async function commandOf(ctx: BotContext, words: Word[]): Promise<Meant | null> {
  const named = findCommand(words[0]!.text.toLowerCase())
  if (!named) return claimed(ctx, words)
  // `/env book stage-2` is the verb `book`: the door's own name in front of one of its verbs says nothing new.
  const inner = verbOf(named, words[1])
  if (inner) return { command: inner, rest: words.slice(2) }
  const turned = named.claims && verbOf(named, words[2]) ? await claimed(ctx, words.slice(1)) : null
  return turned ?? { command: named, rest: words.slice(1) }
}

type Meant = { command: AnyCommand; rest: Word[] }

/** `stage-2` is for the door that knows the name, `stage-2 release` for that verb of the door. */
async function claimed(ctx: BotContext, [name, verb, ...rest]: Word[]): Promise<Meant | null> {
  for (const command of commands) {
    if (!(await command.claims?.(ctx, name!.text))) continue
    const inner = verbOf(command, verb)
    return inner
      ? { command: inner, rest: [name!, ...rest] }
      : { command, rest: [name!, ...(verb ? [verb] : []), ...rest] }
  }
  return null
}

/** The verb of this door that the word is, or null. */
function verbOf(door: AnyCommand, word: Word | undefined): AnyCommand | null {
  const found = word && !word.quoted ? findCommand(word.text.toLowerCase()) : null
  return found && found !== door && found.door && found.door === door.verb ? found : null
}

const findCommand = (verb: string): AnyCommand | null =>
  commands.find((command) => command.verb === verb || command.aliases?.includes(verb)) ?? null

function unknownVerb(words: Word[]): Reply {
  const rest = words.slice(1).map(({ text, quoted }) => (quoted ? `"${text}"` : text))
  const typed = words[0]!.text.toLowerCase()
  const near = commands
    .map(({ verb }) => verb)
    .filter((verb) => verb.startsWith(typed) || edits(typed, verb) <= Math.max(2, typed.length / 3))
  if (near.length === 0)
    return ask(`I do not know “${words[0]!.text.slice(0, 40)}”.`, [{ label: 'help', command: 'help' }])
  const verbs = closest(typed, near)
  return ask(
    `I do not know “${words[0]!.text.slice(0, 40)}”.`,
    verbs.map((verb) => ({ label: verb, command: [verb, ...rest].join(' ') })),
  )
}
