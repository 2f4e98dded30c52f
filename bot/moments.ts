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

/** `today`, `tomorrow`, `fri` (the next one, today counts when `time` is still to come), `2026-11-24`; null for anything else. */
export function readDay(text: string, { now, zone }: Reading): { day: Day; weekday: boolean } | null {
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
 * `now | tomorrow 14:00-17:00 | fri 9am | 14:00-17:00 | 18:00 | 2026-11-24T14:00` in the person's zone. A time alone is
 * the next one to come. An end at or before its start is on the next day. A clock time in the gap of a DST change moves
 * forward, in the overlap the first one counts.
 */
export function readSpan(words: Word[], at: Reading): { value: Span; used: number } | null {
  const [first, second] = [words[0]!.text, words[1]?.text]
  if (first.toLowerCase() === 'now') return { value: { startsAt: at.now, endsAt: null }, used: 1 }
  const iso = first.match(/^(\d{4}-\d{2}-\d{2})T(\d{1,2}:\d{2}(?:-\d{1,2}:\d{2})?)$/i)
  if (iso && isDay(iso[1]!) && clockOf(iso[2]!)) return on({ day: iso[1]!, weekday: false }, iso[2]!, { at, used: 1 })
  const day = readDay(first, at)
  if (day && second && clockOf(second)) return on(day, second, { at, used: 2 })
  if (day) return { value: { startsAt: startOfDay(day.day, at), endsAt: null }, used: 1 }
  return clockOf(first) ? on(null, first, { at, used: 1 }) : null
}

const startOfDay = (day: Day, { now, zone }: Reading): Date =>
  day === localOf(now, zone).day ? now : instantAt(day, '09:00', zone)

/** "14:00-17:00" or "2-5pm" or "14:00" as times. */
function clockOf(text: string): { from: string; to: string | null } | null {
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

function on(
  given: { day: Day; weekday: boolean } | null,
  text: string,
  { at, used }: { at: Reading; used: number },
): { value: Span; used: number } | null {
  const clock = clockOf(text)
  if (!clock) return null
  const { now, zone } = at
  let day = given?.day ?? localOf(now, zone).day
  // A time that has passed today means the next time it comes; a named day means that day.
  const step = given ? (given.weekday ? 7 : 0) : 1
  if (step && instantAt(day, clock.from, zone) < now) day = addDays(day, step)
  const startsAt = instantAt(day, clock.from, zone)
  if (!clock.to) return { value: { startsAt, endsAt: null }, used }
  const endsAt = instantAt(clock.to > clock.from ? day : addDays(day, 1), clock.to, zone)
  return { value: { startsAt, endsAt }, used }
}

/** An instant as it can be typed again: `2026-11-24T14:00` in the zone. */
export function writeMoment(at: Date, zone: string): string {
  const { day, time } = localOf(at, zone)
  return `${day}T${time}`
}
