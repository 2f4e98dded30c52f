/** A queue whose database goes away: two lines, whatever the number of queues and tries. */
import { connect as dial, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect, type Database } from '../../db/client.ts'
import { createLog } from '../../engine/log.ts'
import { isOutage, queueErrors } from '../../engine/queue-errors.ts'
import { world, type World } from '../world.ts'

let w: World
let boss: PgBoss
let database: Database
let complaints: ReturnType<typeof queueErrors>
const lines: { level: number; msg: string; err?: unknown; why?: string; seconds?: number }[] = []
const open = new Set<Socket>()
let refusing = false
/** The way to the database, which a test can close. */
const door = createServer((from) => {
  if (refusing) return void from.destroy()
  const to = dial(Number(new URL(w.url).port), '127.0.0.1')
  const end = (one: Socket, other: Socket) => one.on('error', () => {}).on('close', () => other.destroy())
  end(from, to)
  end(to, from)
  open.add(from)
  from.on('close', () => open.delete(from))
  from.pipe(to).pipe(from)
})

beforeAll(async () => {
  w = await world()
  await new Promise<void>((listens) => door.listen(0, '127.0.0.1', listens))
  const url = new URL(w.url)
  url.hostname = '127.0.0.1'
  url.port = String((door.address() as AddressInfo).port)
  database = connect(url.href, { max: 2 })
  boss = new PgBoss({ connectionString: url.href, max: 3, supervise: false, schedule: false, migrate: false })
  const log = createLog('info', { write: (line: string) => void lines.push(JSON.parse(line)) })
  complaints = queueErrors(log, { answers: () => database.sql`select 1`, everyMs: 100 })
  boss.on('error', complaints.heard)
  await boss.start()
  const names = ['outage-a', 'outage-b', 'outage-c', 'outage-d']
  for (const name of names) await boss.createQueue(name)
  for (const name of names) await boss.work(name, { pollingIntervalSeconds: 0.5 }, async () => {})
})
afterAll(async () => {
  complaints.stop()
  refusing = false
  await boss.stop({ graceful: false })
  await database.close()
  door.close()
})

async function outage(ms: number): Promise<void> {
  refusing = true
  for (const one of open) one.destroy()
  await sleep(ms)
  refusing = false
}

it(
  'says once that the database is away and once that it is back, without a stack, at every outage',
  { timeout: 60_000 },
  async () => {
    for (const times of [1, 2]) {
      await outage(4000)
      await expect
        .poll(() => lines.filter(({ msg }) => msg.includes('is back')).length, { timeout: 20_000 })
        .toBe(times)
      await sleep(1500)
      expect(lines).toHaveLength(2 * times)
      const [away, back] = lines.slice(-2)
      expect(away).toMatchObject({ level: 40, msg: 'the database does not answer; the queue waits for it' })
      expect(away!.why).toBeTruthy()
      expect(back).toMatchObject({ level: 30, msg: 'the database is back; the queue goes on' })
      expect(back!.seconds).toBeGreaterThanOrEqual(3)
      expect(JSON.stringify(lines)).not.toContain('stack')
    }
  },
)

it('tells everything else as it is', () => {
  complaints.heard(new Error('a defect'))
  expect(lines.at(-1)).toMatchObject({ msg: 'queue', err: { message: 'a defect' } })
  expect(isOutage(new Error('duplicate key'))).toBe(false)
  expect(isOutage(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))).toBe(true)
})
