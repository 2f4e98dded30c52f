import { beforeAll, describe, expect, it } from 'vitest'
import type { Pool } from '../../../db/schema/pools.ts'
import { finops, labels, lea, slackWorld, words, type SlackWorld } from '../slack-world.ts'

let w: SlackWorld
let payments: Pool
const day = (n: number) => new Date(Date.UTC(2026, 10, 23 - n)).toISOString().slice(0, 10)

beforeAll(async () => {
  w = await slackWorld()
  payments = await w.pool('Payments', { monthlyLimit: '1000' })
  const account = await w.account()
  const web = await w.resource(account, { poolId: payments.id, name: 'web', service: 'AmazonEC2' })
  const db = await w.resource(account, { poolId: payments.id, name: 'db', service: 'AmazonRDS' })
  const evil = await w.resource(account, { name: 'x', service: '<!channel> *_~' })
  for (let n = 1; n <= 28; n += 1) {
    await w.spend(web, { [day(n)]: 10 })
    await w.spend(db, { [day(n)]: n <= 14 ? 15 : 5 })
    await w.spend(evil, { [day(n)]: 1 })
  }
})

describe('cost', () => {
  it('says what a pool spent, how that compares, and what moved most', async () => {
    const seen = await w.type('cost by service for payments 14d vs prev')
    expect(seen.text).toBe(
      'Payments spent $350 in the last 14 days, up 67% from the 14 days before. Biggest mover: AmazonRDS, up $140.',
    )
    expect(seen.to).toBe(lea)
  })

  it('draws 14 days natively, lists the groups, and shows freshness, the page and the command', async () => {
    const seen = await w.type('cost by service for payments 14d vs prev')
    const types = seen.blocks!.map((block) => block['type'])
    expect(types).toEqual(['section', 'data_visualization', 'data_table', 'actions', 'context'])
    expect(words(seen)).toMatch(/Billing data through \w+ \d+ · effective cost, USD/)
    expect(JSON.stringify(seen.blocks)).toContain('"y_label":"USD"')
    expect(words(seen)).toContain('https://finops.example.com/spend?by=service')
    expect(words(seen)).toContain('`cost by service for payments 14d vs prev`')
    expect(labels(seen)).toEqual(['Group by', 'Range', 'Share to Channel'])
  })

  it('is sliced again in place by its menus', async () => {
    const seen = await w.type('cost for payments 14d')
    await w.slack.click({ user: lea, message: seen, actionId: 'menu:group', value: 'Pool' })
    await w.settled()
    const again = w.slack.message(finops, seen.ts)!
    expect(words(again as never)).toContain('`cost by pool for payments 14d`')
    await w.slack.click({ user: lea, message: seen, actionId: 'menu:range', value: 'Last 7 Days' })
    await w.settled()
    expect(w.slack.message(finops, seen.ts)!.text).toMatch(/in the last 7 days/)
    expect(words(w.slack.message(finops, seen.ts)! as never)).toContain('`cost by pool for payments 7d`')
  })

  it('is shared to the channel fresh and without menus', async () => {
    const seen = await w.type('cost for payments 7d')
    await w.press(seen, 'Share to Channel')
    const shared = w.last()
    expect(shared.to).toBeUndefined()
    expect(shared.text).toMatch(/^Payments spent \$175 in the last 7 days/)
    expect(labels(shared)).toEqual([])
  })

  it('draws more than 14 days as a picture', async () => {
    const seen = await w.type('cost for payments 28d')
    const image = seen.blocks!.find((block) => block['type'] === 'image')!
    const file = w.slack.file((image['slack_file'] as { id: string }).id)!
    expect(Buffer.from(file.bytes.slice(1, 4)).toString()).toBe('PNG')
    expect(String(image['alt_text'])).toMatch(/^Payments spent/)
  })

  it('compares with the limit when asked', async () => {
    const seen = await w.type('cost for payments mtd vs budget')
    expect(seen.text).toMatch(/inside the limit of \$1,000/)
  })

  it('sends a file of exact numbers to the direct message', async () => {
    const told = await w.type('cost by service for payments 14d --csv')
    expect(told).toMatchObject({ to: lea, text: 'The file is in your direct messages with me.' })
    const sent = w.slack.messages(w.slack.directChannel(lea)).at(-1)!
    const file = w.slack.file(sent.files![0]!.id)!
    expect(Buffer.from(file.bytes).toString()).toMatch(/^service,cost,before,share_percent,currency\r\nAmazonRDS,210/)
  })

  it('shows hostile names as text', async () => {
    const seen = await w.type('cost by service 14d')
    expect(
      JSON.stringify(
        seen.blocks!.filter((block) => block['type'] !== 'data_table' && block['type'] !== 'data_visualization'),
      ),
    ).not.toContain('<!channel>')
    expect(seen.text).not.toContain('<!channel>')
  })

  it('asks back when a pool is not known, with commands that run at a click', async () => {
    const seen = await w.type('cost for paymnts 7d')
    expect(seen.text).toMatch(/I know no pool called “paymnts”/)
    const [first] = labels(seen)
    await w.press(seen, first!)
    expect(w.last().text).toMatch(/Payments spent/)
  })

  it('a bound channel means its pool', async () => {
    await w.type('bind payments')
    expect((await w.type('cost 7d')).text).toMatch(/^Payments spent/)
    expect((await w.type('cost for everything 7d')).text).toMatch(/^Everything spent/)
    await w.type('bind none')
    expect((await w.type('cost 7d')).text).toMatch(/^Everything spent/)
  })
})
