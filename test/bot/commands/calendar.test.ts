import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createEnvironment } from '../../../engine/environments/environment.ts'
import { googleCalendar } from '../../../integrations/google/calendar.ts'
import {
  startGoogleCalendarSandbox,
  type GoogleCalendarSandbox,
} from '../../../integrations/sandbox/google-calendar.ts'
import { finops, lea, priya, slackWorld, words, type Seen, type SlackWorld } from '../slack-world.ts'

let google: GoogleCalendarSandbox
let w: SlackWorld

beforeAll(async () => {
  google = await startGoogleCalendarSandbox()
  const calendar = googleCalendar({ credentialsJson: google.credentialsJson, rootUrl: google.url })
  w = await slackWorld({ now: '2026-11-23T10:00:00Z', outside: { calendar } })
  await createEnvironment(w.as(), { name: 'stage-2', channel: finops })
})
afterEach(() => google.fail(null))
afterAll(() => google.stop())

it('a manager learns how to share a calendar, connects it, and bookings made before and after show up', async () => {
  const before = await w.type('calendar')
  expect(words(before)).toContain('finops@sandbox.iam.gserviceaccount.com')
  await w.type('stage-2 1h', { user: priya })
  expect((await w.type(`calendar connect ${google.calendarId}`)).text).toContain('The calendar is connected.')
  await w.work()
  await w.type('book stage-2 tomorrow 14:00-15:00', { user: priya })
  await w.work()
  expect(google.events().map((event) => event.summary)).toEqual([
    'stage-2 is booked by Priya',
    'stage-2 is booked by Priya',
  ])
  expect(words(await w.type('calendar'))).toContain('Every booking is an event there')
})

it('an engineer is refused, and a calendar that is not shared is explained', async () => {
  expect((await w.type('calendar disconnect', { user: priya })).text).toContain('You cannot change the organization')
  google.fail('no-permission')
  const seen = await w.type(`calendar connect ${google.calendarId}`)
  expect(seen.text).toContain('There are not enough permissions')
})

it('an outage shows on the card of the booking and goes away', async () => {
  const card = () => (w.slack.messages(finops) as Seen[]).findLast((message) => message.text.includes('12:00'))!
  google.fail('down')
  await w.type('book stage-2 12:00-13:00', { user: priya })
  await expect(w.work()).rejects.toThrow('does not answer')
  await w.runJobs(w.bot.handlers)
  expect(words(card())).toContain('calendar catching up')
  google.fail(null)
  await w.work()
  expect(words(card())).not.toContain('calendar catching up')
  const asked = await w.type('calendar disconnect')
  expect(asked.text).toMatch(/^Disconnect the calendar\?/)
  expect(words(await w.type('calendar'))).toContain('Every booking is an event there')
  await w.press(asked, 'calendar disconnect yes')
  expect(w.last(lea).text).toContain('The calendar is disconnected. 3 events are being taken out of it')
  await w.work()
  const direct = w.slack.conversation(lea, w.slack.directChannel(lea)).at(-1)!
  expect(direct.text).toBe('Calendar cleared: 3 events removed.')
  expect(google.events()).toEqual([])
})
