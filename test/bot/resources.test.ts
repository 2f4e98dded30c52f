import { beforeAll, describe, expect, it } from 'vitest'
import { draw, frameOf, type AnyMessage } from '../../bot/messages/message.ts'
import foundResources from '../../bot/messages/found-resources.ts'
import limitHit from '../../bot/messages/limit-hit.ts'
import mine from '../../bot/messages/mine.ts'
import poolAlert from '../../bot/messages/pool-alert.ts'
import resourceCard from '../../bot/messages/resource-card.ts'
import ruleOff from '../../bot/messages/rule-off.ts'
import ttlEnding from '../../bot/messages/ttl-ending.ts'
import { judge } from '../../bot/lint.ts'
import { findResource } from '../../db/queries/resources.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import type { Person } from '../../db/schema/organizations.ts'
import type { Pool } from '../../db/schema/pools.ts'
import { assignResources } from '../../engine/assignment/assign.ts'
import { readConstraint } from '../../engine/constraints/constraint.ts'
import { findPool } from '../../db/queries/pools.ts'
import { setPoolPolicy } from '../../engine/pools/policies.ts'
import { finops, labels, lea, max, priya, slackWorld, tom, words, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
let team: Pool
let account: Account
let colleague: Person
beforeAll(async () => {
  w = await slackWorld({ now: '2026-11-23T10:00:00Z' })
  team = await w.pool('Payments')
  account = await w.account('aws', { name: 'prod' })
  await w.colleague(tom, 'Tom', 'manager', team.id)
  colleague = await w.colleague(max, 'Max', 'engineer', team.id)
  await setPoolPolicy(w.as(), { poolId: team.id, type: 'ttl', limit: 96 })
})
const thing = async (name: string, more = {}) => {
  const id = `i-0${name.replaceAll(/\W/g, '')}000`
  const seen = { poolId: team.id, ownerId: w.priya.id, firstSeenAt: new Date('2026-11-20T00:00:00Z') }
  const row = await w.resource(account, { name, cloudResourceId: id, ...seen, ...more })
  await w.spend(row, { '2026-11-21': 14, '2026-11-22': 14 })
  return row
}
const now = async (id: string) => (await findResource(w.deps.db, { orgId: w.org.id, id }))!
const constraint = (resourceId: string, type: 'ttl' | 'daily_expense_limit' = 'ttl') =>
  readConstraint(w.as(), { resourceId, type })

describe('every message about resources and pools', () => {
  const all = [foundResources, limitHit, mine, poolAlert, resourceCard, ruleOff, ttlEnding] as AnyMessage[]
  const frame = frameOf({ publicUrl: 'https://finops.example.com', currency: 'USD' })
  it.each(
    all.flatMap((message) => Object.keys(message.samples).map((sample) => ({ message, name: message.name, sample }))),
  )('keeps within the limits of Slack and the rules: $name, $sample', ({ message, sample }) => {
    const body = draw(message, message.samples[sample], { frame })
    expect(judge(body)).toEqual([])
  })

  it('is safe from names that are commands to Slack', () => {
    const facts = { ...resourceCard.samples['usual']!, title: '<!channel> *x*', pool: '<@U1>', type: '`rm`' }
    const { text, blocks } = draw(resourceCard, facts, { frame })
    const formatted = JSON.stringify([text, blocks]).match(/"mrkdwn","text":"[^"]*"|^\["[^"]*"/g)!
    expect(formatted.length).toBeGreaterThan(5)
    expect(formatted.join()).not.toMatch(/<!channel>|<@U1>|\*x\*|`rm`/)
  })
})

describe('/finops resource', () => {
  it('shows the card by id, by name and without the verb', async () => {
    await thing('card-db', { type: 'RDS Instance' })
    for (const line of ['resource i-0carddb000', 'resource card-db', 'i-0carddb000', 'card-db']) {
      const seen = await w.type(line, { user: priya })
      expect(seen.text, line).toMatch(/^card-db, RDS Instance, owner Priya, pool Payments, \$14 a day, TTL /)
    }
    const seen = await w.type('resource card-db', { user: priya })
    expect(words(seen)).toMatch(/\$14 a day · \$28 this month/)
    expect(words(seen)).toMatch(/pool policy 4 days/)
    expect(labels(seen).slice(0, 3)).toEqual(['Extend 1 Day · $14', 'Change TTL', 'Assign'])
  })

  it('asks back with buttons that run when several fit, and says so when none does', async () => {
    await thing('web-1')
    await thing('web-2')
    const seen = await w.type('resource web', { user: priya })
    expect(seen.text).toMatch(/Several resources are called like “web”/)
    await w.press(seen, 'resource i-0web2000', priya)
    expect(w.last(priya).text).toMatch(/^web-2,/)
    expect((await w.type('resource nowhere', { user: priya })).text).toMatch(/I know no resource called “nowhere”/)
  })

  it('extends on the card itself: the button is fresh afterwards and a stale one does nothing twice', async () => {
    const row = await thing('pressed')
    const seen = await w.type('resource pressed', { user: priya })
    await w.press(seen, 'Extend 1 Day · $14', priya)
    expect((await constraint(row.id)).endsAt).toEqual(new Date('2026-11-25T00:00:00Z'))
    expect((await now(row.id)).rev).toBe(2)
  })

  it('refuses a colleague, names who can, and changes nothing', async () => {
    const row = await thing('not-yours')
    const seen = await w.type('resource not-yours', { user: max })
    await w.press(seen, 'Extend 1 Day · $14', max)
    const said = w.last(max)
    expect(words(said)).toMatch(/cannot set constraints on not-yours/)
    expect(words(said)).toMatch(/Priya|U0PRIYA/)
    expect((await constraint(row.id)).source).toBe('policy')
  })
})

describe('a change', () => {
  it('is never made by a part of a name: it is asked back, with the whole line behind the button', async () => {
    const row = await thing('partly-named')
    const seen = await w.type('ttl partly +1d', { user: priya })
    expect(seen.text).toMatch(/^No resource is called exactly “partly”\. Nothing was changed\./)
    expect((await constraint(row.id)).source).toBe('policy')
    await w.press(seen, labels(seen)[0]!, priya)
    expect(w.last(priya).text).toMatch(/^partly-named lives until /)
  })

  it('means the one that lives when a gone one had the same name', async () => {
    const gone = await thing('twice', { active: false })
    const alive = await thing('twice', { cloudResourceId: 'i-0alive' })
    expect((await w.type('ttl twice +1d', { user: priya })).text).toMatch(/^twice lives until /)
    expect((await constraint(alive.id)).source).toBe('own')
    expect((await constraint(gone.id)).source).not.toBe('own')
  })
})

describe('/finops ttl', () => {
  it('extends, sets, ends and follows the policy again; each with an undo', async () => {
    const row = await thing('ttl-db')
    const seen = await w.type('ttl ttl-db +3d', { user: priya })
    expect(seen.text).toMatch(/^ttl-db lives until .*about \$42\.$/)
    expect((await constraint(row.id)).endsAt).toEqual(new Date('2026-11-27T00:00:00Z'))
    await w.press(seen, 'Undo', priya)
    expect(await constraint(row.id)).toMatchObject({ source: 'policy' })
    await w.type('ttl ttl-db until 2026-11-30 12:00', { user: priya })
    expect((await constraint(row.id)).endsAt).toEqual(new Date('2026-11-30T12:00:00Z'))
    expect(words(await w.type('ttl ttl-db none', { user: priya }))).toMatch(/cannot go beyond the pool policy/)
    expect((await w.type('ttl ttl-db none', { user: tom })).text).toBe('ttl-db has no end now.')
    await w.type('ttl ttl-db policy', { user: tom })
    expect(await constraint(row.id)).toMatchObject({ source: 'policy' })
  })

  it('opens a dialog without a time, with the price of the date, and refuses the past on its field', async () => {
    const row = await thing('dialog-db')
    await w.type('ttl dialog-db', { user: priya })
    const view = w.slack.view(priya)!
    expect(view.title).toMatchObject({ text: 'Pick a TTL' })
    expect(words(view as never)).toMatch(/costs \$14 a day/)
    const field = (name: string) =>
      w.slack.view(priya)!.blocks.find((block) => String(block['block_id']).startsWith(`${name}~`))![
        'block_id'
      ] as string
    const past = await w.slack.submit({
      user: priya,
      values: { [field('until')]: Date.parse('2026-11-22T00:00:00Z') / 1000 },
    })
    expect(Object.values((past as { errors: Record<string, string> }).errors)[0]).toMatch(/cannot end in the past/)
    await w.slack.submit({ user: priya, values: { [field('until')]: Date.parse('2026-11-29T09:00:00Z') / 1000 } })
    await w.settled()
    expect((await constraint(row.id)).endsAt).toEqual(new Date('2026-11-29T09:00:00Z'))
  })
})

describe('/finops limit', () => {
  it('limits a resource per day and a pool per month, and takes both back', async () => {
    const row = await thing('limit-db')
    const seen = await w.type('limit limit-db 20/day', { user: priya })
    expect(seen.text).toBe('limit-db: $20 a day from now on.')
    expect(await constraint(row.id, 'daily_expense_limit')).toMatchObject({ source: 'own', limit: '20' })
    await w.press(seen, 'Undo', priya)
    expect(await constraint(row.id, 'daily_expense_limit')).toMatchObject({ source: null })
    expect(words(await w.type('limit limit-db 20.5', { user: priya }))).toMatch(
      /A limit is a whole number\. Nothing was changed/,
    )
    expect(words(await w.type('ttl limit-db +900d', { user: priya }))).toMatch(
      /A year is the most to extend by\. Nothing/,
    )
    const pool = await w.type('limit payments $5,000', { user: tom })
    expect(pool.text).toMatch(/^Payments may cost \$5,000 a month now; \$.* are expected this month\.$/)
    const limit = async () => (await findPool(w.deps.db, { orgId: w.org.id, id: team.id }))!.monthlyLimit
    expect(await limit()).toBe('5000')
    await w.press(pool, 'Undo', tom)
    expect(await limit()).toBe('0')
    const mine = await w.type('limit payments 5000', { user: tom })
    await w.type('limit payments 7000', { user: lea })
    await w.press(mine, 'Undo', tom)
    expect(w.last(tom).text).toMatch(/^This was changed again since/)
    expect(await limit()).toBe('7000')
    await w.type('limit payments none', { user: lea })
    await w.pool('Data platform')
    expect((await w.type('limit data platform 300', { user: lea })).text).toMatch(
      /^Data platform may cost \$300 a month now/,
    )
  })
})

describe('the limit of a pool below others', () => {
  it('is taken back together with what was raised for it', async () => {
    const top = await w.pool('Top', { monthlyLimit: '100' })
    const leaf = await w.pool('Leaf', { parentId: top.id, monthlyLimit: '90' })
    const limits = async () =>
      (await Promise.all([leaf, top].map(({ id }) => findPool(w.deps.db, { orgId: w.org.id, id })))).map((pool) =>
        Number(pool!.monthlyLimit),
      )
    await w.type('limit leaf', { user: lea })
    await w.slack.submit({ user: lea, values: { monthlyLimit: '150', extendParents: ['yes'] } })
    await w.settled()
    expect(await limits()).toEqual([150, 150])
    await w.press(w.last(lea), 'Undo', lea)
    expect(await limits()).toEqual([90, 100])
  })
})

describe('/finops assign', () => {
  it('gives a resource another owner or pool, and back', async () => {
    const row = await thing('assign-db')
    const seen = await w.type('assign assign-db to <@U0MAX>', { user: priya })
    expect(seen.text).toMatch(/^assign-db belongs to .* in Payments now; its cost moved along\.$/)
    expect(await now(row.id)).toMatchObject({ ownerId: colleague.id })
    await w.press(seen, 'Undo', priya)
    expect(await now(row.id)).toMatchObject({ ownerId: w.priya.id })
    const other = await w.pool('Research')
    const theirs = await thing('theirs-db', { ownerId: colleague.id })
    expect(words(await w.type('assign theirs-db to research', { user: max }))).toMatch(
      /Max cannot own resources in this pool/,
    )
    expect(await now(theirs.id)).toMatchObject({ poolId: team.id })
    await w.type('assign assign-db to research', { user: lea })
    expect(await now(row.id)).toMatchObject({ poolId: other.id })
  })

  it('in its dialog changes only what was chosen: an owner decided meanwhile stays', async () => {
    const row = await thing('both-db')
    const lab = await w.pool('Lab')
    await w.type('assign both-db', { user: lea })
    await assignResources(w.as(), { resourceIds: [row.id], ownerId: w.lea.id })
    await w.slack.submit({ user: lea, values: { pool: 'Lab' } })
    await w.settled()
    expect(await now(row.id)).toMatchObject({ poolId: lab.id, ownerId: w.lea.id })
  })

  it('says who is not linked and which pool is unknown', async () => {
    await thing('lost-db')
    expect(words(await w.type('assign lost-db to <@U0NOBODY>', { user: priya }))).toMatch(/not linked to anybody/)
    expect(words(await w.type('assign lost-db to atlantis', { user: priya }))).toMatch(/no pool called “atlantis”/)
  })
})

describe('what is mine, and what others speak of', () => {
  it('mine lists my resources, the dearest first, and each opens its card', async () => {
    await w.database.sql`update resources set owner_id = null where owner_id = ${colleague.id}`
    await thing('mine-db', { ownerId: colleague.id })
    const seen = await w.type('mine', { user: max })
    expect(seen.text).toBe('You own 1 resource and hold no bookings.')
    await w.press(seen, 'Show', max)
    expect(w.last(max).text).toMatch(/^mine-db,/)
  })

  it('finds the owner of an id in somebody else’s message in two clicks', async () => {
    await thing('spoken-1')
    await thing('spoken-2', { ownerId: null })
    const one = await w.slack.say({ user: lea, channel: finops, text: 'who runs i-0spoken1000?' })
    await w.slack.shortcut({ user: max, callbackId: 'look-up-resources', message: one.message })
    await w.settled()
    expect(w.last(max).text).toMatch(/^spoken-1, .*owner Priya/)
    const two = await w.slack.say({ user: lea, channel: finops, text: 'i-0spoken1000 and spoken-2, please' })
    await w.slack.shortcut({ user: max, callbackId: 'look-up-resources', message: two.message })
    await w.settled()
    expect(w.last(max).text).toMatch(/^2 resources found: spoken-1 \(Priya\) and spoken-2 \(nobody\)/)
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'Alarm on:\ni-0spoken1000\nspoken-2' } }]
    const message = { ...two.message, text: '', blocks }
    await w.slack.deliver('interactive', {
      ...{ type: 'message_action', callback_id: 'look-up-resources', user: { id: max }, team: { id: 'T0ACME' } },
      ...{ channel: { id: finops }, message, trigger_id: w.slack.trigger(max) },
      response_url: w.slack.responseUrl({ user: max, channel: finops }),
    })
    await w.settled()
    expect(w.last(max).text).toMatch(/^2 resources found: /)
    const none = await w.slack.say({ user: lea, channel: finops, text: 'good morning' })
    await w.slack.shortcut({ user: max, callbackId: 'look-up-resources', message: none.message })
    await w.settled()
    expect(w.last(max).text).toBe('This message names no resource I know.')
  })
})
