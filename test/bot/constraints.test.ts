import { beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import type { Pool } from '../../db/schema/pools.ts'
import { findings } from '../../db/schema/recommendations.ts'
import { setBinding } from '../../db/queries/slack-bindings.ts'
import { checkConstraints } from '../../engine/constraints/check.ts'
import { readConstraint } from '../../engine/constraints/constraint.ts'
import { checkPools } from '../../engine/pools/alerts.ts'
import { setPoolLimit } from '../../engine/pools/limits.ts'
import { setPoolPolicy } from '../../engine/pools/policies.ts'
import {
  finops,
  labels,
  lea,
  priya,
  slackWorld,
  team as workspace,
  tom,
  words,
  type SlackWorld,
} from './slack-world.ts'

let w: SlackWorld
let team: Pool
let account: Account
beforeAll(async () => {
  w = await slackWorld({ now: '2026-11-23T10:00:00Z' })
  team = await w.pool('Payments')
  account = await w.account('aws', { name: 'prod' })
  await w.colleague(tom, 'Tom', 'manager', team.id)
  await setPoolPolicy(w.as(), { poolId: team.id, type: 'ttl', limit: 96 })
})
const thing = async (name: string, more = {}) => {
  const seen = { poolId: team.id, ownerId: w.priya.id, firstSeenAt: new Date('2026-11-20T00:00:00Z') }
  const row = await w.resource(account, { name, cloudResourceId: `i-0${name}`, ...seen, ...more })
  await w.spend(row, { '2026-11-20': 14, '2026-11-21': 14, '2026-11-22': 14 })
  return row
}
const endOf = async (resourceId: string) =>
  (await readConstraint(w.as(), { resourceId, type: 'ttl' })).endsAt?.toISOString()
const direct = (user = priya) => w.slack.directChannel(user)
const messages = (user = priya) => w.slack.conversation(user, direct(user))
const check = async () => {
  await checkConstraints(w.job())
  await w.work()
}

describe('the alert about TTLs that end', () => {
  it('is extended by one click and no new message; the row becomes the receipt, and one more click takes it back', async () => {
    const rows = [await thing('loadtest-db'), await thing('gpu-box')]
    await check()
    const alert = w.last(priya, direct())
    expect(alert.text).toMatch(/^2 of your resources reach their TTL within 24 hours: .* Extend or let go\.$/)
    expect(labels(alert).slice(0, 4)).toEqual(['Extend 1 Day · $14', '3 Days · $42', '7 Days · $98', 'Let It Go'])
    const before = messages().length
    await w.press(alert, '3 Days · $42', priya)
    expect(messages()).toHaveLength(before)
    const ends = async () => (await Promise.all(rows.map(({ id }) => endOf(id)))).toSorted()
    expect(await ends()).toEqual(['2026-11-24T00:00:00.000Z', '2026-11-27T00:00:00.000Z'])
    const settled = w.last(priya, direct())
    expect(settled.ts).toBe(alert.ts)
    expect(words(settled)).toMatch(/lives until .*about \$42/)
    expect(labels(settled)).toContain('Undo')
    expect(labels(settled).filter((label) => label.startsWith('Extend 1 Day'))).toHaveLength(1)
    await w.press(settled, 'Undo', priya)
    expect(await ends()).toEqual(['2026-11-24T00:00:00.000Z', '2026-11-24T00:00:00.000Z'])
    expect(messages()).toHaveLength(before)
  })

  it('is over when the owner lets go: one click after the question, nothing said again, nothing deleted', async () => {
    const row = await thing('old-box')
    await check()
    const alert = w.last(priya, direct())
    await w.press(alert, 'Let It Go', priya)
    expect(words(w.last(priya, direct()))).toMatch(/old-box may go after .*deletes nothing/)
    const before = messages().length
    await check()
    expect(messages()).toHaveLength(before)
    expect(await endOf(row.id)).toBe('2026-11-24T00:00:00.000Z')
  })
})

describe('the alert about limits that were passed', () => {
  it('reaches owner and manager once each, and the dialog behind its button changes the limit', async () => {
    const row = await thing('dear-db', { firstSeenAt: new Date('2026-11-22T00:00:00Z') })
    await setPoolPolicy(w.as(), { poolId: team.id, type: 'daily_expense_limit', limit: 10 })
    await w.database.sql`update resources set last_expense_cost = 0 where id <> ${row.id}`
    await check()
    const [owners, managers] = [w.last(priya, direct()), w.last(tom, direct(tom))]
    for (const seen of [owners, managers]) expect(words(seen)).toMatch(/Cost \$14 on its last day, the limit is \$10/)
    await w.press(managers, 'Change Limit', tom)
    const view = w.slack.view(tom)!
    expect(words(view as never)).toMatch(/dear-db.* costs \$14 a day/)
    const field = view.blocks.find((block) => String(block['block_id']).startsWith('limit~'))!['block_id'] as string
    await w.slack.submit({ user: tom, values: { [field]: '30' } })
    await w.settled()
    const limit = await readConstraint(w.as(), { resourceId: row.id, type: 'daily_expense_limit' })
    expect(limit).toMatchObject({ source: 'own', limit: '30' })
    await check()
    expect(words(w.last(priya, direct()))).toBe(words(owners))
  })
})

describe('the alert about a pool', () => {
  it('is one card in the channel of the pool that settles when the limit is raised, from its own button', async () => {
    await setBinding(w.deps.db, {
      teamId: workspace,
      channel: finops,
      orgId: w.org.id,
      poolId: team.id,
      boundBy: null,
      boundAt: w.clock.now(),
    })
    const idle = await thing('idle')
    const known = {
      orgId: w.org.id,
      accountId: account.id,
      resourceId: idle.id,
      key: idle.cloudResourceId,
      evidence: {},
    }
    const at = { detectedAt: w.clock.now(), checkedAt: w.clock.now() }
    await w.database.db.insert(findings).values([
      { ...known, ...at, recommendation: 'abandoned_instances', saving: '80' },
      { ...known, ...at, recommendation: 'instances_for_shutdown', saving: '50' },
    ])
    await setPoolLimit(w.as(), { poolId: team.id, monthlyLimit: 50 })
    await checkPools(w.job())
    await w.work()
    const card = w.last(lea, finops)
    expect(card.text).toMatch(/^Payments is over its limit: \$\d+ of \$50 used/)
    expect(labels(card)).toEqual(expect.arrayContaining(['See 2 Savings', 'See Spend', 'Raise Limit']))
    expect(words(card)).toContain('$80 a month in 2 recommendations')
    await w.press(card, 'Raise Limit', tom)
    const view = w.slack.view(tom)!
    const field = view.blocks.find((block) => String(block['block_id']).startsWith('monthlyLimit~'))![
      'block_id'
    ] as string
    await w.slack.submit({ user: tom, values: { [field]: '90000' } })
    await w.settled()
    await w.work()
    const after = w.slack.message(finops, card.ts)!
    expect(after.text).toMatch(/^Payments is inside its limit/)
    expect(labels(after as never)).toEqual([])
  })
})
