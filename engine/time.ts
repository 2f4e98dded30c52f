/** Instants are UTC `Date`s; days are "YYYY-MM-DD" in UTC; a person's zone is IANA and only used at the edges. */
import { Temporal } from 'temporal-polyfill'

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

/** "YYYY-MM-DD", a UTC day. */
export type Day = string

/** A stretch of days, both ends included. */
export type DayRange = { from: Day; to: Day }

/** The UTC day of an instant. */
export const dayOf = (at: Date): Day => at.toISOString().slice(0, 10)

/** The day `days` later (or earlier). */
export const addDays = (day: Day, days: number): Day => dayOf(new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs))

/** First day of the month of `day`. */
export const monthOf = (day: Day): Day => `${day.slice(0, 7)}-01`

/** First day of the month `months` later (or earlier). */
export function addMonths(day: Day, months: number): Day {
  return Temporal.PlainDate.from(monthOf(day)).add({ months }).toString()
}

/** 28 to 31. */
export const daysInMonth = (day: Day): number => Temporal.PlainDate.from(day).daysInMonth

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: Day, to: Day): number => Math.round((Date.parse(to) - Date.parse(from)) / dayMs)

/** The instant of a wall-clock time in a zone. In a spring gap it moves forward, in an autumn overlap the first one counts. */
export function instantAt(day: Day, time: string, zone: string): Date {
  const [hour, minute] = time.split(':').map(Number)
  const local = Temporal.PlainDate.from(day).toPlainDateTime({ hour: hour ?? 0, minute: minute ?? 0 })
  return new Date(local.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds)
}

/** The wall clock of an instant in a zone. */
export function localOf(at: Date, zone: string): { day: Day; time: string; weekday: number } {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone)
  return {
    day: local.toPlainDate().toString(),
    time: local.toPlainTime().toString().slice(0, 5),
    weekday: local.dayOfWeek,
  }
}

/** Is this an IANA zone the machine knows? */
export function isZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
  } catch {
    return false
  }
}

/** The minute an instant lies in: what people read and type has no seconds. */
export const fullMinute = (at: Date): Date => new Date(Math.floor(at.getTime() / minuteMs) * minuteMs)
