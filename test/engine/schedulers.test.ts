/** Fault R15: two processes keep the clock together, and every tick of the timetable is one run. `SCHEDULER_TICKS` are the minutes. */
import { setTimeout as sleep } from 'node:timers/promises'
import { TestClock, type PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { queueSettings, type QueueName } from '../../engine/queues.ts'
import { createBoss, work } from '../../engine/worker.ts'
import { queueNames, world, type World } from '../world.ts'

const minutes = Number(process.env['SCHEDULER_TICKS'] ?? 60)
/** Over a midnight, and later than now: the database knows when it last looked at the clock. */
const start = new Date(Date.now() + 2 * 86_400_000).setUTCHours(23, 50, 10, 0)
const minute = 60_000
const clock = new TestClock(start)
const ticking = queueNames.flatMap((queue) => {
  const { cron } = queueSettings(queue)
  return cron ? [{ queue, cron }] : []
})

let w: World
let processes: PgBoss[]
/** Runs of a queue per process. */
const runs = new Map<QueueName, number[]>()
const errors: unknown[] = []

beforeAll(async () => {
  w = await world()
  processes = [createBoss(w.url, undefined, clock), createBoss(w.url, undefined, clock)]
  for (const [n, boss] of processes.entries()) {
    boss.on('error', (error) => errors.push(error))
    await boss.start()
    const count = (queue: QueueName) => {
      const counted = runs.get(queue) ?? [0, 0]
      counted[n]! += 1
      runs.set(queue, counted)
      return Promise.resolve()
    }
    await work(
      boss,
      w.deps,
      ticking.map(({ queue }) => ({ queue, run: () => count(queue) })),
    )
  }
  // A slow start looks at the clock once when some of the timetable is there already: what struck a moment ago is not ours.
  for (let quiet = 0; quiet < 20; quiet = (await openJobs()) ? 0 : quiet + 1) {
    await clock.tick(10)
    await sleep(20)
  }
  runs.clear()
})
/** What waits or runs, 1 at least before the clock was looked at. */
async function openJobs(): Promise<number> {
  const [{ open } = { open: 1 }] = await w.database.sql<{ open: number }[]>`
    select count(*)::int as open from pgboss.job where state < 'completed'
    having exists (select from pgboss.version where cron_on is not null)`
  return open
}
afterAll(() => Promise.all(processes.map((boss) => boss.stop({ graceful: false }))))

/** How often each clock strikes between the start and a later minute. */
function strikes(passed: number): Record<string, number> {
  const at = (cron: string) =>
    processes[0]!.previewSchedule(cron, { from: new Date(start), count: Math.min(1000, passed + 1) })
  const until = start + passed * minute
  return Object.fromEntries(
    ticking.map(({ queue, cron }) => [queue, at(cron).filter((strike) => strike.getTime() <= until).length]),
  )
}
const total = (queue: QueueName) => (runs.get(queue) ?? []).reduce((sum, one) => sum + one, 0)

const totals = () => Object.fromEntries(ticking.map(({ queue }) => [queue, total(queue)]))

it(`each of ${minutes} minutes fires every clock once, whichever process does it`, async () => {
  for (let passed = 1; passed <= minutes; passed += 1) {
    // A jump, then a moment in which every timer that was passed fires once, those of both processes.
    await clock.setTime(start + passed * minute)
    await clock.tick(1)
    // The clock moves less than a minute until what it set off is done: a machine with much else to do is no process that slept.
    let looks = 0
    const settled = async () => (await clock.tick((looks += 1) < 40 ? 500 : 5), totals())
    await expect.poll(settled, { interval: 10, timeout: 60_000 }).toEqual(strikes(passed))
  }
  for (let more = 0; more < 4; more += 1) await clock.tick(5000)
  expect(totals()).toEqual(strikes(minutes))
  expect(total('move-bookings')).toBe(minutes)
  const shares = [0, 1].map((n) => [...runs.values()].reduce((sum, counted) => sum + counted[n]!, 0))
  expect(Math.min(...shares), `runs of each process: ${shares.join(' and ')}`).toBeGreaterThan(0)
  expect(errors).toEqual([])
}, 600_000)
