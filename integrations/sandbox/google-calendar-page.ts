/** The calendar as a person sees it: one week, hour by hour, server-made. */
import { html, raw } from 'hono/html'
import { Temporal } from 'temporal-polyfill'
import type { CalendarEvent } from './google-calendar-store.ts'

const hourHeight = 32
const hues = [214, 152, 28, 268, 340, 190, 48, 100]

type Placed = { event: CalendarEvent; from: number; to: number; lane: number; lanes: number }

export type WeekView = { events: CalendarEvent[]; now: Date; zone: string; week?: string | undefined }

/** The page of the week that `week` (a day of it) lies in, in a zone. */
export function weekPage({ events, now, zone, week }: WeekView) {
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone).toPlainDate()
  const day = week && /^\d{4}-\d{2}-\d{2}$/.test(week) ? Temporal.PlainDate.from(week) : today
  const monday = day.subtract({ days: day.dayOfWeek - 1 })
  const days = Array.from({ length: 7 }, (_, n) => monday.add({ days: n }))
  const live = events.filter((event) => event.status !== 'cancelled')
  const title = monday.toLocaleString('en-US', { month: 'long', year: 'numeric' })
  const link = (to: Temporal.PlainDate) => `/?week=${to.toString()}&zone=${encodeURIComponent(zone)}`
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content="10" />
        <title>Shared environments · ${title}</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <nav>
            <a href="${link(monday.subtract({ days: 7 }))}" aria-label="Week before">‹</a>
            <a href="${link(today)}">Today</a>
            <a href="${link(monday.add({ days: 7 }))}" aria-label="Week after">›</a>
          </nav>
          <p>Shared environments · ${zone} · a stand-in for Google Calendar, on this machine only</p>
        </header>
        <main>
          <div class="hours">${Array.from({ length: 24 }, (_, hour) => html`<span>${clock(hour)}</span>`)}</div>
          ${days.map((date) => dayColumn(date, { today, placed: placeDay(live, date, zone), zone }))}
        </main>
        ${live.length ? '' : html`<p class="empty">Nothing is booked yet. Book an environment in Slack and it shows up here.</p>`}
      </body>
    </html>`
}

function dayColumn(
  date: Temporal.PlainDate,
  { today, placed, zone }: { today: Temporal.PlainDate; placed: Placed[]; zone: string },
) {
  const isToday = date.equals(today)
  const name = date.toLocaleString('en-US', { weekday: 'short' })
  return html`<section class="${isToday ? 'today' : ''}">
    <h2><small>${name}</small> ${date.day}</h2>
    <div class="day">${placed.map((each) => eventBox(each, zone))}</div>
  </section>`
}

function eventBox({ event, from, to, lane, lanes }: Placed, zone: string) {
  const place = `top:${from * hourHeight}px;height:${Math.max((to - from) * hourHeight - 2, 18)}px;left:${(100 * lane) / lanes}%;width:calc(${100 / lanes}% - 3px);--hue:${hueOf(event)}`
  const time = `${wallTime(event.start.dateTime, zone)}–${wallTime(event.end.dateTime, zone)}`
  return html`<details style="${place}">
    <summary title="${event.summary ?? ''}"><b>${event.summary ?? '(no title)'}</b><br />${time}</summary>
    <div>
      <p>${time}, ${zone}</p>
      <p>${event.description ?? ''}</p>
    </div>
  </details>`
}

/** Events that touch the day, in hours since its midnight; overlapping ones get lanes side by side. */
function placeDay(events: CalendarEvent[], date: Temporal.PlainDate, zone: string): Placed[] {
  const midnight = date.toZonedDateTime(zone).epochMilliseconds
  const end = date.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds
  const hour = (time: string) => Math.min(Math.max((Date.parse(time) - midnight) / 3_600_000, 0), 24)
  const placed = events
    .filter((event) => Date.parse(event.start.dateTime) < end && Date.parse(event.end.dateTime) > midnight)
    .map((event) => ({ event, from: hour(event.start.dateTime), to: hour(event.end.dateTime), lane: 0, lanes: 1 }))
    .toSorted((a, b) => a.from - b.from || b.to - a.to)
  const ends: number[] = []
  for (const each of placed) {
    const free = ends.findIndex((at) => at <= each.from)
    each.lane = free === -1 ? ends.length : free
    ends[each.lane] = each.to
  }
  for (const each of placed) each.lanes = ends.length
  return placed
}

function hueOf({ extendedProperties, summary = '' }: CalendarEvent): number {
  const name = extendedProperties?.private?.['environmentId'] ?? summary
  const sum = Buffer.from(name).reduce((total, byte) => (total * 31 + byte) % 9973, 7)
  return hues[sum % hues.length]!
}

const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`

const wallTime = (dateTime: string, zone: string) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(new Date(dateTime))

const style = `
  :root { color-scheme: light dark; --line: #8883; --quiet: #8a8f98; }
  body { margin: 0; font: 14px/1.35 system-ui, sans-serif; }
  header { display: flex; flex-wrap: wrap; gap: 4px 20px; align-items: center; padding: 14px 20px; border-bottom: 1px solid var(--line); }
  h1 { margin: 0; font-size: 21px; font-weight: 500; }
  nav { display: flex; gap: 6px; }
  nav a { padding: 4px 12px; border: 1px solid var(--line); border-radius: 16px; color: inherit; text-decoration: none; }
  header p { margin: 0; color: var(--quiet); }
  main { display: grid; grid-template-columns: 56px repeat(7, minmax(90px, 1fr)); overflow-x: auto; }
  .hours { padding-top: 52px; text-align: right; color: var(--quiet); font-size: 11px; }
  .hours span { display: block; height: ${hourHeight}px; padding-right: 8px; transform: translateY(-7px); }
  section { border-left: 1px solid var(--line); }
  h2 { height: 52px; margin: 0; text-align: center; font-size: 20px; font-weight: 400; line-height: 1.1; }
  h2 small { display: block; padding-top: 6px; font-size: 11px; color: var(--quiet); text-transform: uppercase; }
  .today h2 { color: #1a73e8; font-weight: 600; }
  .day { position: relative; height: ${24 * hourHeight}px; background: repeating-linear-gradient(to bottom, var(--line) 0 1px, transparent 1px ${hourHeight}px); }
  details { position: absolute; overflow: hidden; border-radius: 6px; font-size: 12px; color: #fff; background: hsl(var(--hue) 55% 42%); }
  details[open] { overflow: visible; z-index: 2; min-width: 220px; height: auto !important; box-shadow: 0 4px 18px #0006; }
  summary { padding: 3px 7px; list-style: none; cursor: pointer; }
  details div { padding: 0 7px 6px; border-top: 1px solid #fff4; white-space: pre-line; overflow-wrap: anywhere; }
  details p { margin: 6px 0 0; }
  .empty { padding: 20px; text-align: center; color: var(--quiet); }
`
