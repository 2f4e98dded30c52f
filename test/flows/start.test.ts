/** The whole product from outside: a process that is started, asked, killed and started again. */
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { ensureDatabase } from '../../db/migrate.ts'
import { freePort, newFolder, postgresOf, startProduct, type Child } from './child.ts'

type Seen = { text: string; to?: string; ts: string }

const running = new Set<Child>()
const start = async (settings: Record<string, string>, port?: number): Promise<Child> => {
  const child = startProduct(port ?? (await freePort()), settings)
  running.add(child)
  void child.ended.then(() => running.delete(child))
  return child
}
afterAll(() => Promise.all([...running].map((child) => child.kill('SIGTERM'))))

/** Types a line in #finops and answers what the person sees of it. */
async function type(child: Child, line: string): Promise<string> {
  const channel = 'C0FINOPS'
  const seen = async () => {
    const answer = await child.get(`/chat/data/conversation?channel=${channel}&as=U0LEA`)
    return ((await answer.json()) as { messages: Seen[] }).messages
  }
  const before = new Set((await seen()).map(({ ts }) => ts))
  await child.act('command', { channel, line })
  for (let waited = 0; waited < 20_000; waited += 50) {
    const fresh = (await seen()).filter(({ ts, to }) => to === 'U0LEA' && !before.has(ts))
    if (fresh.length) return JSON.stringify(fresh)
    await sleep(50)
  }
  throw new Error(`${line} was not answered:\n${child.said()}`)
}

function found(pattern: RegExp, answer: string): string {
  expect(answer).toMatch(pattern)
  return pattern.exec(answer)![0]
}

/** What last month cost in an organization that was loaded without a kill. */
let spend = ''

describe('with the embedded database', () => {
  it(
    'says Ready with the address, answers at every door, keeps what was acknowledged through kill -9, and leaves nothing behind',
    { timeout: 400_000 },
    async () => {
      const settings = { DATA_DIR: await newFolder() }
      const first = await start(settings)
      const ready = await first.until(/^Ready.*$/m)
      expect(ready).toContain(`http://localhost:${first.port}/chat`)
      expect(first.said()).toMatch(/^Bills: \d+ of \d+ read/m)
      const codes = ['/chat', '/health', '/ready', '/'].map(async (path) => (await first.get(path)).status)
      expect(await Promise.all(codes)).toEqual([200, 200, 200, 302])
      const link = found(/http[^"\\]*sign-in[^"\\]*/, await type(first, '/finops link'))
      expect((await fetch(link)).status, link).toBe(200)

      spend = found(/\$[\d,.]+/, await type(first, '/finops cost by service last-month'))
      expect(await type(first, '/env qa-stand 2h Kill test')).toMatch(/qa-stand\* is yours/)
      process.kill(postgresOf(settings.DATA_DIR)!, 'SIGKILL')
      await first.kill('SIGKILL')

      const second = await start(settings)
      await second.until(/^Ready.*$/m)
      expect(second.said()).not.toMatch(/^Bills/m)
      expect(await type(second, '/env')).toMatch(/Kill test/)
      expect(await type(second, '/finops cost by service last-month')).toContain(spend)
      expect([await second.kill('SIGTERM'), second.said()]).toEqual([0, expect.not.stringMatching(/Error/)])
      expect(postgresOf(settings.DATA_DIR)).toBeNull()
    },
  )

  it('a signal while it starts leaves nothing behind', { timeout: 120_000 }, async () => {
    const settings = { DATA_DIR: await newFolder() }
    const child = await start(settings)
    await child.until(/^Opening/m)
    await sleep(randomInt(4000))
    expect(await child.kill('SIGTERM'), child.said()).toBe(0)
    expect(postgresOf(settings.DATA_DIR)).toBeNull()
  })

  it('Ctrl-C, which reaches launcher and product and is handed on, is one signal', { timeout: 240_000 }, async () => {
    const settings = { DATA_DIR: await newFolder() }
    const child = await start(settings)
    await child.until(/^Opening/m)
    await sleep(randomInt(2000))
    void child.kill('SIGINT')
    await sleep(30)
    expect(await child.kill('SIGINT'), child.said()).toBe(0)
    expect(postgresOf(settings.DATA_DIR)).toBeNull()
  })
})

describe('with DATABASE_URL', () => {
  it(
    'killed twice while the demo is loaded, it ends with one organization and every bill read once',
    { timeout: 400_000 },
    async () => {
      const url = await ensureDatabase(inject('postgresUrl'), `finops_start_${process.pid}`)
      const settings = { DATA_DIR: await newFolder(), DATABASE_URL: url, SECRET_KEY: 'sixteen characters or more' }
      for (const line of [/^Opening/m, /^Bills: [1-6] of/m]) {
        const child = await start(settings)
        await child.until(line)
        await sleep(randomInt(3000))
        await child.kill('SIGKILL')
      }
      const child = await start(settings)
      await child.until(/^Ready/m)
      const sql = postgres(url, { onnotice: () => {} })
      try {
        expect(await sql`select count(*)::int as n from organizations`).toEqual([{ n: 1 }])
        const states = await sql`select state, count(*)::int as n from imports group by 1`
        expect(states.filter(({ state }) => !['completed', 'unchanged'].includes(String(state)))).toEqual([])
        const twice =
          await sql`select account_id, title from imports where state = 'completed' group by 1, 2 having count(*) > 1`
        expect(twice).toEqual([])
        const [sums] =
          await sql`select (select sum(lines) from expenses)::int as stored, (select sum(lines) from spend_months)::int as summed`
        expect(sums!.stored).toBeGreaterThan(20_000)
        expect(sums!.summed).toBe(sums!.stored)
        expect(spend).not.toBe('')
        expect(await type(child, '/finops cost by service last-month')).toContain(spend)
        const [open] =
          await sql`select count(*)::int as n from pgboss.job where state = 'active' and started_on < now() - interval '2 minutes'`
        expect(open).toEqual({ n: 0 })
      } finally {
        await sql.end()
      }
      expect(await child.kill('SIGTERM')).toBe(0)
    },
  )
})

describe('what cannot work is said in a sentence and nothing starts', () => {
  const refused = async (settings: Record<string, string>, port?: number) => {
    const child = await start({ DATA_DIR: await newFolder(), ...settings }, port)
    const code = await child.ended
    return { code, said: child.said().trim().split('\n').slice(0, 3).join(' ') }
  }

  it.each([
    ['a wrong PORT', { PORT: 'abc' }, /nothing was started.*PORT/],
    ['a wrong PARTS', { PARTS: 'webb' }, /nothing was started.*PARTS/],
    [
      'DATABASE_URL without SECRET_KEY',
      { DATABASE_URL: 'postgres://127.0.0.1:1/x' },
      /^SECRET_KEY .* is missing; nothing was started\.$/,
    ],
    [
      'a database that does not answer',
      { DATABASE_URL: 'postgres://127.0.0.1:1/x', SECRET_KEY: 'sixteen characters or more' },
      /The database of DATABASE_URL cannot be used: .*ECONNREFUSED/,
    ],
  ])('%s', { timeout: 60_000 }, async (_, settings, sentence) => {
    const { code, said } = await refused(settings)
    expect(said).toMatch(sentence)
    expect(said).not.toMatch(/\n? {4}at /)
    expect(code).toBe(1)
  })

  it('a taken port, and the database of whoever has it goes on', { timeout: 60_000 }, async () => {
    const server = (await import('node:http')).createServer().listen(0, '127.0.0.1')
    const { port } = await new Promise<{ port: number }>((resolve) =>
      server.on('listening', () => resolve(server.address() as { port: number })),
    )
    const { code, said } = await refused({}, port)
    server.close()
    expect(said).toBe(`Port ${port} is taken. Set PORT to another one, e.g. PORT=3001 npm start. Nothing was started.`)
    expect(code).toBe(1)
  })
})
