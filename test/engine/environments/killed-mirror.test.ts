/** Fault X10: the process that writes bookings into the calendar dies in the middle of it, again and again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listUnmirroredBookings } from '../../../db/queries/calendars.ts'
import { bookEnvironment, cancelBooking } from '../../../engine/environments/bookings.ts'
import { connectCalendar, eventIdOf } from '../../../engine/environments/calendar.ts'
import { disconnectCalendar } from '../../../engine/environments/disconnect-calendar.ts'
import { createEnvironment } from '../../../engine/environments/environment.ts'
import { dayMs, hourMs } from '../../../engine/time.ts'
import { googleCalendar } from '../../../integrations/google/calendar.ts'
import {
  startGoogleCalendarSandbox,
  type GoogleCalendarSandbox,
} from '../../../integrations/sandbox/google-calendar.ts'
import { seeded } from '../../bench/bills.ts'
import { world, type World } from '../../world.ts'

let google: GoogleCalendarSandbox
let w: World
let keyFile: string
const children = new Set<ChildProcess>()

beforeAll(async () => {
  google = await startGoogleCalendarSandbox()
  const { credentialsJson, url: rootUrl } = google
  // The children live by the real clock.
  const now = new Date().toISOString()
  w = await world({ now, outside: { calendar: googleCalendar({ credentialsJson, rootUrl }) } })
  keyFile = join(await mkdtemp(join(tmpdir(), 'finops-key-')), 'key.json')
  await writeFile(keyFile, credentialsJson)
  await connectCalendar(w.as(), { calendarId: google.calendarId })
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await google.stop()
})

function start(): ChildProcess {
  const script = join(import.meta.dirname, 'mirror-child.ts')
  const child = spawn(process.execPath, [script, w.url, google.url, keyFile], { stdio: 'ignore' })
  children.add(child)
  return child
}
/** Waits until the calendar was asked that many times more. */
async function asked(more: number): Promise<void> {
  const goal = google.calls().length + more
  for (let waited = 0; google.calls().length < goal; waited += 1) {
    if (waited > 20_000) throw new Error('The calendar was not asked.')
    await sleep(1)
  }
}
const stages = new Map<string, { id: string }>()
const behind = () => listUnmirroredBookings(w.deps.db, { orgId: w.org.id, limit: 100 })

it('kill -9 at five moments of the mirroring loses no booking and doubles none', { timeout: 120_000 }, async () => {
  const bookings = []
  // Three future bookings of one person is the most an environment takes.
  for (let n = 0; n < 30; n += 1) {
    const name = `stage-${Math.floor(n / 3)}`
    const { id: environmentId } = stages.get(name) ?? (await createEnvironment(w.as(), { name }))
    stages.set(name, { id: environmentId })
    const startsAt = new Date(w.clock.now().getTime() + (1 + (n % 3)) * dayMs)
    bookings.push(
      await bookEnvironment(w.as(), { environmentId, startsAt, endsAt: new Date(startsAt.getTime() + hourMs) }),
    )
  }
  const cancelled = bookings.filter((_, n) => n % 5 === 0)
  for (const { id } of cancelled) await cancelBooking(w.as(), { bookingId: id })

  const random = seeded(11)
  for (let round = 0; round < 5; round += 1) {
    const child = start()
    await asked(1 + Math.floor(random() * 5))
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  expect((await behind()).length, 'killed in the middle, not after the end').toBeGreaterThan(0)

  const last = start()
  await expect.poll(behind, { timeout: 60_000, interval: 200 }).toEqual([])
  const live = bookings.filter((one) => !cancelled.includes(one)).map(({ id }) => eventIdOf(id))
  const shown = google.events().map(({ id }) => id)
  expect(shown.toSorted()).toEqual(live.toSorted())
  last.kill('SIGKILL')
  await once(last, 'exit')
})

it(
  'kill -9 while a disconnected calendar is cleared: all of it is taken out in the end',
  { timeout: 120_000 },
  async () => {
    const { events } = await disconnectCalendar(w.as())
    expect(events).toBe(google.events().length)
    for (let round = 0; round < 3; round += 1) {
      const child = start()
      await asked(3)
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    expect(google.events().length, 'killed in the middle, not after the end').toBeGreaterThan(0)
    start()
    await expect.poll(() => google.events().length, { timeout: 60_000, interval: 200 }).toBe(0)
    const told = () => w.database.sql`select facts from notifications where kind = 'calendar-cleared'`
    await expect
      .poll(async () => (await told()).map(({ facts }) => facts), { timeout: 10_000 })
      .toMatchObject([{ removed: events, left: 0, reason: null }])
  },
)
