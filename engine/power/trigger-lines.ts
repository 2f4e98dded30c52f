/** Triggers as people type and read them, one a line: `on 08:00 mon-fri`, `off 20:00 daily`, `off 13:00 sat,sun`. */
import type { PowerTrigger } from '../../db/schema/power.ts'
import { invalid } from '../errors.ts'

const names = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const whole: Record<string, number[]> = {
  daily: [1, 2, 3, 4, 5, 6, 7],
  everyday: [1, 2, 3, 4, 5, 6, 7],
  weekdays: [1, 2, 3, 4, 5],
  weekends: [6, 7],
}

/** The triggers of a text, separated by lines or `;`. Without days a trigger is daily. Invalid with the line that is not understood. */
export function readTriggers(text: string): PowerTrigger[] {
  const found = text
    .split(/[\n;]/)
    .map((line) => line.trim().toLowerCase())
    .filter(Boolean)
    .map(readLine)
  if (found.length === 0)
    throw invalid('A schedule needs at least one time. Nothing was changed.', { field: 'triggers', next: example })
  return found
}

const example = 'Write one a line, like: on 08:00 mon-fri'

function readLine(line: string): PowerTrigger {
  const [action = '', time = '', ...rest] = line.split(/\s+/)
  const clock = /^(\d{1,2}):(\d{2})$/.exec(time)
  const days = readDays(rest.join(','))
  const isClock = clock && Number(clock[1]) < 24 && Number(clock[2]) < 60
  if ((action !== 'on' && action !== 'off') || !isClock || days.length === 0)
    throw invalid(`“${line.slice(0, 60)}” is not a time to switch on or off. Nothing was changed.`, {
      field: 'triggers',
      next: example,
    })
  return { action, at: `${clock[1]!.padStart(2, '0')}:${clock[2]}`, days }
}

/** Weekdays of `mon-fri,sun`; nothing = daily, none when a word is unknown. `fri-mon` goes over the weekend. */
function readDays(text: string): number[] {
  if (!text) return whole['daily']!
  const found = text
    .split(',')
    .filter(Boolean)
    .map((part) => {
      if (whole[part]) return whole[part]
      const ends = part.split(/[-–]/).map(numberOf)
      const [from = 0, to = from] = ends
      if (ends.length > 2 || from === 0 || to === 0) return null
      return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, n) => ((from - 1 + n) % 7) + 1)
    })
  if (found.some((days) => days === null)) return []
  return [...new Set(found.flatMap((days) => days ?? []))].toSorted((a, b) => a - b)
}

const numberOf = (word: string): number =>
  names.findIndex(
    (name) => word.startsWith(name) && /^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?$/.test(word),
  ) + 1

/** A trigger as it can be typed again. */
export const sayTrigger = ({ action, at, days }: PowerTrigger): string => `${action} ${at} ${sayDays(days)}`

/** The triggers as lines. */
export const sayTriggers = (triggers: PowerTrigger[]): string => triggers.map(sayTrigger).join('\n')

/** "daily", "mon-fri", "mon,wed,fri": runs of three days and more are shortened. */
export function sayDays(days: number[]): string {
  if (days.length === 7) return 'daily'
  const runs: number[][] = []
  for (const day of days.toSorted((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last && last.at(-1) === day - 1) last.push(day)
    else runs.push([day])
  }
  const name = (day: number) => names[day - 1]!
  return runs
    .map((run) => (run.length > 2 ? `${name(run[0]!)}-${name(run.at(-1)!)}` : run.map(name).join(',')))
    .join(',')
}
