/**
 * Text for Slack's mrkdwn. Outside strings (names, tags, reasons) become safe the moment they enter a template, so a
 * pool called `<!channel>` is shown, not obeyed.
 */
import { hourMs } from '../engine/time.ts'

/** Text that is already mrkdwn; made by `md`, `bold`, `code`, `moment`, never by a cast. */
export type Rich = { readonly rich: string }

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
/** Look-alikes, because mrkdwn has no escape for its own marks. */
const marks: Record<string, string> = { '*': '∗', '~': '∼', '`': 'ˋ', _: 'ˍ' }

/** Makes `& < >` harmless, so that nothing in the text is a mention, a link or a command to Slack. */
export const escapeEntities = (text: string): string => text.replaceAll(/[&<>]/g, (sign) => entities[sign]!)

/** Outside text as it should be read: entities escaped, formatting marks replaced, line breaks as spaces. An underscore inside a word stays. */
export function escapeText(text: string): string {
  const bare = text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (mark) => marks[mark]!)
  return escapeEntities(bare)
}

/** `md\`*${name}* costs ${amount}\``: the literal is mrkdwn, every value is escaped unless it is Rich already. */
export function md(parts: TemplateStringsArray, ...values: (Rich | string | number)[]): Rich {
  return raw(parts.map((part, n) => part + (n < values.length ? source(values[n]!) : '')).join(''))
}

const raw = (rich: string): Rich => ({ rich })

/** The mrkdwn of a value; plain strings are escaped. */
export function source(value: Rich | string | number): string {
  return typeof value === 'object' ? value.rich : escapeText(String(value))
}

/** Joins pieces with a separator; empty ones are left out. */
export function join(pieces: (Rich | string | null | undefined | false)[], separator = ' · '): Rich {
  const texts = pieces.filter((piece): piece is Rich | string => Boolean(piece)).map(source)
  return raw(texts.filter(Boolean).join(separator))
}

/** Lines below each other. */
export const lines = (...pieces: (Rich | string | null | undefined | false)[]): Rich => join(pieces, '\n')

/** Monospaced; the only mark that matters inside is the backtick. */
export const code = (text: string): Rich =>
  raw(`\`${escapeEntities(text.replaceAll(/\s+/g, ' ').replaceAll('`', 'ˋ')) || ' '}\``)

const mentioned = /(<@[UW][A-Z0-9]+(?:\|[^>]*)?>)/

/** Does a typed line name somebody by a mention? Buttons and other plain text would show its id. */
export const namesSomebody = (line: string): boolean => mentioned.test(line)

/** A command as a person reads it: monospaced, but people stay mentions, which Slack shows as names only outside of code. */
export const typed = (line: string): Rich =>
  join(
    line.split(mentioned).map((piece, n) => (n % 2 ? raw(piece) : piece.trim() && code(piece.trim()))),
    ' ',
  )

/** A paragraph of a manual: lines joined, what stands in backticks monospaced, everything else as it is. */
export const prose = (text: string): Rich =>
  join(
    text.split('`').map((piece, n) => (n % 2 ? code(piece) : raw(escapeText(piece)))),
    '',
  )

/** A link to our own pages. `label` is escaped; a `|` or `>` in the address would end the link, so both are encoded. */
export const linkTo = (url: string, label: string): Rich =>
  raw(`<${url.replaceAll('|', '%7C').replaceAll('>', '%3E').replaceAll('<', '%3C')}|${escapeText(label)}>`)

/** A Slack user; people without Slack are named. */
export const mention = (person: { slackUserId?: string | null; name: string }): Rich =>
  person.slackUserId && /^[UW][A-Z0-9]+$/.test(person.slackUserId)
    ? raw(`<@${person.slackUserId}>`)
    : md`${person.name}`

/** An instant in each reader's own zone: "Nov 24 at 5:00 PM"; the fallback after the bar is UTC. */
export function moment(at: Date, style: 'full' | 'time' | 'day' = 'full'): Rich {
  const form = { full: '{date_short_pretty} at {time}', time: '{time}', day: '{date_short_pretty}' }[style]
  return raw(`<!date^${Math.floor(at.getTime() / 1000)}^${form}|${escapeEntities(inUtc(at, style))}>`)
}

function inUtc(at: Date, style: 'full' | 'time' | 'day'): string {
  const day = at.toLocaleDateString('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' })
  const time = `${at.toISOString().slice(11, 16)} UTC`
  return { full: `${day}, ${time}`, time, day }[style]
}

/** What a person typed, from what Slack transmits: entities and links undone. Mentions stay as they are. */
export const asTyped = (text: string): string =>
  text
    .replaceAll(/<(?:mailto:([^|>]*)|(https?:[^|>]*))(?:\|([^>]*))?>/g, (_, mail, url, label) => label ?? mail ?? url)
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

/** Cuts to `most` characters with an ellipsis; never inside a surrogate pair. */
export const cut = (text: string, most: number): string =>
  text.length <= most
    ? text
    : `${text
        .slice(0, most - 1)
        .replace(/[\uD800-\uDBFF]$/, '')
        .trimEnd()}…`

/** From when to when; the day of the end is said when it cannot be the start's. */
export const span = ({ startsAt, endsAt }: { startsAt: Date; endsAt: Date }): Rich =>
  md`${moment(startsAt)} to ${moment(endsAt, endsAt.getTime() - startsAt.getTime() < 12 * hourMs ? 'time' : 'full')}`

/** Cuts mrkdwn to `most` characters without leaving half a link, date or entity behind. */
export function cutRich(text: string, most: number): string {
  if (text.length <= most) return text
  const short = text.slice(0, most - 1)
  const whole = short.lastIndexOf('<') > short.lastIndexOf('>') ? short.slice(0, short.lastIndexOf('<')) : short
  return `${whole
    .replace(/&[a-z]{0,3}$/, '')
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()}…`
}
