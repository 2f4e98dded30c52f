import { z } from 'zod'
import { context, fields, header, section } from '../blocks.ts'
import { code, lines, md, moment } from '../rich.ts'
import { report } from './message.ts'

/** Which Google Calendar the bookings are mirrored into, how that goes, and how to connect one. */
export default report({
  name: 'calendar-state',
  facts: z.object({
    /** The address a person shares the calendar with; null when this installation has no key. */
    serviceAddress: z.string().nullable(),
    calendarId: z.string().nullable(),
    lastSyncAt: z.coerce.date().nullable(),
    lastError: z.string().nullable(),
    behind: z.number(),
  }),
  text(f) {
    if (!f.calendarId) return 'No Google Calendar is connected. How to connect one is inside.'
    if (f.lastError) return `Google Calendar is catching up: ${f.lastError} Bookings are safe.`
    return 'Bookings are mirrored into Google Calendar.'
  },
  slack(f) {
    if (!f.calendarId) return [header('Google Calendar'), section(howTo(f.serviceAddress))]
    return [
      header('Google Calendar'),
      section(
        f.lastError
          ? md`Catching up: ${f.lastError} Bookings are safe, their events follow.`
          : md`Every booking is an event there; what people change in the calendar by hand is put back within an hour.`,
      ),
      fields({
        Calendar: code(f.calendarId),
        'Last sync': f.lastSyncAt ? moment(f.lastSyncAt) : 'never',
        Waiting: f.behind ? `${f.behind} bookings` : 'nothing',
        'Shared with': f.serviceAddress && code(f.serviceAddress),
      }),
      context(md`Check and repair: ${code(`calendar connect ${f.calendarId}`)} · stop: ${code('calendar disconnect')}`),
    ]
  },
  footer: () => ({ link: '/environments', command: 'calendar' }),
  samples: {
    usual: {
      serviceAddress: 'finops@acme.iam.gserviceaccount.com',
      calendarId: 'abc@group.calendar.google.com',
      lastSyncAt: new Date('2026-11-23T10:00Z'),
      lastError: null,
      behind: 0,
    },
    behind: {
      serviceAddress: 'finops@acme.iam.gserviceaccount.com',
      calendarId: 'abc@group.calendar.google.com',
      lastSyncAt: null,
      lastError: 'Google Calendar does not answer.',
      behind: 12,
    },
    none: {
      serviceAddress: 'finops@acme.iam.gserviceaccount.com',
      calendarId: null,
      lastSyncAt: null,
      lastError: null,
      behind: 0,
    },
    noKey: { serviceAddress: null, calendarId: null, lastSyncAt: null, lastError: null, behind: 0 },
  },
})

function howTo(serviceAddress: string | null) {
  if (!serviceAddress)
    return 'This installation has no Google service account key, so no calendar can be connected. Whoever runs it sets GOOGLE_CREDENTIALS.'
  return lines(
    'Bookings can show up in a Google Calendar of yours:',
    '1. In Google Calendar make a new calendar, e.g. “Environments”.',
    md`2. In its settings, Share with specific people: add ${code(serviceAddress)} with “Make changes to events”.`,
    md`3. Copy its Calendar ID (Integrate calendar) and type ${code('calendar connect <Calendar ID>')} here.`,
  )
}
