/** Assignment rules in Slack: listed in order, and offered after a resource was assigned. */
import { beforeAll, describe, expect, it } from 'vitest'
import { draw, frameOf } from '../../bot/messages/message.ts'
import rulesList from '../../bot/messages/rules-list.ts'
import { judge } from '../../bot/lint.ts'
import { listRules } from '../../db/queries/assignments.ts'
import type { Pool } from '../../db/schema/pools.ts'
import { createRule } from '../../engine/assignment/rules.ts'
import { labels, lea, max, slackWorld, words, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
let team: Pool
beforeAll(async () => {
  w = await slackWorld({ now: '2026-11-23T10:00:00Z' })
  team = await w.pool('Payments')
  await w.colleague(max, 'Max', 'engineer', team.id)
})
const all = () => listRules(w.deps.db, { orgId: w.org.id })

describe('/finops rules', () => {
  it('says that there are none, then lists ten at a time in order', async () => {
    expect((await w.type('rules')).text).toContain('There are no assignment rules')
    for (let n = 1; n <= 12; n += 1)
      await createRule(w.as(), { name: `rule ${n}`, conditions: [{ kind: 'tag-exists', key: 'env' }], poolId: team.id })
    const seen = await w.type('rules')
    expect(words(seen)).toMatch(/12 assignment rules[\s\S]*rule 12[\s\S]*Tag exists env[\s\S]*rule 3/)
    expect(labels(seen)).toContain('Next 10')
    const rest = words(await w.type('rules 11'))
    expect(rest).toContain('rule 1')
    expect(rest).not.toContain('rule 3')
  })

  it.each(Object.keys(rulesList.samples))('keeps within the limits of Slack: %s', (sample) => {
    const frame = frameOf({ publicUrl: 'https://finops.example.com', currency: 'USD' })
    expect(judge(draw(rulesList, rulesList.samples[sample], { frame }))).toEqual([])
  })
})

describe('after assigning a resource', () => {
  it('a manager is offered a rule for resources like it, filled in, and can take it back', async () => {
    await w.resource(await w.account(), { name: 'pay-web-1', tags: { team: 'payments' }, poolId: team.id })
    const before = (await all()).length
    const seen = await w.type('assign pay-web-1 to me')
    expect(labels(seen)).toContain('Make a Rule')
    await w.press(seen, 'Make a Rule')
    await w.slack.submit({ user: lea, values: {} })
    await w.settled()
    const [rule] = await all()
    expect(rule).toMatchObject({
      name: 'Tag is team = payments',
      conditions: [{ kind: 'tag-is', key: 'team', value: 'payments' }],
      poolId: team.id,
      ownerId: w.lea.id,
      priority: 1,
    })
    await w.press(w.last(), 'Undo')
    expect(await all()).toHaveLength(before)
  })

  it('an engineer is not', async () => {
    const row = await w.resource(await w.account(), { name: 'maxs-box', poolId: team.id })
    await w.database
      .sql`update resources set owner_id = (select id from people where name = 'Max') where id = ${row.id}`
    expect(labels(await w.type('assign maxs-box to me', { user: max }))).not.toContain('Make a Rule')
  })
})
