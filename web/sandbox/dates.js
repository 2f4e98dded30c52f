/** Times in the reader's zone. All take seconds since the epoch. */

const at = (seconds, timeZone, options) =>
  new Intl.DateTimeFormat('en-US', { timeZone, ...options }).format(seconds * 1000)
const day = (seconds, timeZone) => at(seconds, timeZone, { year: 'numeric', month: '2-digit', day: '2-digit' })

export const timeOf = (seconds, zone) => at(seconds, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

/** Today, yesterday or tomorrow in the reader's zone, or nothing. */
function near(seconds, zone) {
  const now = Date.now() / 1000
  const words = { 0: 'today', [-86_400]: 'yesterday', 86_400: 'tomorrow' }
  return Object.entries(words).find(([shift]) => day(now + Number(shift), zone) === day(seconds, zone))?.[1]
}

const capital = (word) => word[0].toUpperCase() + word.slice(1)

const tokens = {
  date_num: (s, z) => at(s, z, { year: 'numeric', month: '2-digit', day: '2-digit' }),
  date: (s, z) => at(s, z, { year: 'numeric', month: 'long', day: 'numeric' }),
  date_short: (s, z) => at(s, z, { month: 'short', day: 'numeric', year: 'numeric' }),
  date_long: (s, z) => at(s, z, { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' }),
  date_pretty: (s, z) => near(s, z) ?? tokens.date(s, z),
  date_short_pretty: (s, z) => near(s, z) ?? at(s, z, { month: 'short', day: 'numeric' }),
  date_long_pretty: (s, z) => near(s, z) ?? tokens.date_long(s, z),
  time: timeOf,
  time_secs: (s, z) => at(s, z, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
  day_divider_pretty: (s, z) => dayWords(s, z),
  ago: (s) => ago(s),
}

/** Slack's `<!date^…^format>`: fills the tokens. */
export function slackDate(seconds, format, zone) {
  if (!Number.isFinite(seconds)) return ''
  return format.replace(/\{(\w+)\}/g, (whole, token) => tokens[token]?.(seconds, zone) ?? whole)
}

/** The heading between the days of a conversation. */
export function dayWords(seconds, zone) {
  const word = near(seconds, zone)
  return word && word !== 'tomorrow'
    ? capital(word)
    : at(seconds, zone, { weekday: 'long', month: 'long', day: 'numeric' })
}

export const dayKey = day

function ago(seconds) {
  const minutes = Math.round((Date.now() / 1000 - seconds) / 60)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return `${minutes} min ago`
  return minutes < 1440 ? `${Math.round(minutes / 60)} h ago` : `${Math.round(minutes / 1440)} d ago`
}

/** The moment of a date and a time on the wall in a zone, in seconds: guess in UTC, then correct by the offset seen. */
export function momentOf(date, time, zone) {
  const guess = Date.parse(`${date}T${time}:00Z`) / 1000
  const shifted = guess - offset(guess, zone)
  return guess - offset(shifted, zone)
}

/** Date and time on the wall for inputs. */
export function wallOf(seconds, zone) {
  const local = new Date((seconds + offset(seconds, zone)) * 1000).toISOString()
  return { date: local.slice(0, 10), time: local.slice(11, 16) }
}

function offset(seconds, zone) {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(seconds * 1000)
  const get = (type) => parts.find((part) => part.type === type).value
  return (
    Date.parse(`${get('year')}-${get('month')}-${get('day')}T${get('hour')}:${get('minute')}:${get('second')}Z`) /
      1000 -
    Math.floor(seconds)
  )
}
