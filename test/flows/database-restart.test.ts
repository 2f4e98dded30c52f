/** Faults R4 and R5: PostgreSQL stops at once under load, or is away for a while; the product goes on by itself and nothing acknowledged is lost. */
import { connect as dial, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect } from '../../db/client.ts'
import { startEmbedded, type EmbeddedServer } from '../../db/embedded.ts'
import { ensureDatabase } from '../../db/migrate.ts'
import { countUnmirroredBookings } from '../../db/queries/calendars.ts'
import { freePort, newFolder, postgresOf, startProduct, type Child } from './child.ts'

let folder: string
let server: EmbeddedServer
let child: Child
/** Where the product finds the database, whatever port the server has after a restart. */
const door = createServer((from) => {
  const to = dial(Number(new URL(server.url).port), '127.0.0.1')
  const end = (one: Socket, other: Socket) => one.on('error', () => {}).on('close', () => other.destroy())
  end(from, to)
  end(to, from)
  from.pipe(to).pipe(from)
})

beforeAll(async () => {
  folder = await newFolder()
  server = await startEmbedded(folder)
  const url = new URL(await ensureDatabase(server.url, 'restarted'))
  await new Promise<void>((listens) => door.listen(0, '127.0.0.1', listens))
  url.port = String((door.address() as AddressInfo).port)
  const settings = { DATABASE_URL: url.href, SECRET_KEY: 'sixteen characters or more', LOG_LEVEL: 'silent' }
  child = startProduct(await freePort(), { DATA_DIR: await newFolder(), ...settings })
  await child.until(/^Ready/m)
}, 300_000)
afterAll(async () => {
  await child.kill('SIGTERM')
  door.close()
  await server.stop()
})

/** Stops the server as a power cut would: no checkpoint, every connection cut. It comes back two seconds later. */
async function restart(): Promise<void> {
  process.kill(postgresOf(folder)!, 'SIGQUIT')
  await sleep(2000)
  server = await startEmbedded(folder)
}
const readyNow = async () => (await child.get('/ready')).status

const people = ['U0LEA', 'U0TOM', 'U0PRIYA', 'U0MAX']
const environments = ['qa-stand', 'stage-1', 'stage-2', 'load-lab']
const channel = 'C0FINOPS'
let asked = 0
/** Somebody books, then asks what things cost: every booking has a time of its own, so that a yes can be looked up. */
async function ask(): Promise<void> {
  const n = asked
  asked += 1
  const as = people[Math.floor(n / 4) % 4]!
  const day = new Date(Date.now() + (3 + Math.floor(n / 16)) * 86_400_000).toISOString().slice(0, 10)
  const hour = 8 + 3 * (Math.floor(n / 4) % 4)
  const line = `/env book ${environments[n % 4]} ${day}T${hour}:00-${hour + 1}:00 load`
  for (const each of [line, '/finops cost by service 14d'])
    await child.act('command', { channel, line: each }, as).catch(() => {})
}

type Seen = { text: string; to?: string }
/** "qa-stand 1795701600" for every booking the bot said yes to. */
async function promised(): Promise<string[]> {
  const all = people.map(async (as) => {
    const answer = await child.get(`/chat/data/conversation?channel=${channel}&as=${as}`)
    const { messages } = (await answer.json()) as { messages: Seen[] }
    return messages.flatMap(({ text }) => {
      const yes = /^(\S+) is booked for you from <!date\^(\d+)\^/.exec(text)
      return yes ? [`${yes[1]} ${yes[2]}`] : []
    })
  })
  return (await Promise.all(all)).flat()
}

/** Yeses that were not among those; the chat shows the newest messages only, so they cannot be counted. */
const newYeses = async (before: string[]) => (await promised()).filter((slot) => !before.includes(slot)).length

it('serves again within 15 seconds, and every booking it said yes to is there', { timeout: 300_000 }, async () => {
  // Paced: a command is acknowledged before anything is read. People go on asking until one hears yes again, and none of
  // them asks sixty times a minute.
  let going = true
  const client = async () => {
    for (; going; await sleep(asked < 24 ? 400 : 2500)) await ask()
  }
  const clients = [client(), client(), client()]
  await expect.poll(async () => (await promised()).length, { timeout: 20_000 }).toBeGreaterThan(2)
  await restart()
  const said = await promised()
  const alive = await Promise.race([sleep(1000).then(() => true), child.ended.then(() => false)])
  expect(alive, child.said()).toBe(true)
  await expect.poll(readyNow, { timeout: 15_000, interval: 100 }).toBe(200)
  await expect
    .poll(() => newYeses(said), { timeout: 20_000 })
    .toBeGreaterThan(0)
    .finally(() => (going = false))
  await Promise.all(clients)

  const { db, sql, close } = connect(server.url.replace(/postgres$/, 'restarted'), { max: 1 })
  const yes = await promised()
  const rows = await sql`select e.name || ' ' || extract(epoch from b.starts_at)::bigint as slot, b.org_id
    from bookings b join environments e on e.id = b.environment_id where b.reason = 'load'`
  const stored = rows.map(({ slot }) => slot as string)
  expect(yes.filter((slot) => !stored.includes(slot))).toEqual([])
  expect(new Set(stored).size).toBe(stored.length)
  // A job that was cut off is taken up when its heartbeat stays away: 60 s, and the queue looks once a minute.
  const behind = () => countUnmirroredBookings(db, rows[0]!['org_id'] as string)
  await expect.poll(behind, { timeout: 130_000, interval: 500 }).toBe(0)
  await close()
})

it(
  'a database that is away is said in a sentence, and everything goes on when it is back',
  { timeout: 300_000 },
  async () => {
    const away = async () => {
      const answer = await child.get(`/chat/data/conversation?channel=${channel}&as=U0LEA`)
      const { messages } = (await answer.json()) as { messages: Seen[] }
      return messages.filter(({ text }) => text.startsWith('I am temporarily unavailable')).length
    }
    const before = await away()
    await server.stop()
    for (const asked of [1, 2]) {
      await child.act('command', { channel, line: '/finops cost by service 14d' })
      await expect.poll(away, { timeout: 3000, interval: 50 }).toBe(before + asked)
      expect(await readyNow()).toBe(503)
      await sleep(3000)
    }
    server = await startEmbedded(folder)
    await expect.poll(readyNow, { timeout: 15_000, interval: 100 }).toBe(200)
    const said = await promised()
    await child.act('command', { channel, line: '/env book qa-stand tomorrow 05:00-05:30 again' })
    await expect.poll(() => newYeses(said), { timeout: 60_000 }).toBe(1)
  },
)
