import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { queueHomes } from '../../../bot/home/home.ts'
import { judgeView } from '../../../bot/lint.ts'
import type { Block } from '../../../bot/blocks.ts'
import { insertHits, setViolationMarks } from '../../../db/queries/constraint-hits.ts'
import { environments } from '../../../db/schema/environments.ts'
import { findings } from '../../../db/schema/recommendations.ts'
import type { Person } from '../../../db/schema/organizations.ts'
import type { Pool } from '../../../db/schema/pools.ts'
import type { Resource } from '../../../db/schema/resources.ts'
import { setTtl } from '../../../engine/constraints/ttl.ts'
import { bookEnvironment, releaseBooking } from '../../../engine/environments/bookings.ts'
import { createEnvironment } from '../../../engine/environments/environment.ts'
import { addDays, hourMs } from '../../../engine/time.ts'
import { labels, lea, max, priya, slackWorld, tom, words, type Json, type SlackWorld } from '../slack-world.ts'

let w: SlackWorld
let payments: Pool
let search: Pool
let database: Resource
let managerTom: Person
let memberMax: Person

beforeAll(async () => {
  w = await slackWorld({ now: '2026-11-23T10:00:00Z' })
  payments = await w.pool('Payments', { monthlyLimit: '1000' })
  search = await w.pool('Search', { monthlyLimit: '9000' })
  managerTom = await w.colleague(tom, 'Tom', 'manager', payments.id)
  memberMax = await w.colleague(max, 'Max', 'member')
  const account = await w.account()
  database = await w.resource(account, {
    name: 'loadtest-db',
    type: 'RDS Instance',
    poolId: payments.id,
    ownerId: w.priya.id,
  })
  const index = await w.resource(account, { name: 'index-1', poolId: search.id })
  for (let day = 0; day < 40; day += 1) await w.spend(database, { [addDays('2026-10-14', day)]: 50 })
  await w.spend(index, { '2026-11-20': 30 })
  await createEnvironment(w.as(), { name: 'stage-1' })
  await createEnvironment(w.as(), { name: 'stage-2' })
})

/** The home of a person, as published last. */
function home(user: string): { blocks: Json[] } {
  const view = w.slack.home(user)
  if (!view) throw new Error(`${user} has no home.`)
  return view
}

async function open(user: string): Promise<{ blocks: Json[] }> {
  const opened = await w.slack.openHome({ user })
  expect(opened).toMatchObject({ acked: true })
  await w.settled()
  return home(user)
}

/** Clicks on the home by label and lets everything that follows happen. */
async function press(user: string, label: string, value?: unknown): Promise<void> {
  await w.slack.click({ user, view: w.slack.home(user)!, label, value })
  await w.settled()
}

const direct = (user: string) => w.slack.conversation(user, w.slack.directChannel(user))
const typesOf = ({ blocks }: { blocks: Json[] }) => blocks.map(({ type }) => type)
const chartOf = ({ blocks }: { blocks: Json[] }) => blocks.find(({ type }) => type === 'data_visualization')
const problemsOf = ({ blocks }: { blocks: Json[] }) => judgeView({ type: 'home', blocks: blocks as unknown as Block[] })

describe('an organization manager', () => {
  it('sees the organization: its money by week against the limit, and the pools nearest to theirs', async () => {
    const seen = await open(lea)
    const text = words(seen)
    // 22 days of 50 plus 30; Payments is over 1000, Search far below 9000.
    expect(text).toContain(`*${w.org.name}* spent *$1,130*`)
    expect(text).toContain('No limit is set')
    expect(text).toMatch(/\*Payments\* · \$1,100 of \$1,000 · █{20} 110%/)
    expect(text.indexOf('*Payments* ·')).toBeLessThan(text.indexOf('*Search* ·'))
    expect(text).toMatch(/billing through Nov 22/)
    const chart = chartOf(seen)!['chart'] as { series: { name: string; data: { label: string; value: number }[] }[] }
    // Bills end on Sunday Nov 22: the week that began on Nov 23 is not drawn as a fall to zero.
    expect(chart.series[0]!.data.at(-1)).toEqual({ label: 'Nov 16', value: 380 })
    expect(chart.series[0]!.data).toHaveLength(8)
  })

  it('is told that a pool is over its limit, with a button that shows it', async () => {
    const seen = await open(lea)
    expect(words(seen)).toContain('*Payments* is over its limit: *$1,100* of $1,000 used.')
    await press(lea, 'Show')
    expect(direct(lea).at(-1)?.text).toContain('Payments is over its limit')
  })

  it('asks about cost with one button', async () => {
    await open(lea)
    await press(lea, 'Ask About Cost')
    expect(direct(lea).at(-1)?.text).toContain('$1,130')
    await press(lea, 'What Can I Do')
    expect(direct(lea).at(-1)?.text).toMatch(/plain words/)
  })

  it('finds what they did, and opens the palette to look something up', async () => {
    await open(lea)
    await press(lea, 'What I Did')
    expect(direct(lea).at(-1)?.text).toMatch(/^The last \d+ changes by you\.$/)
    const more = { user: lea, view: w.slack.home(lea)!, actionId: 'more:run-command' }
    await w.slack.click({ ...more, value: 'v1|run-command|-|0|' })
    await w.settled()
    expect(w.slack.view(lea)?.callback_id).toBe('palette')
  })

  it('keeps every rule of messages and stays small', async () => {
    const seen = await open(lea)
    expect(problemsOf(seen)).toEqual([])
    expect(seen.blocks.length).toBeLessThan(60)
  })
})

describe('a pool manager', () => {
  it('sees their own pool only', async () => {
    const text = words(await open(tom))
    expect(text).toContain('*Payments* spent *$1,100* of *$1,000*')
    expect(text).toContain('*Payments* is over its limit')
    expect(text).not.toContain('Search')
    expect(text).not.toContain('$1,130')
  })
})

describe('an engineer', () => {
  it('sees their dearest resources and their TTL with a priced button that extends it in one click', async () => {
    await setTtl(w.as(), { resourceId: database.id, until: new Date('2026-11-24T10:00:00Z') })
    const seen = await open(priya)
    expect(words(seen)).toContain('Waiting for you (1)')
    expect(words(seen)).toMatch(/\*loadtest-db\* · RDS Instance · \$50 a day\nIts TTL ends/)
    await press(priya, 'Extend 1 Day · $50')
    expect(direct(priya).at(-1)?.text).toMatch(/loadtest-db lives until .*Nov 25/)
    expect(labels(direct(priya).at(-1)! as never)).toContain('Undo')
  })

  it('is not told to raise pools they do not manage', async () => {
    expect(words(await open(priya))).not.toContain('is over its limit')
  })

  it('sees that a daily limit was passed, and what their own resources could save', async () => {
    await w.database.sql`insert into resource_constraints (org_id, resource_id, type, "limit")
      values (${w.org.id}, ${database.id}, 'daily_expense_limit', 20)`
    await w.database.sql`delete from resource_constraints where type = 'ttl'`
    const { firstId } = await insertHits(w.deps.db, {
      orgId: w.org.id,
      now: w.clock.now(),
      type: 'daily_expense_limit',
    })
    await setViolationMarks(w.deps.db, { orgId: w.org.id, firstId: firstId! })
    await w.deps.db.insert(findings).values({
      ...{ orgId: w.org.id, recommendation: 'rightsizing_instances', accountId: database.accountId, key: 'x' },
      ...{ resourceId: database.id, saving: '12.5', evidence: {}, detectedAt: w.clock.now(), checkedAt: w.clock.now() },
    })
    const text = words(await open(priya))
    expect(text).toContain('It passed its daily limit: $50 of $20 on its last day.')
    expect(text).toContain('1 recommendation on your own resources, *$12.50* a month.')
    await press(priya, 'Review')
    expect(words(w.slack.view(priya) as never)).toContain('loadtest-db')
  })

  it('is asked about a booking that ends within the hour', async () => {
    const [stage] = await w.deps.db.select().from(environments).limit(1)
    const booking = await bookEnvironment(w.as(w.priya), {
      environmentId: stage!.id,
      startsAt: w.clock.now(),
      endsAt: new Date(w.clock.now().getTime() + hourMs / 2),
    })
    const seen = await open(priya)
    expect(words(seen)).toMatch(/\*stage-1\* is yours until/)
    await press(priya, '30 Minutes More')
    await w.work()
    expect(direct(priya).at(-1)?.text).toMatch(/stage-1\*? is booked until/)
    await releaseBooking(w.as(w.priya), { bookingId: booking.id })
  })
})

describe('a member without pools', () => {
  it('sees environments, no budget, and whom to ask', async () => {
    const seen = await open(max)
    expect(words(seen)).toContain('You belong to no pool yet, so no budget is shown. Ask Lea')
    expect(words(seen)).toContain('2 of 2 environments free now')
    expect(words(seen)).not.toMatch(/\$\d/)
    expect(chartOf(seen)).toBeUndefined()
    expect(memberMax.name).toBe('Max')
  })

  it('books with one click, and the home shows it at once', async () => {
    await open(max)
    await press(max, 'Book 2 Hours')
    const seen = home(max)
    expect(words(seen)).toContain('1 of 2 environments free now')
    expect(labels(seen as never)).toContain('Release')
    expect(direct(max).map(({ text }) => text)).not.toContain('Working on it…')
    await press(max, 'Release')
    expect(words(home(max))).toContain('2 of 2 environments free now')
  })
})

describe('a change through another door', () => {
  it('is shown on the homes people look at, and only on those', async () => {
    await open(lea)
    await open(priya)
    w.clock.advance(2 * hourMs)
    await open(lea)
    w.slack.forgetCalls()
    await createEnvironment({ ...w.as(), actor: { personId: w.lea.id, door: 'web' } }, { name: 'stage-3' })
    await w.work()
    expect(words(home(lea))).toContain('*stage-3*')
    expect(words(home(priya))).not.toContain('*stage-3*')
    const published = w.slack.calls('views.publish').map(({ args }) => args['user_id'])
    expect(published).toEqual([lea])
  })

  it('queues all homes at once, and each only once while it waits', async () => {
    await open(lea)
    await open(priya)
    await w.work()
    const ctx = w.job()
    const one = vi.spyOn(w.deps.boss, 'send')
    const many = vi.spyOn(w.deps.boss, 'insert')
    await queueHomes(ctx, { kind: 'person', id: memberMax.id })
    await queueHomes(ctx, { kind: 'environment', id: randomUUID() })
    expect([one.mock.calls.length, many.mock.calls.length]).toEqual([0, 2])
    vi.restoreAllMocks()
    const waiting = await w.database.sql`select data->>'personId' as person from pgboss.job
      where name = 'publish-home' and state = 'created'`
    expect(waiting.map(({ person }) => person).toSorted()).toEqual([w.lea.id, w.priya.id, memberMax.id].toSorted())
    await w.work()
  })

  it('is not published again when the home shows it already', async () => {
    await open(lea)
    w.slack.forgetCalls()
    await w.deps.boss.send('publish-home', { orgId: w.org.id, personId: w.lea.id })
    await w.work()
    expect(w.slack.calls('views.publish')).toEqual([])
  })
})

describe('somebody nobody knows', () => {
  it('sees what would be here and one button', async () => {
    await w.database.sql`delete from slack_links where slack_user_id = ${tom}`
    const seen = await open(tom)
    expect(words(seen)).toContain('Here you will see what waits for you')
    expect(words(seen)).not.toMatch(/\$\d|stage-1/)
    expect(labels(seen as never)).toEqual(['Ask to Join'])
    await press(tom, 'Ask to Join')
    expect(direct(tom).at(-1)?.text).toMatch(/I asked Lea to let you in/)
    await w.link(tom, managerTom)
    await w.database.sql`truncate join_requests`
  })
})

describe('a home with much in it', () => {
  it('collapses more than six waiting things behind a button that lists all', async () => {
    const account = await w.account()
    for (let n = 0; n < 9; n += 1)
      await w.pool(`Over ${n}`, { monthlyLimit: '1' }).then(async (pool) => {
        await w.spend(await w.resource(account, { poolId: pool.id }), { '2026-11-20': 2 + n })
      })
    const seen = await open(lea)
    expect(words(seen)).toContain('Waiting for you (10)')
    expect(words(seen)).toContain('*Payments* is over its limit')
    expect(words(seen)).not.toContain('*Over 0* is over')
    await press(lea, 'Show All (10)')
    expect(words(w.slack.view(lea) as never)).toContain('*Over 0* is over its limit')
  })

  it('the list of all shows at once what a button in it did', async () => {
    const account = await w.account()
    const own = await w.resource(account, { name: 'short-lived', ownerId: w.lea.id })
    await setTtl(w.as(), { resourceId: own.id, until: new Date(w.clock.now().getTime() + 2.5 * 24 * hourMs) })
    await open(lea)
    await press(lea, 'Show All (11)')
    const list = () => w.slack.view(lea)!
    expect(words(list() as never)).toContain('*short-lived*')
    await w.slack.click({ user: lea, view: list(), label: 'Extend 1 Day' })
    await w.settled()
    expect(words(list() as never)).not.toContain('*short-lived*')
    expect(words(list() as never)).toContain('*Over 0* is over its limit')
    expect(direct(lea).at(-1)?.text).toMatch(/short-lived lives until/)
  })

  it('shows 200 environments in one table and books from a menu, within the size budget', async () => {
    const rows = Array.from({ length: 200 }, (_, n) => ({
      orgId: w.org.id,
      poolId: w.root.id,
      name: `環境 ${String(n).padStart(3, '0')} ${'very long name '.repeat(8)}`,
    }))
    await w.deps.db.insert(environments).values(rows)
    const seen = await open(lea)
    expect(problemsOf(seen)).toEqual([])
    expect(seen.blocks.length).toBeLessThan(60)
    expect(JSON.stringify(seen.blocks).length).toBeLessThan(100_000)
    const table = seen.blocks.find(({ type }) => type === 'data_table')!
    expect((table['rows'] as Json[][]).length).toBe(101)
    const menu = seen.blocks
      .flatMap(({ elements }) => (elements ?? []) as Json[])
      .find((element) => element['type'] === 'static_select')!
    const first = (menu['options'] as { value: string }[])[0]!
    await w.slack.click({ user: lea, view: w.slack.home(lea)!, actionId: 'menu:book-now', value: first.value })
    await w.settled()
    expect(direct(lea).at(-1)?.text).toMatch(/stage-1\*? is yours until/)
    expect(words(home(lea))).toMatch(/\*stage-1\* · <@U0LEA> until/)
  })

  it('falls back to plain blocks where Slack refuses tables and charts', async () => {
    const heal = w.slack.fail({ method: 'views.publish', kind: 'error', error: 'invalid_arguments', times: 1 })
    const seen = await open(lea)
    heal()
    expect(typesOf(seen)).not.toContain('data_table')
    expect(typesOf(seen)).not.toContain('data_visualization')
    expect(words(seen)).toContain('*stage-2* · Free')
    expect(words(seen)).toContain('The first 12 by name; the others are on the web page')
    expect(seen.blocks.length).toBeLessThan(60)
  })
})

describe('what is wrong with the whole is said', () => {
  it('bills that are late', async () => {
    w.clock.set('2026-11-28T10:00:00Z')
    expect(words(await open(lea))).toContain('Bills are late: the newest costs are 6 days old.')
  })

  it('no cloud is connected: a manager can, others know who can', async () => {
    await w.database.sql`update accounts set deleted_at = now()`
    const seen = await open(lea)
    expect(labels(seen as never)).toContain('Connect a Cloud')
    expect(chartOf(seen)).toBeUndefined()
    const others = await open(priya)
    expect(words(others)).toContain('No cloud is connected yet, so there are no costs to show. Lea can connect one.')
    expect(labels(others as never)).not.toContain('Connect a Cloud')
  })

  it('a person without any role', async () => {
    await w.database.sql`delete from memberships where person_id = ${w.priya.id}`
    const seen = await open(priya)
    expect(words(seen)).toContain('You have no role yet, so there is nothing to show. Ask Lea')
    expect(words(seen)).not.toMatch(/\$\d|stage-1/)
  })
})
