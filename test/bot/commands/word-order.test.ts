/** Words in the order people say them: what they mean, and what is asked back instead of being guessed. */
import { beforeAll, describe, expect, it } from 'vitest'
import { createEnvironment } from '../../../engine/environments/environment.ts'
import { labels, slackWorld, words, type SlackWorld } from '../slack-world.ts'

let w: SlackWorld
beforeAll(async () => {
  w = await slackWorld()
  const pool = await w.pool('Payments')
  const account = await w.account()
  const thing = await w.resource(account, { name: 'loadtest-db', poolId: pool.id, ownerId: w.lea.id })
  await w.resource(account, { name: 'long-gone', ownerId: w.lea.id, active: false, totalCost: '5000' })
  await w.spend(thing, { '2026-10-05': 70, '2026-11-10': 30 })
  await createEnvironment(w.as(), { name: 'stage-2' })
})

describe('a range after a pool', () => {
  it.each([
    ['cost for payments 2026-10', '$70'],
    ['cost 2026-10 for payments', '$70'],
    ['cost for payments last month', '$70'],
    ['cost for payments this month', '$30'],
    ['cost for payments 2026-10-01..2026-10-15', '$70'],
  ])('%s', async (line, money) => {
    expect((await w.type(line)).text).toMatch(new RegExp(`^Payments spent \\${money}`))
  })

  it('is understood again when the answer is asked by another grouping', async () => {
    const seen = await w.type('cost 2026-10 for payments')
    await w.slack.click({ user: 'U0LEA', message: seen, label: 'Group by', value: 'Account' })
    await w.settled()
    expect(w.last().text).toMatch(/^Payments spent \$70/)
    const [question] = await w.database.sql`select canonical from slack_questions order by at desc, id limit 1`
    const asked = await w.database.sql`select canonical from slack_questions where canonical like 'cost by account%'`
    expect(asked, String(question!['canonical'])).toMatchObject([{ canonical: 'cost by account for payments 2026-10' }])
  })
})

it('a pool after “for” is one in budget and forecast too', async () => {
  for (const line of ['budget for payments', 'forecast for payments'])
    expect((await w.type(line)).text).not.toMatch(/do not know/)
})

it('“vs budget” of what has no limit says so', async () => {
  const seen = await w.type('cost for cloud:aws vs budget')
  expect(seen.text).toContain('Only pools have limits.')
  expect(seen.text).not.toContain('expected by the end of the month')
})

it('an amount a day is no limit of a pool, and one a month none of a resource', async () => {
  const pool = await w.type('limit payments 20/day')
  expect(pool.text).toMatch(/^A pool has a limit per month\. Nothing was changed\./)
  expect(labels(pool)).toEqual(['limit payments 20/month'])
  expect((await w.type('limit loadtest-db 600/month')).text).toMatch(/^A resource has a limit per day\./)
  expect(await w.database.sql`select from resource_constraints`).toHaveLength(0)
  expect((await w.type('limit loadtest-db 20/day')).text).toMatch(/20 a day/)
})

it('a name and then a verb of the door is that verb', async () => {
  await w.type('stage-2 2h', { command: '/env' })
  expect((await w.type('stage-2 extend +1h', { command: '/env' })).text).toMatch(/stage-2/)
  expect((await w.type('stage-2 release', { command: '/env' })).text).toMatch(/released|free/)
  expect(await w.database.sql`select state, reason from bookings`).toEqual([{ state: 'released', reason: '' }])
})

it('a change is not made by a guess at a pool; a question is answered by one', async () => {
  for (const line of ['role <@U0PRIYA> manager for pay', 'bind pay', 'assign loadtest-db to pay']) {
    const seen = await w.type(line)
    expect(seen.text).toMatch(/^No pool is called exactly “pay”\. Nothing was changed\./)
    expect(labels(seen)).toHaveLength(1)
  }
  expect((await w.type('assign loadtest-db to priya')).text).toMatch(/but a person is/)
  expect((await w.type('budget pay')).text).not.toMatch(/exactly/)
})

it('--dry is refused where something would change', async () => {
  expect((await w.type('limit payments 100 --dry')).text).toMatch(/^I cannot try this out.*Nothing was changed\./)
  expect(await w.database.sql`select from pools where monthly_limit > 0`).toHaveLength(0)
})

it('mine shows what lives', async () => {
  const seen = await w.type('mine')
  expect(seen.text).toMatch(/^You own 1 resource/)
  expect(words(seen)).not.toContain('long-gone')
})
