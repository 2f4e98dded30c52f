import { beforeAll, describe, expect, it } from 'vitest'
import type { Pool } from '../../../db/schema/pools.ts'
import { imports } from '../../../db/schema/cloud-accounts.ts'
import { record } from '../../../engine/events.ts'
import { inTransaction } from '../../../engine/context.ts'
import { notify } from '../../../engine/notifications/notify.ts'
import { finops, labels, lea, max, priya, slackWorld, words, type SlackWorld } from '../slack-world.ts'

let w: SlackWorld
let payments: Pool
const day = (n: number) => new Date(Date.UTC(2026, 10, 23 - n)).toISOString().slice(0, 10)

beforeAll(async () => {
  w = await slackWorld()
  payments = await w.pool('Payments', { monthlyLimit: '300' })
  const account = await w.account()
  const web = await w.resource(account, { poolId: payments.id, name: 'web' })
  const db = await w.resource(account, { poolId: payments.id, name: 'db' })
  for (let n = 1; n <= 20; n += 1) {
    await w.spend(web, { [day(n)]: 10 })
    await w.spend(db, { [day(n)]: n <= 7 ? 8 : 2 })
  }
})

describe('top', () => {
  it('names what costs most, and what moved most', async () => {
    const seen = await w.type('top resources 7d')
    expect(seen.text).toBe('Everything: web cost most in the last 7 days, $70.')
    await w.press(seen, 'Show Movers')
    const movers = w.slack.message(finops, seen.ts)!
    expect(movers.text).toBe('Everything: db moved most in the last 7 days, up 300% at $56.')
  })
})

describe('budget and forecast', () => {
  it('say which limits are passed, in words', async () => {
    const seen = await w.type('budget')
    expect(seen.text).toMatch(/^1 pool of 2 over the limit or expected to be: Payments\.$/)
    expect(words(seen)).toMatch(/passed/)
  })
  it('say what a pool will cost and when its limit is passed', async () => {
    const seen = await w.type('forecast payments')
    expect(seen.text).toMatch(/^Payments is expected to cost \$\d+ this month, .* over the limit of \$300\./)
  })
  it('one pool comes with what is below it', async () => {
    await w.pool('Cards', { parentId: payments.id, monthlyLimit: '0' })
    const seen = await w.type('budget payments')
    expect(words(seen)).toContain('Payments->Cards')
    expect(words(seen)).not.toContain(w.org.name)
  })
})

describe('audit', () => {
  it('shows my own changes; everybody’s only to managers', async () => {
    await w.type('bind payments')
    expect(words(await w.type('audit'))).toMatch(/Lea · channel bound · slack/)
    expect((await w.type('audit all', { user: priya })).text).toMatch(
      /You cannot change the organization\. Nothing was changed\./,
    )
  })
})

describe('bind', () => {
  it('is refused where another company reads along', async () => {
    const channel = w.slack.channels.find(({ id }) => id === finops)!
    channel.external = true
    expect((await w.type('bind payments')).text).toMatch(/shared with another company.* Nothing was changed\./)
    channel.external = false
  })
})

describe('link', () => {
  it('says who I am with a way to the web that is never shown to others', async () => {
    const seen = await w.type('link --share')
    expect(seen.to).toBe(lea)
    expect(labels(seen)).toContain('Open Web View')
    expect(w.slack.messages(finops).some(({ text }) => text.startsWith('You are Lea'))).toBe(false)
  })
  it('lets a colleague in, by a manager only', async () => {
    expect((await w.type(`link <@${max}> as engineer`, { user: priya })).text).toMatch(/Nothing was changed/)
    const asked = await w.type(`link <@${max}> as engineer`)
    expect(asked.text).toMatch(/^Let Max Lindqvist in as an engineer\?/)
    expect((await w.type('link', { user: max })).text).not.toMatch(/^You are Max/)
    await w.press(asked, labels(asked)[0]!)
    expect(w.last().text).toBe('Max Lindqvist is in now: engineer.')
    expect((await w.type('link', { user: max })).text).toMatch(/^You are Max Lindqvist, Engineer/)
  })
})

describe('an import in progress', () => {
  it('is one card, edited in place until its end', async () => {
    const account = await w.account('aws', { name: 'prod-main' })
    const row = {
      orgId: w.org.id,
      accountId: account.id,
      source: 'upload' as const,
      title: 'November',
      personId: w.lea.id,
    }
    const running = {
      state: 'running' as const,
      step: 'reading',
      bytesTotal: 1000,
      bytesRead: 420,
      lines: 4200,
      startedAt: w.clock.now(),
    }
    const [made] = await w.deps.db
      .insert(imports)
      .values({ ...row, ...running })
      .returning()
    const subject = { kind: 'import' as const, id: made!.id }
    const direct = w.slack.directChannel(lea)
    w.clock.advance(60_000)
    await inTransaction(w.job(), (ctx) =>
      notify(ctx, { kind: 'import-progress', key: 'p', personIds: [w.lea.id], subject }),
    )
    await w.work()
    const card = w.last(lea, direct)
    expect(words(card)).toMatch(/42%/)
    expect(words(card)).toMatch(/4,200 rows so far, about 1 minute left/)
    const before = w.slack.messages(direct).length
    await w.database
      .sql`update imports set state = 'completed', bytes_read = 1000, lines = 10000, billed = 120, effective = 118, finished_at = ${w.clock.now().toISOString()} where id = ${made!.id}`
    await inTransaction(w.job(), (ctx) => record(ctx, 'import.completed', { subject }))
    await w.work()
    expect(w.slack.messages(direct)).toHaveLength(before)
    const done = w.slack.message(direct, card.ts)!
    expect(done.text).toBe('The bill of prod-main is in: 10,000 rows in 1 minute, $118 effective cost, $120 billed.')
  })
})
