/** A week of bookings as a table: a row per environment, a cell per day with a strip of its hours and a line per booking. */
import { html } from 'hono/html'
import type { BookingRow, EnvironmentRow } from '../db/queries/environments.ts'
import { addDays, dayMs, instantAt, localOf, type Day } from '../engine/time.ts'
import { dayStrip } from './chart-parts.ts'
import type { View } from './env.ts'
import { link, plural, sayDay, type Html } from './parts.ts'

/** The Monday of the week of a day. */
export const mondayOf = (day: Day): Day => addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7))

/** The seven days from a Monday on and the instants that bound them in the reader's zone. */
export function weekOf(monday: Day, zone: string): { days: Day[]; from: Date; to: Date } {
  const days = Array.from({ length: 7 }, (_, index) => addDays(monday, index))
  return { days, from: instantAt(monday, '00:00', zone), to: instantAt(addDays(monday, 7), '00:00', zone) }
}

/** Draws the week. Times are the reader's. */
export function week(
  environments: Pick<EnvironmentRow, 'id' | 'name'>[],
  bookings: BookingRow[],
  { monday, view }: { monday: Day; view: View },
): Html {
  const { zone } = view.person
  const { days } = weekOf(monday, zone)
  const today = localOf(view.now, zone).day
  const cell = (environmentId: string, day: Day) => {
    const here = bookings
      .filter((booking) => booking.environmentId === environmentId)
      .flatMap((booking) => partOn(booking, day, zone))
    const said = here.length ? plural(here.length, 'booking') : 'free all day'
    const strip = dayStrip(
      here.map(({ booking, from, to }) => ({ from, to, mine: booking.personId === view.person.id })),
      said,
    )
    return html`<td class="${day === today ? 'today-cell' : ''}" data-label="${sayDay(day, true)}">
      ${strip}${
        here.length
          ? html`<ul>
              ${here.map(({ booking, words }) => html`<li class="slot ${toneOf(booking, view)}"><b>${words}</b>${booking.holder}${booking.reason ? html`<span>${booking.reason}</span>` : ''}</li>`)}
            </ul>`
          : ''
      }
    </td>`
  }
  return html`<div class="table-frame">
    <table class="week">
      <caption class="unseen">
        Bookings of the week of ${sayDay(monday)}, times in ${zone}
      </caption>
      <thead>
        <tr>
          <th scope="col">Environment</th>
          ${days.map((day) => html`<th scope="col" class="${day === today ? 'today' : ''}">${sayDay(day, true)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${environments.map(
          ({ id, name }) =>
            html`<tr>
              <th scope="row">${link(`/environments/${id}`, name)}</th>
              ${days.map((day) => cell(id, day))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

function toneOf(booking: BookingRow, view: View): string {
  if (booking.personId === view.person.id) return 'mine'
  return booking.startsAt <= view.now && booking.endsAt > view.now ? 'now' : ''
}

/** The part of a booking on a day: shares of the day and the hours in words; nothing when it does not touch the day. */
function partOn(
  booking: BookingRow,
  day: Day,
  zone: string,
): { booking: BookingRow; from: number; to: number; words: string }[] {
  const [start, end] = [instantAt(day, '00:00', zone).getTime(), instantAt(addDays(day, 1), '00:00', zone).getTime()]
  const from = Math.max(start, booking.startsAt.getTime())
  const to = Math.min(end, booking.endsAt.getTime())
  if (from >= to) return []
  const hour = (at: number) => (at === end ? '24:00' : localOf(new Date(at), zone).time)
  const share = (at: number) => (at - start) / Math.max(1, end - start || dayMs)
  return [{ booking, from: share(from), to: share(to), words: `${hour(from)}–${hour(to)}` }]
}
