/** Fault R14: SIGTERM in the middle of work. Nothing new is begun, what was begun is answered, a bill that takes longer goes on after the restart. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findImport } from '../../db/queries/imports.ts'
import { upsertLink } from '../../db/queries/slack-links.ts'
import { createEnvironment } from '../../engine/environments/environment.ts'
import { uploadBill } from '../../engine/ingest/uploaded-bill.ts'
import { makeSignInLink } from '../../engine/organizations/sign-in.ts'
import { startSlackSandbox, type SlackSandbox } from '../../integrations/sandbox/slack.ts'
import { csvChunks } from '../bench/bills.ts'
import { figures, fileOf } from '../engine/ingest/ingest-world.ts'
import { world, type World } from '../world.ts'
import { freePort, newFolder, startProduct, type Child } from './child.ts'

const lea = 'U0LEA'
const channel = 'C0FINOPS'
let w: World
let slack: SlackSandbox
let settings: Record<string, string>
let child: Child

beforeAll(async () => {
  w = await world({ now: new Date().toISOString() })
  slack = await startSlackSandbox()
  const folder = await newFolder()
  w.deps.spool = join(folder, 'spool')
  settings = { DATABASE_URL: w.url, SECRET_KEY: 'a master key for tests', DATA_DIR: folder, LOG_LEVEL: 'silent' }
  Object.assign(settings, {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
  })
  await upsertLink(w.deps.db, { teamId: slack.team.id, slackUserId: lea, orgId: w.org.id, personId: w.lea.id })
  await createEnvironment(w.as(), { name: 'qa-stand' })
  child = await start()
}, 600_000)
afterAll(async () => {
  await child.kill('SIGKILL')
  await slack.close()
})

async function start(): Promise<Child> {
  const started = startProduct(await freePort(), settings)
  await started.until(/^Ready/m)
  slack.connect(`http://127.0.0.1:${started.port}`)
  return started
}

/** How it ended and after how many seconds. */
async function stop(): Promise<{ code: number | null; seconds: number }> {
  const asked = performance.now()
  const code = await child.kill('SIGTERM')
  return { code, seconds: (performance.now() - asked) / 1000 }
}
const waiting = async () => (await w.database.sql`select from pg_locks where not granted`).length

async function signIn(): Promise<string> {
  const { pathname } = new URL(await makeSignInLink(w.as()))
  const answer = await fetch(`http://127.0.0.1:${child.port}${pathname}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
  })
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}

it('a booking and a page that were begun are finished and answered, and nothing new is begun', async () => {
  const cookie = await signIn()
  let [page, ended]: [Promise<Response>?, ReturnType<typeof stop>?] = []
  await w.database.sql.begin(async (holder) => {
    await holder`set local idle_in_transaction_session_timeout = 0`
    await holder`lock table bookings in access exclusive mode`
    const { acked } = await slack.command({ user: lea, channel, command: '/env', text: 'book qa-stand 2h stop' })
    expect(acked).toBe(true)
    page = fetch(`http://127.0.0.1:${child.port}/environments`, { headers: { cookie } })
    await expect.poll(waiting, { timeout: 60_000 }).toBeGreaterThan(1)
    ended = stop()
    await sleep(1000)
    await expect(child.get('/health')).rejects.toThrow()
  })
  const answer = await page!
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('qa-stand')])
  const { code, seconds } = await ended!
  expect(code, child.said()).toBe(0)
  expect(seconds).toBeLessThan(30)
  const said = slack.conversation(lea, channel).map(({ text }) => text)
  expect(said).toContainEqual(expect.stringMatching(/qa-stand.* is yours/))
  const [kept] = await w.database.sql`select (select count(*)::int from bookings) as bookings,
    (select count(*)::int from events where name = 'booking.made') as events,
    (select count(*)::int from pgboss.job where name = 'mirror-booking') as jobs`
  expect(kept).toEqual({ bookings: 1, events: 1, jobs: 1 })
}, 600_000)

it('a bill that is being stored is given up after a while, nothing of it is kept, and it goes on after the restart', async () => {
  await child.kill('SIGTERM')
  child = await start()
  const account = await w.account('aws', { cloudAccountId: '1' })
  const tally = { units: 0n }
  const path = await fileOf('cur.csv', [...csvChunks({ lines: 5000, resources: 500, seed: 3, tally })].join(''))
  const before = await figures(w, account)
  let id = ''
  const found = () => findImport(w.database.db, { orgId: w.org.id, id })
  await w.database.sql.begin(async (holder) => {
    await holder`set local idle_in_transaction_session_timeout = 0`
    // The last table an import writes to: its facts, rollups and resources lie in the open transaction by then.
    await holder`lock table bill_scopes in exclusive mode`
    id = (await uploadBill(w.as(), { accountId: account.id, files: [{ name: 'cur.csv', path }] })).id
    await expect.poll(waiting, { timeout: 120_000 }).toBe(1)
    const { code, seconds } = await stop()
    expect(code, child.said()).toBe(0)
    expect(seconds).toBeLessThan(30)
  })
  expect(await figures(w, account)).toEqual(before)
  expect((await found())!.state).toMatch(/scheduled|running/)

  child = await start()
  // At once: a job that failed would rest for half a minute first.
  await expect.poll(async () => (await found())!.state, { timeout: 25_000, interval: 200 }).toBe('completed')
  const { facts, months } = await figures(w, account)
  expect([facts['billed'], months['billed']]).toEqual([inUnits(tally.units), inUnits(tally.units)])
  expect(await stop()).toMatchObject({ code: 0 })
}, 600_000)

/** A sum counted in units of 1e-10, written as the database writes it. */
const inUnits = (units: bigint): string =>
  `${units / 10_000_000_000n}.${String(units % 10_000_000_000n).padStart(10, '0')}`.replace(/\.?0+$/, '')
