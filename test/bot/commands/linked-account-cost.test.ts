/** What a linked account used is answered though its payer's bill has the costs: in Slack, on the page, to the last digit. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import { connectAccount } from '../../../engine/accounts/connect.ts'
import gatherJob from '../../../engine/jobs/gather-resources.ts'
import { breakdown, type SpendQuery } from '../../../engine/spend/breakdown.ts'
import { topResources } from '../../../engine/spend/top.ts'
import { billReader } from '../../../integrations/bills/read-bill.ts'
import { fileOf, importFiles } from '../../engine/ingest/ingest-world.ts'
import { awsCsv } from '../../integrations/bills/reading.ts'
import { visitor, type Visitor } from '../../web/visitor.ts'
import { slackWorld, words, type SlackWorld } from '../slack-world.ts'

let w: SlackWorld
let page: Visitor
let payer: Account
let linked: Account
const [own, other, stranger] = ['111122223333', '444455556666', '777788889999']
const november = { from: '2026-11-01', to: '2026-11-23' }

const line = (account: string, day: string, cost: string, more: Record<string, string> = {}) => ({
  ...{ 'lineItem/UsageAccountId': account, 'lineItem/UnblendedCost': cost, 'product/region': 'eu-west-1' },
  ...{ 'lineItem/UsageStartDate': `2026-11-${day}T10:00:00Z`, 'lineItem/UsageEndDate': `2026-11-${day}T11:00:00Z` },
  ...{ 'bill/BillingPeriodStartDate': '2026-11-01T00:00:00Z', 'bill/BillingPeriodEndDate': '2026-12-01T00:00:00Z' },
  ...{ 'lineItem/ResourceId': 'i-1', 'lineItem/Operation': 'RunInstances', ...more },
})
const lines = [
  line(own, '05', '10.0000000001'),
  line(own, '20', '20'),
  line(own, '20', '4', { 'lineItem/ResourceId': 'shop', 'lineItem/ProductCode': 'AmazonS3' }),
  line(other, '20', '100', { 'lineItem/ResourceId': 'i-2' }),
  line(stranger, '20', '7', { 'lineItem/ResourceId': 'i-3' }),
]

beforeAll(async () => {
  w = await slackWorld({ now: '2026-11-23T10:00:00Z' })
  w.deps.outside.readBill = billReader()
  payer = await connectAccount(w.as(), { cloud: 'aws', name: 'Head Office', cloudAccountId: other })
  await importFiles(w, payer, [await fileOf('bill.csv', awsCsv(lines))])
  linked = await connectAccount(w.as(), { cloud: 'aws', name: 'Shop', cloudAccountId: own, billOrigin: 'payer' })
  await w.runJobs([gatherJob])
  page = await visitor(w)
})

const ask = (query: Partial<SpendQuery>) =>
  breakdown(w.as(), { scope: {}, groupBy: 'service', range: november, grain: 'day', ...query })
const sums = async (query: Partial<SpendQuery>) => {
  const { total, groups, series } = await ask(query)
  const drawn = series.lines.map(({ values }) => values.reduce((sum, value) => sum + Number(value), 0))
  return { total, groups: groups.map(({ label, total }) => [label, total]), drawn }
}

describe('costs of a linked account', () => {
  it('are its own, by pool, service, type and resource, in the table and in the chart', async () => {
    const scope = { accountId: linked.id }
    const services = [
      ['AmazonEC2', '30.0000000001'],
      ['AmazonS3', '4'],
    ]
    const answer = await sums({ scope })
    expect(answer).toMatchObject({ total: '34.0000000001', groups: services })
    expect(answer.drawn[0]).toBeCloseTo(30, 6)
    const months = await sums({ scope, grain: 'month', range: { from: '2026-11-01', to: '2026-11-30' } })
    expect(months).toMatchObject({ total: '34.0000000001', groups: services })
    expect((await sums({ scope, groupBy: 'pool' })).groups).toEqual([['Shop', '34.0000000001']])
    expect((await sums({ scope, groupBy: 'resource' })).groups).toEqual([
      ['i-1', '30.0000000001'],
      ['shop', '4'],
    ])
    expect((await sums({ scope: { ...scope, service: 'AmazonS3' }, groupBy: 'type' })).total).toBe('4')
    const { biggest } = await topResources(w.as(), { range: november, scope })
    expect(biggest.map(({ name, total }) => [name, total])).toEqual([
      ['i-1', '30.0000000001'],
      ['shop', '4'],
    ])
  })

  it('leave the sum of the bill with who pays, and groups by account add up to all', async () => {
    expect((await sums({ scope: { accountId: payer.id } })).total).toBe('141.0000000001')
    const { total, groups } = await sums({ groupBy: 'account' })
    expect([total, groups]).toEqual([
      '141.0000000001',
      [
        ['Head Office', '107'],
        ['Shop', '34.0000000001'],
      ],
    ])
    const facts = await sums({ groupBy: 'account', scope: { tag: { key: 'none', value: 'none' } } })
    expect(facts.groups).toEqual([])
    expect((await sums({ groupBy: 'account', scope: { accountId: linked.id } })).groups).toEqual([
      ['Shop', '34.0000000001'],
    ])
    expect((await sums({ groupBy: 'cloud' })).groups).toEqual([['aws', '141.0000000001']])
  })

  it('are answered in Slack and found on the page', async () => {
    const answer = await w.type('cost by service for account:shop mtd')
    expect(answer.text).toMatch(/^Shop spent \$34\.00? this month|^Shop spent \$34 /)
    expect(words(answer)).toContain('AmazonS3')
    const top = await w.type('top resources for account:shop mtd')
    expect(words(top)).toContain('i-1')
    expect(words(top)).not.toContain('i-2')
    const { text } = await page.get(`/spend?account=${linked.id}&range=month`)
    expect(text).toContain('34.00')
    expect(text).not.toContain('141')
    const csv = await page.get(`/files/spend.csv?account=${linked.id}&range=month`)
    expect(csv.text).toContain('30.0000000001')
    expect((await page.get('/spend?by=account&range=month')).text).toMatch(/Shop[\s\S]*34\.00/)
  })
})
