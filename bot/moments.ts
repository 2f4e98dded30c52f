/** Days, ranges, lengths and moments as people type them. Ranges are UTC days (bills are); moments are in the person's zone. */
import {
  addDays,
  addMonths,
  dayOf,
  daysBetween,
  hourMs,
  instantAt,
  localOf,
  minuteMs,
  monthOf,
  type Day,
  type DayRange,
} from '../engine/time.ts'
import type { Reading, Word } from './grammar.ts'

/** A stretch of days and the word that means it, e.g. `14d`. */
export type NamedRange = DayRange & { token: string }

const daysBack = (today: Day, days: number): DayRange => ({ from: addDays(today, -days), to: addDays(today, -1) })

const quarterOf = (day: Day) =>
  `${day.slice(0, 5)}${String(Math.floor((Number(day.slice(5, 7)) - 1) / 3) * 3 + 1).padStart(2, '0')}-01`

const named: Record<string, (today: Day) => DayRange> = {
  today: (today) => ({ from: today, to: today }),
  yesterday: (today) => daysBack(today, 1),
  mtd: (today) => ({ from: monthOf(today), to: today }),
  'last-month': (today) => ({ from: addMonths(today, -1), to: addDays(monthOf(today), -1) }),
  qtd: (today) => ({ from: quarterOf(today), to: today }),
  ytd: (today) => ({ from: `${today.slice(0, 4)}-01-01`, to: today }),
}
const synonyms = new Map([
  ['month', 'mtd'],
  ['this-month', 'mtd'],
  ['week', '7d'],
  ['lastmonth', 'last-month'],
  ['last_month', 'last-month'],
])

/** Words that name a range. */
export const rangeWords = ['today', 'yesterday', '7d', '14d', '30d', '4w', 'mtd', 'last-month', 'qtd', 'ytd']

/**
 * `today | yesterday | mtd | last-month | qtd | ytd | 14d | 4w | 2026-10 | 2026-10-01..2026-10-15`. `14d` is the last 14
 * full days, so it ends yesterday. Null for anything else, a day that does not exist and an end before its start.
 */
export function readRange(text: string, now: Date): NamedRange | null {
  const token = synonyms.get(text.toLowerCase()) ?? text.toLowerCase()
  const today = dayOf(now)
  const back = token.match(/^(\d{1,3})([dw])$/)
  const range =
    (Object.hasOwn(named, token) ? named[token]!(today) : null) ??
    (back && Number(back[1]) > 0 ? daysBack(today, Number(back[1]) * (back[2] === 'w' ? 7 : 1)) : null) ??
    monthRange(token) ??
    betweenDays(token)
  return range && { ...range, token }
}

/** Does the text name a range, whatever the day is? */
export const isRange = (text: string): boolean => readRange(text, new Date(0)) !== null

function monthRange(token: string): DayRange | null {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(token)) return null
  const from = `${token}-01`
  return { from, to: addDays(addMonths(from, 1), -1) }
}

function betweenDays(token: string): DayRange | null {
  const [from, to, more] = token.split('..')
  if (!from || !to || more !== undefined || !isDay(from) || !isDay(to) || to < from || daysBetween(from, to) > 3660)
    return null
  return { from, to }
}

const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && dayOf(new Date(`${text}T00:00:00Z`)) === text

const unitMs: Record<string, number> = { m: minuteMs, h: hourMs, d: 24 * hourMs, w: 7 * 24 * hourMs }

/** `30m`, `2h`, `+3d`, `1w`, `1h30m`, `1.5h` in milliseconds; null for anything else and for nothing at all. */
export function readDuration(text: string): number | null {
  const bare = text
    .toLowerCase()
    .replace(/^\+/, '')
    .replaceAll(/(mins?|minutes?)\b/g, 'm')
    .replaceAll(/(hours?|hrs?)\b/g, 'h')
    .replaceAll(/days?\b/g, 'd')
  if (!/^(\d+(\.\d+)?[mhdw])+$/.test(bare)) return null
  const total = [...bare.matchAll(/(\d+(?:\.\d+)?)([mhdw])/g)].reduce(
    (sum, [, n, unit]) => sum + Number(n) * unitMs[unit!]!,
    0,
  )
  return total > 0 && total <= 3660 * 24 * hourMs ? Math.round(total / minuteMs) * minuteMs : null
}

/** A duration as typed: `2h`, `3d`, `90m`. */
export function writeDuration(ms: number): string {
  for (const unit of ['d', 'h']) if (ms % unitMs[unit]! === 0) return `${ms / unitMs[unit]!}${unit}`
  return `${Math.round(ms / minuteMs)}m`
}

/** `14:00`, `9`, `9am`, `2:30pm` as "HH:MM"; a bare number only when `bare` allows it. */
export function readTime(text: string, bare = false): string | null {
  const found = text.toLowerCase().match(/^(\d{1,2})(?::(\d{2}))?\s*(am|pm)?$/)
  if (!found || (!found[2] && !found[3] && !bare)) return null
  const [, hours, minutes = '00', half] = found
  let hour = Number(hours)
  if (half && (hour < 1 || hour > 12)) return null
  if (half) hour = (hour % 12) + (half === 'pm' ? 12 : 0)
  return hour > 23 || Number(minutes) > 59 ? null : `${String(hour).padStart(2, '0')}:${minutes}`
}

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

type NamedDay = { day: Day; weekday: boolean }

/** `today`, `tomorrow`, `fri` (the next one, today counts when `time` is still to come), `2026-11-24`; null for anything else. */
export function readDay(text: string, { now, zone }: Reading): NamedDay | null {
  const token = text.toLowerCase()
  const local = localOf(now, zone)
  if (token === 'today') return { day: local.day, weekday: false }
  if (token === 'tomorrow' || token === 'tmr') return { day: addDays(local.day, 1), weekday: false }
  const weekday = weekdays.findIndex(
    (name) => token.startsWith(name) && /^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?$/.test(token),
  )
  if (weekday >= 0) return { day: addDays(local.day, (weekday + 1 - local.weekday + 7) % 7), weekday: true }
  return isDay(token) ? { day: token, weekday: false } : null
}

/** Start and end of what was typed; no end when only a start was given. */
export type Span = { startsAt: Date; endsAt: Date | null }

/**
 * `now | tomorrow 14:00-17:00 | 14:00 tomorrow | fri 9am | 2 to 5pm | 18:00 | 2026-11-24T14:00` in the person's zone. A
 * time alone is the next one to come. An end at or before its start is on the next day. A clock time in the gap of a DST
 * change moves forward, in the overlap the first one counts.
 */
export function readSpan(words: Word[], at: Reading): { value: Span; used: number } | null {
  const first = words[0]!.text
  if (first.toLowerCase() === 'now') return { value: { startsAt: at.now, endsAt: null }, used: 1 }
  const iso = first.match(/^(\d{4}-\d{2}-\d{2})T(\d{1,2}:\d{2}(?:-\d{1,2}:\d{2})?)$/i)
  const whole = iso && isDay(iso[1]!) ? clockOf(iso[2]!) : null
  if (whole) return { value: spanOn({ day: iso![1]!, weekday: false }, whole, at), used: 1 }
  const day = dayAhead(words, at)
  const clock = clockAhead(words.slice(day?.used))
  if (!clock) return day && { value: { startsAt: startOfDay(day.value.day, at), endsAt: null }, used: day.used }
  const later = day ? null : dayAhead(words.slice(clock.used), at)
  const used = clock.used + (day ?? later ?? { used: 0 }).used
  return { value: spanOn((day ?? later)?.value ?? null, clock.value, at), used }
}

/** The words behind one of these, which says nothing of its own. */
const behind = (led: RegExp, words: Word[]) => (words[1] && led.test(words[0]!.text) ? words.slice(1) : words)

/** `fri`, `on fri`. */
function dayAhead(words: Word[], at: Reading): { value: NamedDay; used: number } | null {
  const rest = behind(/^on$/i, words)
  const value = rest[0] && !rest[0].quoted ? readDay(rest[0].text, at) : null
  return value && { value, used: words.length - rest.length + 1 }
}

/** `14:00-17:00`, `at 9am`, `from 2 to 5pm`, `14:00 - 17:00`. */
function clockAhead(words: Word[]): { value: Clock; used: number } | null {
  const rest = behind(/^(at|from)$/i, words)
  const [from, to, end] = rest.map(({ text, quoted }) => (quoted ? '' : text))
  const led = words.length - rest.length
  const two = from && end && /^(to|till|-|–|—)$/i.test(to!) ? clockOf(`${from}-${end}`) : null
  if (two) return { value: two, used: led + 3 }
  const value = from ? clockOf(from) : null
  return value && { value, used: led + 1 }
}

const startOfDay = (day: Day, { now, zone }: Reading): Date =>
  day === localOf(now, zone).day ? now : instantAt(day, '09:00', zone)

type Clock = { from: string; to: string | null }

/** "14:00-17:00" or "2-5pm" or "14:00" as times. */
function clockOf(text: string): Clock | null {
  const [from, to, more] = text.split(/[-–—]/)
  if (!from || more !== undefined) return null
  if (to === undefined) {
    const time = readTime(from)
    return time ? { from: time, to: null } : null
  }
  const end = readTime(to, true)
  const start = /am|pm/i.test(to) && end ? nearest(from, end) : readTime(from, true)
  return start && end ? { from: start, to: end } : null
}

/** Of "2-5pm" and "11-1pm" the first is that half of the day that makes it short: 14:00 and 11:00. */
function nearest(from: string, end: string): string | null {
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
  const length = (time: string) => (minutes(end) - minutes(time) + 1440 - 1) % 1440
  const times = ['am', 'pm'].flatMap((half) => readTime(`${from}${half}`) ?? [])
  return times.toSorted((a, b) => length(a) - length(b))[0] ?? readTime(from, true)
}

function spanOn(given: NamedDay | null, clock: Clock, { now, zone }: Reading): Span {
  let day = given?.day ?? localOf(now, zone).day
  // A time that has passed today means the next time it comes; a named day means that day.
  const step = given ? (given.weekday ? 7 : 0) : 1
  if (step && instantAt(day, clock.from, zone) < now) day = addDays(day, step)
  const startsAt = instantAt(day, clock.from, zone)
  const { from, to } = clock
  return { startsAt, endsAt: to ? instantAt(to > from ? day : addDays(day, 1), to, zone) : null }
}

/** An instant as it can be typed again: `2026-11-24T14:00` in the zone. */
export function writeMoment(at: Date, zone: string): string {
  const { day, time } = localOf(at, zone)
  return `${day}T${time}`
}
