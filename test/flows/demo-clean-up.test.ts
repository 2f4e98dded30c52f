/** The demo's clean-up that somebody is in the middle of: made by the real verbs, seen in Slack and on its page, kept over a restart. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectAccount } from '../../engine/accounts/connect.ts'
import { hourMs } from '../../engine/time.ts'
import { awsAdapter } from '../../integrations/aws/adapter.ts'
import { billReader } from '../../integrations/bills/read-bill.ts'
import { startAws } from '../../integrations/sandbox/aws.ts'
import { demoAws } from '../../integrations/sandbox/demo-aws.ts'
import { makeCleanUp, recallCleanUp } from '../../sandbox.ts'
import { lea, priya, slackWorld, words, type Seen, type SlackWorld } from '../bot/slack-world.ts'
import { visitor } from '../web/visitor.ts'

const start = new Date('2026-11-23T10:00:00Z')
let now = () => start
const accounts = demoAws(start)
const hq = accounts[0]!
const aws = await startAws([hq.state], { now: () => now() })
let w: SlackWorld
let accountId: string

beforeAll(async () => {
  const clouds = { aws: awsAdapter({ endpoint: aws.url }) }
  w = await slackWorld({ now: start.toISOString(), outside: { clouds, readBill: billReader() } })
  now = w.clock.now
})
afterAll(() => aws.close())

async function look() {
  w.clock.advance(hourMs)
  await w.deps.boss.send('discover', { orgId: w.org.id, accountId })
  await w.work()
  await w.deps.boss.send('check-recommendations', { orgId: w.org.id })
  await w.work()
  await w.settled()
}
const cleanUps = () => w.database.sql`select id, state, items from clean_ups`
const outcomes = async () => {
  const [one] = await cleanUps()
  return (one!['items'] as { outcome: string | null }[]).map(({ outcome }) => outcome)
}
const protectedBy = expect.stringMatching(/^protected by image ami-0/)
const found = () => w.database.sql`select key from findings where recommendation = 'obsolete_snapshots'`

it(
  'waits until something was found, then asks, approves and has the scripts run once',
  { timeout: 300_000 },
  async () => {
    await w.pool('Engineering')
    const [pool] = await w.database.sql`select id from pools where name = 'Engineering'`
    await w.database
      .sql`insert into memberships (org_id, person_id, role, pool_id) values (${w.org.id}, ${w.priya.id}, 'engineer', ${pool!['id']})
    on conflict do nothing`
    accountId = (
      await connectAccount(w.as(), { cloud: 'aws', name: hq.name, credentials: hq.credentials, settings: hq.settings })
    ).id
    await w.work()
    await look()
    const before = (await found()).length
    expect(before).toBeGreaterThan(7)
    expect(await makeCleanUp(w.as(), { accounts })).toBe(true)
    expect(await makeCleanUp(w.as(), { accounts })).toBe(true)
    expect(await cleanUps()).toHaveLength(1)
    await w.work()
    await look()
    expect((await outcomes()).toSorted()).toEqual([...Array.from({ length: 6 }, () => 'gone'), protectedBy])
    expect((await found()).length).toBe(before - 7)
    const [policy] = await w.database.sql`select value from options where name = 'clean_up_approval'`
    expect(policy).toEqual({ value: { over: 200 } })
  },
)

it('is seen by who asked and by who approved, and on its page', { timeout: 60_000 }, async () => {
  const direct = (user: string) => w.slack.conversation(user, w.slack.directChannel(user)) as Seen[]
  const theirs = direct(priya).map((message) => `${message.text} ${words(message)}`)
  expect(theirs.join('\n')).toMatch(/6 of 7 gone, 1 protected by image ami-0/)
  expect(
    direct(lea)
      .map(({ text }) => text)
      .join('\n'),
  ).toMatch(/clean-up/i)
  const [one] = await cleanUps()
  const page = await visitor(w)
  expect((await page.get(`/clean-ups/${one!['id']}`)).text).toContain('6 of 7 gone, 1 protected by image')
  const savings = (await page.get('/savings')).text
  expect(savings).toMatch(
    new RegExp(`Clean-ups under way[^]*/clean-ups/${one!['id']}[^]*6 of 7 gone, 1 protected by image`),
  )
})

it('is the same after a restart, when the cloud has forgotten everything', { timeout: 120_000 }, async () => {
  const fresh = demoAws(now())[0]!
  Object.assign(hq.state, { regions: fresh.state.regions })
  await recallCleanUp(w.deps, { accounts })
  const before = (await found()).length
  await look()
  expect((await outcomes()).toSorted()).toEqual([...Array.from({ length: 6 }, () => 'gone'), protectedBy])
  expect((await found()).length).toBe(before)
})
