/** Amounts of time and things in words, and the closest words on a miss. */
import { dayMs, hourMs, minuteMs } from '../engine/time.ts'

/** "1 resource", "3 resources", "no resources". */
export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n === 0 ? 'no' : n.toLocaleString('en-US')} ${n === 1 ? one : many}`

/** "12 seconds", "30 minutes", "2 hours", "2 h 30 min", "3 days": the two biggest parts at most, never less than a second. */
export function lasting(ms: number): string {
  if (ms < minuteMs - 500) return count(Math.max(1, Math.round(ms / 1000)), 'second')
  const minutes = Math.round(ms / minuteMs)
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60]
  if (days >= 2 || (days === 1 && hours === 0)) return hours ? `${count(days, 'day')} ${hours} h` : count(days, 'day')
  if (days === 1) return `1 day ${hours} h`
  if (hours && rest) return `${hours} h ${rest} min`
  return hours ? count(hours, 'hour') : count(minutes, 'minute')
}

/** "just now", "12 min ago", "3 h ago", "5 days ago". */
export function ago(at: Date, now: Date): string {
  const ms = now.getTime() - at.getTime()
  if (ms < minuteMs) return 'just now'
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min ago`
  if (ms < 2 * dayMs) return `${Math.floor(ms / hourMs)} h ago`
  return `${Math.floor(ms / dayMs)} days ago`
}

/** "up 18%", "down 3%", "about the same", "new" when there was nothing before. */
export function change(percent: number | null): string {
  if (percent === null) return 'new'
  if (percent === 0) return 'about the same'
  return percent > 0 ? `up ${percent}%` : `down ${-percent}%`
}

/** "+18%", "-3%", "0%", "new": for table cells. */
export const signed = (percent: number | null): string =>
  percent === null ? 'new' : `${percent > 0 ? '+' : ''}${percent}%`

/** "A", "A and B", "A, B and 3 more". */
export function listed(names: string[], most = 3): string {
  if (names.length <= 1) return names[0] ?? ''
  const shown = names.slice(0, names.length > most ? most - 1 : most)
  const last = names.length > most ? `${names.length - shown.length} more` : shown.pop()!
  return `${shown.join(', ')} and ${last}`
}

/** "Nov 22", or "Nov 22, 2025" in another year than `now`'s. Days are UTC. */
export function dayInWords(day: string, now?: Date): string {
  const year = now && day.slice(0, 4) !== String(now.getUTCFullYear()) ? ({ year: 'numeric' } as const) : {}
  const at = new Date(`${day}T00:00:00Z`)
  return at.toLocaleDateString('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC', ...year })
}

/** A bar of 20 cells and the per cent in words, so that colour or length alone never tells. */
export function bar(share: number): string {
  const filled = Math.max(0, Math.min(20, Math.round(share * 20)))
  return `${'█'.repeat(filled)}${'░'.repeat(20 - filled)} ${Math.round(share * 100)}%`
}

/** The words nearest to `word` by edits, nearest first; ones that begin with it win. */
export function closest(word: string, words: string[], most = 3): string[] {
  const wanted = word.toLowerCase()
  const score = (candidate: string) => {
    const text = candidate.toLowerCase()
    const first = text.split(/[ :=]/)[0]!
    const distance = Math.min(edits(wanted, text), edits(wanted, first))
    return text.startsWith(wanted) ? distance / 100 : distance
  }
  return [...new Set(words)]
    .map((candidate) => ({ candidate, score: score(candidate) }))
    .toSorted((a, b) => a.score - b.score)
    .slice(0, most)
    .map(({ candidate }) => candidate)
}

/** Levenshtein distance of two words, cut at 40 letters. */
export function edits(a: string, b: string): number {
  const [from, to] = [a.slice(0, 40), b.slice(0, 40)]
  let row = Array.from({ length: to.length + 1 }, (_, n) => n)
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= to.length; j += 1) {
      const cost = from[i - 1] === to[j - 1] ? 0 : 1
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + cost)
    }
    row = next
  }
  return row[to.length]!
}
