/** Faults R5 and R8 at the doors: the database is away, silent, or has no connection free. People hear it in time, Slack repeats events. */
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { connect, type Database } from '../../db/client.ts'
import { takePulse, type Pulse } from '../../db/pulse.ts'
import { createEnvironment } from '../../engine/environments/environment.ts'
import { doorway, type Doorway } from '../flows/blackhole.ts'
import { visitor, type Visitor } from '../web/visitor.ts'
import { finops, lea, priya, slackWorld, words, type Json, type Seen, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
let door: Doorway
let narrow: Database
let pulse: Pulse
let web: Visitor
let freed: () => void = () => {}

beforeAll(async () => {
  w = await slackWorld()
  await createEnvironment(w.as(), { name: 'stage-2', channel: finops })
  await w.type('help')
  door = await doorway(() => Number(new URL(inject('postgresUrl')).port))
  const url = new URL(w.url)
  url.port = String(door.port)
  pulse = takePulse(url.href, { beatMs: 500, withinMs: 3000 })
  narrow = connect(url.href, { max: 2, pulse })
  w.deps.db = narrow.db
  web = await visitor(w)
})
afterEach(() => back())
afterAll(async () => {
  w.deps.db = w.database.db
  await pulse.stop()
  await narrow.close()
  await door.close()
})

const answers = () =>
  narrow.sql`select pg_sleep(0.05)`.then(
    () => true,
    () => false,
  )
/** Whatever was wrong is over, at both connections. */
async function back(): Promise<void> {
  freed()
  await door.let('all')
  const both = async () => (await Promise.all([answers(), answers()])).every(Boolean)
  await expect.poll(both, { timeout: 20_000 }).toBe(true)
}

/** Takes both connections of the pool until `freed` is called. */
async function exhaust(): Promise<void> {
  const until = new Promise<void>((resolve) => (freed = resolve))
  const taken = [1, 2].map(
    () =>
      new Promise<void>(
        (has) =>
          void narrow.sql.begin(async (sql) => {
            await sql`select 1`
            has()
            await until
          }),
      ),
  )
  await Promise.all(taken)
}

const sentence =
  'I am temporarily unavailable: my database does not answer. Nothing was changed. Try again in a minute.'
const within = async <T>(act: () => Promise<T>): Promise<{ ms: number; got: T }> => {
  const began = performance.now()
  const got = await act()
  return { ms: performance.now() - began, got }
}

describe.each([
  ['refuses connections', () => door.let('refuse')],
  ['is silent', () => door.let('none')],
  ['has no connection free', exhaust],
])('while the database %s', (_, begin) => {
  it('commands and clicks are acknowledged at once and answered within 3 seconds', async () => {
    const help = await w.type('help cost')
    await begin()
    const { ms, got } = await within(async () => {
      const acked = [
        await w.slack.command({ user: lea, channel: finops, text: 'cost by service 14d' }),
        await w.slack.click({ user: lea, message: help, label: 'Run Example 1' }),
      ]
      await w.settled()
      return acked
    })
    expect(got.map((one) => one?.acked)).toEqual([true, true])
    expect(Math.max(...got.map((one) => one!.ms))).toBeLessThan(1000)
    expect(ms).toBeLessThan(3000)
    const seen = w.slack.conversation(lea, finops) as Seen[]
    expect(seen.slice(-2).map(({ text }) => text)).toEqual([sentence, sentence])
  })

  it('a shortcut, which has no address to answer to, is answered in the direct message', async () => {
    await begin()
    await w.slack.shortcut({ user: lea, callbackId: 'book-environment' })
    await w.settled()
    expect((w.slack.conversation(lea, w.slack.directChannel(lea)) as Seen[]).at(-1)!.text).toBe(sentence)
  })

  it('a submitted dialog keeps what was typed and says that nothing was saved', async () => {
    await w.slack.shortcut({ user: priya, callbackId: 'book-environment' })
    await w.settled()
    await begin()
    const { ms, got } = await within(() => w.slack.submit({ user: priya, values: { reason: 'UAT' } }))
    expect(ms).toBeLessThan(3000)
    expect(Object.values((got as { errors: Json }).errors)).toEqual([sentence])
    await back()
    await w.slack.submit({ user: priya })
    await w.settled()
    const [booked] = await w.database.sql`delete from bookings returning reason`
    expect(booked).toEqual({ reason: 'UAT' })
  })

  it('an event is refused in time, and its repetition has its effect once', async () => {
    await begin()
    const event = {
      type: 'app_mention',
      user: lea,
      text: '<@U0FINOPS> help cost',
      channel: finops,
      ts: '1.1',
      event_ts: '1.1',
    }
    const envelope = {
      ...{ token: 't', team_id: w.slack.team.id, api_app_id: w.slack.app.appId, type: 'event_callback', event },
      ...{ event_id: `Ev${Math.random()}`, event_time: 1, authorizations: [], is_ext_shared_channel: false },
    }
    const refused = await w.slack.deliver('event', envelope)
    expect(refused).toMatchObject({ acked: false, status: 500 })
    expect(refused.ms).toBeLessThan(3000)
    await back()
    const before = w.slack.conversation(lea, finops).length
    for (const num of [1, 2, 3]) {
      const again = await w.slack.deliver('event', envelope, { retry: { num, reason: 'http_error' } })
      expect(again.acked).toBe(true)
    }
    await w.settled()
    const answers = (w.slack.conversation(lea, finops) as Seen[]).slice(before)
    expect(answers.map((one) => one.text || words(one))).toEqual([expect.stringMatching(/^cost: /)])
  })

  it('200 pages at once get 503 with a page within about two seconds, and are no burden afterwards', async () => {
    await begin()
    const { ms, got } = await within(() => Promise.all(Array.from({ length: 200 }, () => web.get('/savings'))))
    expect(ms).toBeLessThan(3500)
    expect(new Set(got.map(({ status }) => status))).toEqual(new Set([503]))
    expect(got[0]!.text).toContain('Temporarily unavailable')
    expect(got[0]!.text).toContain('Nothing was changed.')
    expect(got[0]!.headers.get('retry-after')).toBe('10')
    expect((await within(() => web.get('/ready'))).got.status).toBe(503)
    expect((await web.get('/health')).status).toBe(200)
    await back()
    await expect.poll(async () => (await web.get('/savings')).status, { timeout: 20_000 }).toBe(200)
    expect((await within(() => web.get('/ready'))).ms).toBeLessThan(1000)
  })
})

it('too many requests at once: the rest is told so instead of standing in a line without an end', async () => {
  const got = await Promise.all(
    Array.from({ length: 700 }, () => web.get('/style.css').then(() => web.get('/savings'))),
  )
  const refused = got.filter(({ status }) => status === 503)
  expect(got.filter(({ status }) => status === 200).length).toBe(500)
  expect(refused.length).toBe(200)
})
