/** The contract with a calendar: bookings are the truth, the calendar mirrors them. */

/** A booking as a calendar shows it. `id` is ours (base32hex), so a retry never makes a second event. `zone` is IANA; the end is exclusive. */
export type CalendarEntry = {
  id: string
  summary: string
  description: string
  startsAt: Date
  endsAt: Date
  zone: string
  /** Private extended properties, for finding our events again. */
  properties: Record<string, string>
}

/** An entry as the calendar shows it now, whoever changed it. */
export type SeenEntry = Pick<CalendarEntry, 'id' | 'summary' | 'startsAt' | 'endsAt' | 'properties'>

export type CalendarPort = {
  /** The address a person shares the calendar with. */
  serviceAddress: string
  /** Writes the entry whether or not it is there already (also revives a cancelled one). Throws `CalendarError`. */
  put: (calendarId: string, entry: CalendarEntry) => Promise<void>
  /** Takes the entry out; a missing one is fine. */
  remove: (calendarId: string, id: string) => Promise<void>
  /** Our entries that end after an instant, as they are now; deleted ones are left out. Throws `CalendarError`. */
  list: (calendarId: string, from: Date) => AsyncIterable<SeenEntry>
  /** Proves write access: inserts a probe event and deletes it again, also when the answer to the insert was lost. */
  probe: (calendarId: string, at: Date) => Promise<void>
}

/** `retry` false: waiting will not help (no permission, calendar gone). */
export class CalendarError extends Error {
  readonly retry: boolean
  readonly status: number

  constructor(message: string, status: number, retry: boolean, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CalendarError'
    this.status = status
    this.retry = retry
  }
}
