/**
 * The grammar of every door (spec chat 2.2): `verb` and then slots in any order. A slot reads words and can write them
 * again, so every answer can echo the canonical command and every menu can say what it would run.
 */
import { closest } from './words.ts'

export type Word = { text: string; quoted: boolean }

/** When and where the words were typed: relative times mean the person's zone. */
export type Reading = { now: Date; zone: string }

/** One kind of argument. `read` takes words from the front or answers null; `write` is its inverse. */
export type Slot<T> = {
  read(words: Word[], at: Reading): { value: T; used: number } | null
  /** `zone` is the person's: clock times are written as they would type them. */
  write(value: T, zone: string): string
  /** Takes any word, so it is tried after the others. */
  free?: boolean
  /** Asked when it is missing. */
  needed?: string
  /** Its value when it is missing. */
  otherwise?(at: Reading): T
  /** Words to suggest on a miss. */
  hints?: string[]
}

export type Slots = Record<string, Slot<unknown>>
/** What a command receives: every slot's value (undefined when not given and not defaulted) and the flags. */
export type Input<S> = { [K in keyof S]: S[K] extends Slot<infer T> ? T : never } & { flags: Flags }

/** `--share` posts to the channel, `--csv` sends a file, `--dry` changes nothing, `--text` draws no chart. */
export type Flags = { share?: true; csv?: true; dry?: true; text?: true; top?: number }

export type Parsed = { ok: true; input: Record<string, unknown> & { flags: Flags } } | Miss
/** A word nobody understands, with whole commands that might have been meant; or a question about what is missing. */
export type Miss = { ok: false; why: string; suggestions: string[] }

/** May be left out; the value is undefined then. */
export const optional = <T>(slot: Slot<T>): Slot<T | undefined> => ({
  ...slot,
  write: (value, zone) => (value === undefined ? '' : slot.write(value, zone)),
  otherwise: () => undefined,
})

/** Asks the question when it is left out. */
export const required = <T>(slot: Slot<T>, question: string): Slot<T> => ({ ...slot, needed: question })

/** Means this when it is left out. */
export const defaulted = <T>(slot: Slot<T>, otherwise: (at: Reading) => T): Slot<T> => ({ ...slot, otherwise })

/** Splits a line into words; "quotes" keep a name together, typographic ones too, also behind a colon (`account:"AWS prod"`). */
export function wordsOf(line: string): Word[] {
  const found = line.matchAll(/([\w-]+:)?["“”]([^"“”]*)["“”]|(<[^>]*>)|(\S+)/g)
  return [...found].flatMap(([, label, quoted, angled, bare]) => [
    ...(label ? [{ text: label, quoted: false }] : []),
    { text: quoted ?? angled ?? bare ?? '', quoted: quoted !== undefined },
  ])
}

/** Puts quotes around a name that has spaces or would be read as a keyword. */
export const quote = (name: string): string =>
  /\s/.test(name) || stops.has(name.toLowerCase()) || name === '' ? `"${name.replaceAll(/["“”]/g, '')}"` : name

/** Words that begin a new argument and so end a name of several words. */
export const stops = new Set(['for', 'by', 'vs', 'to', 'from', 'over', 'until', 'at', 'on', 'in', 'because'])

/** Slack sends people as mentions; a name that stays behind its @ is nobody's. */
const choosePerson = 'In Slack, choose the person from the list that opens after @.'

/** Reads the words behind the verb with the command's slots. Case does not matter for keywords. */
export function parse(slots: Slots, words: Word[], at: Reading): Parsed {
  const { flags, rest, unknown } = takeFlags(words)
  if (unknown) return miss(unknown, words, flagNames)
  const nobody = rest.find(({ text, quoted }) => !quoted && /^@[\w.-]+$/.test(text))
  if (nobody) return { ok: false, why: `I do not know “${nobody.text}”. ${choosePerson}`, suggestions: [] }
  const input: Record<string, unknown> = {}
  const order = Object.entries(slots).toSorted(([, a], [, b]) => Number(a.free ?? false) - Number(b.free ?? false))
  for (let n = 0; n < rest.length;) {
    const found = firstReading(order, input, { words: rest.slice(n), at })
    if (!found)
      return miss(
        rest[n]!.text,
        words,
        Object.values(slots).flatMap((slot) => slot.hints ?? []),
      )
    input[found.name] = found.value
    n += found.used
  }
  for (const [name, slot] of Object.entries(slots)) {
    if (name in input) continue
    if (slot.needed) return { ok: false, why: slot.needed, suggestions: [] }
    input[name] = slot.otherwise?.(at)
  }
  return { ok: true, input: { ...input, flags } }
}

function firstReading(
  order: [string, Slot<unknown>][],
  taken: Record<string, unknown>,
  { words, at }: { words: Word[]; at: Reading },
): { name: string; value: unknown; used: number } | null {
  for (const [name, slot] of order) {
    const found = name in taken ? null : slot.read(words, at)
    if (found) return { name, ...found }
  }
  return null
}

const flagNames = ['--share', '--csv', '--dry', '--text', '--top 10']

function takeFlags(words: Word[]): { flags: Flags; rest: Word[]; unknown: string | null } {
  const flags: Flags = {}
  const rest: Word[] = []
  for (let n = 0; n < words.length; n += 1) {
    const { text, quoted } = words[n]!
    const name = text.toLowerCase().replace(/^[—–](?=\w)/, '--')
    if (quoted || !name.startsWith('--')) rest.push(words[n]!)
    else if (name === '--share' || name === '--csv' || name === '--dry' || name === '--text')
      flags[name.slice(2) as 'share'] = true
    else if (name === '--top' && /^\d{1,3}$/.test(words[n + 1]?.text ?? '')) flags.top = Number(words[(n += 1)]!.text)
    else return { flags, rest, unknown: text }
  }
  return { flags, rest, unknown: null }
}

/** `by servise` is one mistake, not two words: a keyword takes its word along. */
function miss(word: string, words: Word[], hints: string[]): Miss {
  const at = words.findIndex(({ text }) => text === word)
  const next = words[at + 1]
  const led = next && hints.some((hint) => hint.startsWith(`${word.toLowerCase()} `))
  const wrong = led ? `${word} ${next.text}` : word
  const rest = (from: number, to?: number) =>
    words.slice(from, to).map((each) => (each.quoted ? quote(each.text) : each.text))
  const line = (replacement: string) => [...rest(0, at), replacement, ...rest(at + (led ? 2 : 1))].join(' ')
  return { ok: false, why: `I do not know “${wrong}” here.`, suggestions: closest(wrong, hints, 3).map(line) }
}

/** The command that says the same in full, e.g. `cost by service for payments 14d vs prev`. */
export function canonical(
  { verb, takes }: { verb: string; takes: Slots },
  input: Record<string, unknown> & { flags?: Flags },
  zone: string,
): string {
  const parts = Object.entries(takes).map(([name, slot]) =>
    input[name] === undefined ? '' : slot.write(input[name], zone),
  )
  const { top, ...flags } = input.flags ?? {}
  return [verb, ...parts, ...Object.keys(flags).map((name) => `--${name}`), top ? `--top ${top}` : '']
    .filter(Boolean)
    .join(' ')
}
