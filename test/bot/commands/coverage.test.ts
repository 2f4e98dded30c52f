import { beforeAll, describe, expect, it } from 'vitest'
import { coverageDays } from '../../../db/schema/commitments.ts'
import { usage } from '../../../db/schema/usage.ts'
import { checkCommitments } from '../../../engine/commitments/alerts.ts'
import { labels, lea, slackWorld, words, type SlackWorld } from '../slack-world.ts'

let w: SlackWorld
const day = (n: number) => new Date(Date.UTC(2026, 10, 23 - n)).toISOString().slice(0, 10)

beforeAll(async () => {
  w = await slackWorld()
  const [payer, team] = [await w.account('aws', { name: 'Payer' }), await w.account('aws', { name: 'Team' })]
  const { id: resourceId } = await w.resource(payer, {
    ...{ type: 'Savings Plan', cloudResourceId: 'p-1', name: '' },
    facts: { offeringType: 'ComputeSavingsPlans', end: '2026-12-10T11:43:13.000Z' },
  })
  const machine = {
    ...{ orgId: w.org.id, period: '2026-11-01', subAccount: '', kind: 'compute' as const, flavor: 'm5.large' },
    ...{ family: 'm5', os: 'Linux', software: 'NA', tenancy: 'Shared', region: 'eu-west-1', normalized: '96' },
  }
  await w.database.sql`select ensure_months('usage', '2026-10-01'::date, '2026-11-30'::date)`
  for (let n = 1; n <= 20; n += 1) {
    // A plan of 2.4 a day pays 1.2 for 24 hours worth 2; 24 more hours cost 3 on demand.
    await w.database.db.insert(coverageDays).values([
      {
        ...machine,
        accountId: payer.id,
        day: day(n),
        cover: 'sp',
        commitment: 'p-1',
        hours: '24',
        cost: '1.2',
        list: '2',
      },
      { ...machine, accountId: team.id, day: day(n), cover: 'none', commitment: '', hours: '24', cost: '3', list: '3' },
    ])
    await w.database.db.insert(usage).values({
      ...{ orgId: w.org.id, accountId: payer.id, period: '2026-11-01', day: day(n), resourceId, kind: 'commitment' },
      ...{ item: 'SavingsPlanRecurringFee', commitment: 'p-1', region: 'global', quantity: '24', billed: '2.4' },
      ...{ effective: '1.2', list: '0', committed: '2.4', lines: 1 },
      ...{ startsAt: new Date(`${day(n)}T00:00:00Z`), endsAt: new Date(`${day(n - 1)}T00:00:00Z`) },
    })
  }
})

describe('coverage', () => {
  it('says how much is covered, what was saved and what was paid for nothing', async () => {
    // Seven days: 8.4 of 29.4 is 28.6%; saved 7 · 0.8; wasted 6 · 1.2, as yesterday's hours are not all billed yet.
    const seen = await w.type('coverage 7d')
    expect(seen.text).toBe(
      'Everything is partly covered in the last 7 days: commitments pay 28.6% of the machine cost and 50% of the hours. They saved $5.60 against on demand; $7.20 was paid for nothing.',
    )
    expect(seen.to).toBe(lea)
  })

  it('draws a few days natively, with the metric, the page and the command below', async () => {
    const seen = await w.type('coverage 7d')
    const types = seen.blocks!.map((block) => block['type'])
    expect(types).toEqual(['section', 'data_visualization', 'data_table', 'actions', 'context'])
    expect(words(seen)).toContain('Coverage: the share of machine cost that commitments pay')
    expect(words(seen)).toContain('Billing data through Nov 22 · effective cost, USD')
    expect(words(seen)).toContain('https://finops.example.com/coverage?from=2026-11-16')
    expect(words(seen)).toContain('`coverage 7d`')
    expect(labels(seen)).toEqual(['Range', 'What to Reserve', 'Share to Channel'])
  })

  it('draws more days as a picture, and gives one account or a file', async () => {
    expect((await w.type('coverage 30d')).blocks!.map((block) => block['type'])).toContain('image')
    expect((await w.type('coverage 7d for account:team')).text).toBe(
      'Team is not covered in the last 7 days: no commitment pays for any of its $21.',
    )
    expect((await w.type('coverage 7d for payer')).text).toMatch(/^Payer is well covered/)
    expect((await w.type('coverage for tema')).text).toMatch(/I know no account called “tema”/)
    await w.type('coverage 7d --csv')
    const sent = w.slack.messages(w.slack.directChannel(lea)).at(-1)!
    const text = Buffer.from(w.slack.file(sent.files![0]!.id)!.bytes).toString()
    expect(text).toMatch(/^day,hours,normalized_hours,/)
    expect(text).toMatch(/\r\n2026-11-16,48,192,0,24,24,4.2,5,0,0,0,0,1.2,2,1.2,24,3,0.8,28.6,USD\r\n/)
  })

  it('its buttons ask again in place', async () => {
    const seen = await w.type('coverage 7d')
    await w.slack.click({ user: lea, message: seen, actionId: 'menu:range', value: 'Last 14 Days' })
    await w.settled()
    expect(w.slack.message(seen.channel, seen.ts)!.text).toMatch(/in the last 14 days/)
  })

  it('a plan that is hardly used and ends soon is told to the managers', async () => {
    await checkCommitments(w.job())
    await w.work()
    const seen = w.last(lea, w.slack.directChannel(lea))
    expect(seen.text).toContain(
      'Compute savings plan of Payer: 50% was used in the last three days, $3.60 was paid for nothing.',
    )
    expect(words(seen)).toContain('ends on *Dec 10*')
  })
})
