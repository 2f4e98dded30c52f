/** The arguments commands take: each reads words and writes them again (see `grammar.ts`). */
import { clouds } from '../db/vocabulary.ts'
import { invalid } from '../engine/errors.ts'
import type { Amount } from '../engine/money.ts'
import { quote, stops, type Reading, type Slot, type Word } from './grammar.ts'
import {
  isRange,
  rangeWords,
  readDay,
  readDuration,
  readRange,
  readSpan,
  writeDuration,
  writeMoment,
  type NamedRange,
  type Span,
} from './moments.ts'

/** Whose money: a pool or person by name, or one dimension. `me` is the asker. */
export type Scope =
  | { kind: 'pool'; name: string }
  | { kind: 'owner' | 'cloud' | 'region' | 'account' | 'service'; name: string }
  | { kind: 'user'; slackUserId: string }
  | { kind: 'tag'; key: string; value: string }
  | { kind: 'everything' }

/** The words of a name: one quoted name, or everything up to a keyword, a flag or a range. */
export function nameFrom(words: Word[]): { value: string; used: number } | null {
  const [first] = words
  if (!first || (!first.quoted && stops.has(first.text.toLowerCase()))) return null
  if (first.quoted) return { value: first.text, used: 1 }
  const end = words.findIndex(
    (word, n) =>
      n > 0 &&
      (word.quoted ||
        stops.has(word.text.toLowerCase()) ||
        beginsRange(words.slice(n)) ||
        /^\+?\d+[mhdw]$/i.test(word.text)),
  )
  const taken = end < 0 ? words : words.slice(0, end)
  return { value: taken.map((word) => word.text).join(' '), used: taken.length }
}

/** `14d`, `2026-10`, `last month`. */
const beginsRange = ([first, second]: Word[]): boolean =>
  !first!.quoted && (isRange(first!.text) || Boolean(second && isRange(`${first!.text}-${second.text}`)))

const slackUser = (text: string) => text.match(/^<@([UW][A-Z0-9]+)(\|[^>]*)?>$/)?.[1]

/** `for payments`, `for @priya`, `for owner:priya`, `for tag:env=prod`, `for cloud:aws`, `for everything`. */
export const scope: Slot<Scope> = {
  hints: ['for', ...clouds.map((cloud) => `for cloud:${cloud}`)],
  read(words) {
    if (words[0]!.quoted || !['for', 'of'].includes(words[0]!.text.toLowerCase()) || !words[1]) return null
    const { text, quoted } = words[1]
    if (!quoted) {
      if (/^me$/i.test(text)) return { value: { kind: 'owner', name: 'me' }, used: 2 }
      const user = slackUser(text)
      if (user) return { value: { kind: 'user', slackUserId: user }, used: 2 }
      const tag = text.match(/^tag:([^=]+)=(.+)$/i)
      if (tag) return { value: { kind: 'tag', key: tag[1]!, value: tag[2]! }, used: 2 }
      const dimension = text.match(/^(pool|owner|cloud|region|account|service):(.*)$/i)
      if (dimension) return ofDimension(dimension[1]!.toLowerCase() as 'pool', dimension[2]!, words.slice(2))
      if (/^(all|everything|everyone)$/i.test(text)) return { value: { kind: 'everything' }, used: 2 }
    }
    const name = beginsRange(words.slice(1)) ? null : nameFrom(words.slice(1))
    return name && { value: { kind: 'pool', name: name.value }, used: 1 + name.used }
  },
  write(value) {
    if (value.kind === 'everything') return 'for everything'
    if (value.kind === 'user') return `for <@${value.slackUserId}>`
    if (value.kind === 'tag') return `for tag:${value.key}=${value.value}`
    const name = isRange(value.name) ? `"${value.name}"` : quote(value.name)
    return `for ${value.kind === 'pool' ? '' : `${value.kind}:`}${name}`
  },
}

function ofDimension(kind: 'pool' | 'owner', begun: string, rest: Word[]): { value: Scope; used: number } | null {
  const named = (name: string): Scope => (kind === 'pool' ? { kind, name } : { kind, name })
  if (begun) return { value: named(begun), used: 2 }
  return rest[0] ? { value: named(rest[0].text), used: 3 } : null
}

/** What an answer can be split by. */
export const groupings = ['service', 'pool', 'owner', 'resource', 'type', 'cloud', 'account', 'region'] as const
export type Grouping = (typeof groupings)[number] | `tag:${string}`

/** `by service`, `by tag:env`. */
export const group: Slot<Grouping> = {
  hints: groupings.map((name) => `by ${name}`),
  read(words) {
    if (words[0]!.quoted || words[0]!.text.toLowerCase() !== 'by' || !words[1]) return null
    const text = words[1].text
    if (/^tag:.+/i.test(text)) return { value: `tag:${text.slice(4)}`, used: 2 }
    const found = groupings.find((name) => name === text.toLowerCase() || `${name}s` === text.toLowerCase())
    return found ? { value: found, used: 2 } : null
  },
  write: (value) => `by ${value}`,
}

/** `14d`, `mtd`, `last-month` or `last month`, `2026-10`, `2026-10-01..2026-10-15`. */
export const range: Slot<NamedRange> = {
  hints: rangeWords,
  read([first, second], { now }) {
    if (first!.quoted) return null
    const two = second && !second.quoted ? readRange(`${first!.text}-${second.text}`, now) : null
    const value = two ?? readRange(first!.text, now)
    return value && { value, used: two ? 2 : 1 }
  },
  write: ({ token }) => token,
}

export type Compare =
  | { kind: 'prev' }
  | { kind: 'budget' }
  | { kind: 'forecast' }
  | { kind: 'range'; range: NamedRange }

/** `vs prev`, `vs budget`, `vs forecast`, `vs 2026-09`. */
export const compare: Slot<Compare> = {
  hints: ['vs prev', 'vs budget', 'vs forecast'],
  read(words, { now }) {
    if (words[0]!.quoted || !/^vs\.?$/i.test(words[0]!.text) || !words[1]) return null
    const text = words[1].text.toLowerCase()
    if (text === 'prev' || text === 'previous') return { value: { kind: 'prev' }, used: 2 }
    if (text === 'budget' || text === 'forecast') return { value: { kind: text }, used: 2 }
    const other = readRange(text, now)
    return other && { value: { kind: 'range', range: other }, used: 2 }
  },
  write: (value) => `vs ${value.kind === 'range' ? value.range.token : value.kind}`,
}

/** `2h`, `+3d`, `1h30m`: milliseconds. */
export const duration: Slot<number> = {
  read(words) {
    const led = words[0]!.text.toLowerCase() === 'for' ? 1 : 0
    const value = words[led] && !words[led].quoted ? readDuration(words[led].text) : null
    return value === null ? null : { value, used: led + 1 }
  },
  write: writeDuration,
}

/** `tomorrow 14:00-17:00`, `fri 9am`, `18:00`; in the person's zone. */
export const span: Slot<Span> = {
  read(words, at) {
    const led = /^(at|from|on|until)$/i.test(words[0]!.text) && words[1] ? 1 : 0
    const found = words[led]!.quoted ? null : readSpan(words.slice(led), at)
    return found && { value: found.value, used: found.used + led }
  },
  write({ startsAt, endsAt }, zone) {
    const from = writeMoment(startsAt, zone)
    return endsAt ? `${from}-${writeMoment(endsAt, zone).slice(11)}` : from
  },
}

/** A moment: the start of a span. `until fri 18:00`, `18:00`, `2026-11-24T14:00`. */
export const moment: Slot<Date> = {
  read(words, at: Reading) {
    const found = span.read(words, at)
    return found && !found.value.endsAt ? { value: found.value.startsAt, used: found.used } : null
  },
  write: (value, zone) => `until ${writeMoment(value, zone)}`,
}

/** `until 18:00`, `until fri 9am`: an end; the word itself must be there. */
export const until: Slot<Date> = {
  read: (words, at) => (words[0]!.text.toLowerCase() === 'until' ? moment.read(words, at) : null),
  write: (value, zone) => `until ${writeMoment(value, zone)}`,
}

/** `28.000`, `20,50`, `1.500,50`: a point or a comma that means thousands to some and parts to others. */
const eitherWay = /^(\d{1,3}(\.\d{3})+(,\d+)?|\d+,\d{1,2})$/

/**
 * `20`, `$20`, `20.50`, `20/day`, `1,500`: a decimal string. Throws Invalid for an amount that people of two countries read
 * differently: nobody gets a limit of 28 who wrote 28.000.
 */
export const amount: Slot<Amount> = {
  read(words) {
    if (words[0]!.quoted) return null
    const text = words[0]!.text.replace(/^[$€£]/, '').replace(/\/(day|d|mo|month)$/i, '')
    if (eitherWay.test(text) && !text.startsWith('0.'))
      throw invalid(`“${text}” can be read in two ways. Nothing was changed.`, {
        next: 'Write it like 28000, 28,000 or 20.50.',
      })
    const isOne = /^(\d{1,12}|\d{1,3}(,\d{3})+)(\.\d{1,4})?$/.test(text)
    return isOne ? { value: text.replaceAll(',', ''), used: 1 } : null
  },
  write: (value) => value,
}

/** `20`, `20/day`, `600/month`: an amount and what it is for, where that was said. */
export const rate: Slot<{ amount: Amount; per: 'day' | 'month' | null }> = {
  read(words, at) {
    const found = amount.read(words, at)
    const unit = words[0]!.text.match(/\/(d|m)\w*$/i)?.[1]?.toLowerCase()
    return (
      found && { ...found, value: { amount: found.value, per: unit === 'd' ? 'day' : unit === 'm' ? 'month' : null } }
    )
  },
  write: (value) => (value.per ? `${value.amount}/${value.per}` : value.amount),
}

/** A Slack user, `to` may stand before: `to @priya`. */
export const person: Slot<string> = {
  read(words) {
    const led = words[0]!.text.toLowerCase() === 'to' ? 1 : 0
    const user = words[led] && slackUser(words[led].text)
    return user ? { value: user, used: led + 1 } : null
  },
  write: (value) => `<@${value}>`,
}

/** One of a few words, e.g. `open` or `mine`. */
export const oneOf = <const T extends string>(...options: T[]): Slot<T> => ({
  hints: options,
  read(words) {
    const found = options.find((option) => option === words[0]!.text.toLowerCase())
    return found && !words[0]!.quoted ? { value: found, used: 1 } : null
  },
  write: (value) => value,
})

/** The name of a pool, environment, resource or recommendation: one quoted name or the words up to a keyword. */
export const name: Slot<string> = { free: true, read: nameFrom, write: quote }

/** The name of a pool; `for` may stand before it: `budget for payments`, `role @priya manager for payments`. */
export const poolName: Slot<string> = {
  free: true,
  read(words) {
    const led = /^(for|of|in|on|to)$/i.test(words[0]!.text) && !words[0]!.quoted ? 1 : 0
    const found = words[led] ? nameFrom(words.slice(led)) : null
    return found && { value: found.value, used: found.used + led }
  },
  write: (value) => `for ${quote(value)}`,
}

/** Exactly one word, e.g. an id. */
export const word: Slot<string> = {
  free: true,
  read: (words) => ({ value: words[0]!.text, used: 1 }),
  write: quote,
}

/** Words that say when or for how long. */
const saysWhen = (text: string, at: Reading): boolean =>
  /\d\s*(min|mins|minutes?|h|hours?|hrs?|days?|weeks?|am|pm)\b/i.test(text) ||
  text.split(/\s+/).some((word) => {
    const bare = word.replace(/[.,;:!]+$/, '')
    const isClock =
      /[:\d](am|pm)$|\d:\d\d/i.test(bare) || /^\d{4}-\d\d-\d\d/.test(bare) || /^\d{1,2}\.\d{1,2}\.$/.test(word)
    return isClock || readDay(bare, at) !== null || readDuration(bare) !== null
  })

/**
 * Why something is booked: all that is left. What says when, but not where a time stands, is no reason: it throws Invalid
 * unless `because` or quotes say that it is one.
 */
export const reason: Slot<string> = {
  free: true,
  read(words, at) {
    const found = rest.read(words, at)!
    const isMeant = words[0]!.quoted || words[0]!.text.toLowerCase() === 'because'
    if (isMeant || !saysWhen(found.value, at)) return found
    throw invalid(`I do not know when “${found.value}” is. Nothing was booked.`, {
      next: 'Put the time right behind the name, e.g. stage-2 tomorrow 14:00-17:00 UAT. If it is the reason, put “because” in front.',
    })
  },
  write: (value) => (saysWhen(value, { now: new Date(0), zone: 'UTC' }) ? `because ${value}` : value),
}

/** Everything that is left, e.g. a reason. `because` may lead it. */
export const rest: Slot<string> = {
  free: true,
  read(words) {
    const taken = words[0]!.text.toLowerCase() === 'because' && words[1] ? words.slice(1) : words
    return { value: taken.map(({ text }) => text).join(' '), used: words.length }
  },
  write: (value) => value,
}
