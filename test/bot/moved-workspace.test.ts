/**
 * A workspace is moved: the app is installed for another organization. Links, channels, cards and waiting messages of the
 * old one stay in the database; none of them leads there any more, at any door.
 */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { installWorkspace } from '../../bot/install.ts'
import deliverMessage from '../../bot/jobs/deliver-message.ts'
import deliverNotification from '../../bot/jobs/deliver-notification.ts'
import { setBinding } from '../../db/queries/slack-bindings.ts'
import { setAlertsChannel } from '../../db/queries/slack-installs.ts'
import { listSlackUsers, upsertLink } from '../../db/queries/slack-links.ts'
import { insertMembership, insertPerson } from '../../db/queries/organizations.ts'
import type { Resource } from '../../db/schema/resources.ts'
import { contextFor, inTransaction, jobActor } from '../../engine/context.ts'
import { bookEnvironment, releaseBooking } from '../../engine/environments/bookings.ts'
import { createEnvironment } from '../../engine/environments/environment.ts'
import { notify } from '../../engine/notifications/notify.ts'
import { hourMs } from '../../engine/time.ts'
import { neighbours } from '../other-organization.ts'
import { finops, labels, lea, priya, slackWorld, team, tom, words, type Seen, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
let newOrg: string
let newPool: string
let database: Resource
/** Cards and dialogs of before the move. */
let resourceCard: Seen
let bookingCard: Seen
let bookingId: string

beforeAll(async () => {
  w = await slackWorld()
  const pool = await w.pool('Payments')
  const bound = { teamId: team, channel: finops, orgId: w.org.id, poolId: pool.id }
  await setBinding(w.deps.db, { ...bound, boundBy: null, boundAt: w.clock.now() })
  database = await w.resource(await w.account(), { name: 'loadtest-db', poolId: pool.id })
  await w.spend(database, { '2026-11-22': 14 })
  const stage = await createEnvironment(w.as(), { name: 'stage-1', channel: finops, hourlyCost: '1.10' })
  const [startsAt, endsAt] = [w.clock.now(), new Date(w.clock.now().getTime() + 2 * hourMs)]
  bookingId = (await bookEnvironment(w.as(w.priya), { environmentId: stage.id, startsAt, endsAt })).id
  await w.work()
  bookingCard = w.slack.messages(finops).findLast(({ text }) => text.startsWith('stage-1')) as Seen
  await w.type('resource loadtest-db --share')
  await w.settled()
  resourceCard = w.slack.messages(finops).findLast(({ text }) => text.startsWith('loadtest-db')) as Seen
  await w.slack.openHome({ user: lea })
  await w.settled()
  await w.press(resourceCard, 'Assign')
  await setAlertsChannel(w.deps.db, { teamId: team, channel: finops })
  await wait('old', { personIds: [w.lea.id] }, w.org.id)

  const there = await neighbours(w, ['2026-11-22'])
  newOrg = there.orgId
  newPool = there.pool.id
  await installWorkspace(w.deps, { orgId: newOrg, botToken: w.slack.botToken })
})
beforeEach(() => w.slack.forgetCalls())

/** Puts a message into the outbox of an organization without delivering it. */
async function wait(key: string, to: { personIds?: string[]; channel?: string }, orgId: string): Promise<void> {
  const ctx = contextFor(w.deps, orgId, jobActor('test'))
  const facts = { from: { id: '-', name: 'Max' }, refused: `secret ${key}` }
  await inTransaction(ctx, (inner) => notify(inner, { kind: 'request', key, ...to, facts }))
  const [row] = await w.database.sql`select id from notifications where key = ${key}`
  await deliverNotification.run({ orgId, notificationId: row!['id'] as string }, { deps: w.deps } as never)
  await w.database.sql`delete from pgboss.job where name in ('deliver-message', 'deliver-notification')`
}

/** Everything the old organization holds that somebody could have changed. */
async function state(): Promise<string> {
  const { sql } = w.database
  const [events] = await sql`select count(*)::int from events where org_id = ${w.org.id}`
  const rows = [await sql`select * from resources where org_id = ${w.org.id}`, await sql`select * from bookings`]
  return JSON.stringify([events, rows])
}

/** Nothing of the old organization is said, and nothing of it changed. */
async function refused(act: () => Promise<unknown>): Promise<string> {
  const before = await state()
  await act()
  await w.settled()
  expect(await state()).toBe(before)
  const said = JSON.stringify(w.slack.calls().map(({ args }) => args))
  for (const theirs of ['loadtest-db', 'stage-1', 'Payments', w.org.name]) expect(said).not.toContain(theirs)
  return said
}

describe('after a workspace was moved to another organization, a link of before is nobody', () => {
  it('at dialogs: one that was open is not saved, and its menus find nothing', async () => {
    expect(w.slack.view(lea)!.callback_id).toBe('assign')
    const field = w.slack.view(lea)!.blocks.find((block) => String(block['block_id']).startsWith('pool'))
    const actionId = (field?.['element'] as { action_id: string } | undefined)?.action_id ?? 'pool'
    expect((await w.slack.suggest({ user: lea, actionId, query: 'Pay' })).options ?? []).toEqual([])
    await refused(() => w.slack.submit({ user: lea, values: {} }))
  })

  it('at commands: whoever types is asked to join the new organization', async () => {
    for (const line of ['resource loadtest-db', 'top', 'cost', 'mine', 'audit']) {
      const seen = { text: '' }
      await refused(async () => (seen.text = words(await w.type(line))))
      expect(seen.text).toMatch(/You are not in Neighbours yet/)
    }
  })

  it('at buttons: the old card changes nothing', async () => {
    await refused(() => w.slack.click({ user: priya, message: bookingCard, label: 'Release' }))
    expect(w.last(priya).text).toMatch(/Neighbours/)
    const [row] = await w.database.sql`select state from bookings where id = ${bookingId}`
    expect(row!['state']).toBe('active')
    await refused(() => w.slack.click({ user: lea, message: resourceCard, label: labels(resourceCard)[0]! }))
  })

  it('on the home tab, also by its buttons', async () => {
    for (const label of ['See Spend', 'Other Time'])
      await refused(() => w.slack.click({ user: lea, view: w.slack.home(lea)!, label }))
    expect(await refused(() => w.slack.openHome({ user: lea }))).toMatch(/Neighbours/)
  })

  it('at events: words in a message, a mention, a pasted link', async () => {
    await refused(() => w.slack.say({ user: lea, channel: w.slack.directChannel(lea), text: 'mine' }))
    await refused(() => w.slack.say({ user: lea, channel: finops, text: '<@U0FINOPS> mine' }))
    const url = `https://finops.example.com/resources/${database.id}`
    await refused(() => w.slack.linkShared({ user: lea, channel: finops, url }))
    // What the new organization has is not for people of the old one either.
    const theirs = `https://finops.example.com/pools/${newPool}`
    await refused(() => w.slack.linkShared({ user: lea, channel: finops, url: theirs }))
    expect(w.slack.calls('chat.unfurl')).toEqual([])
  })

  it('in what is said unasked: nothing that waited is posted, no card is redrawn, nobody is written to', async () => {
    await refused(async () => {
      for (const { id, org_id: orgId } of await w.database.sql`select id, org_id from slack_deliveries`)
        await deliverMessage.run({ orgId, deliveryId: id }, { deps: w.deps } as never)
    })
    await releaseBooking(w.as(), { bookingId })
    await w.work()
    expect(w.slack.calls().map(({ method }) => method)).toEqual([])
    expect(await listSlackUsers(w.deps.db, { orgId: w.org.id })).toEqual([])
  })
})

describe('the new organization', () => {
  it('gets its own messages, whichever job empties the lane, and the channel means none of the old pools', async () => {
    const tomas = await insertPerson(w.deps.db, { orgId: newOrg, name: 'Tomas' })
    await insertMembership(w.deps.db, { orgId: newOrg, personId: tomas.id, role: 'manager' })
    await upsertLink(w.deps.db, { teamId: team, slackUserId: tom, orgId: newOrg, personId: tomas.id })
    await wait('of neighbours', { channel: finops }, newOrg)
    const [old] = await w.database.sql`insert into slack_deliveries
      (org_id, key, team_id, lane, message, facts, priority, not_before, created_at)
      values (${w.org.id}, 'late', ${team}, ${finops}, 'request', '{"from":{"id":"-","name":"Max"},"refused":"secret late"}', 9, ${w.clock.now().toISOString()}, now()) returning id`
    await deliverMessage.run({ orgId: w.org.id, deliveryId: old!['id'] }, { deps: w.deps } as never)
    expect(w.slack.calls('chat.postMessage')).toEqual([])
    const [own] = await w.database.sql`select id, failure from slack_deliveries where key like 'of neighbours%'`
    expect(own!['failure']).toBeNull()
    await deliverMessage.run({ orgId: newOrg, deliveryId: own!['id'] }, { deps: w.deps } as never)
    const said = w.slack.calls('chat.postMessage').map(({ args }) => JSON.stringify(args))
    expect(said).toHaveLength(1)
    expect(said[0]).toContain('secret of neighbours')
    expect((await w.type('bind', { user: tom })).text).not.toMatch(/Payments/)
    const [install] = await w.database.sql`select alerts_channel from slack_installs`
    expect(install!['alerts_channel']).toBeNull()
  })

  it('lets somebody in anew; the same Slack user is then theirs', async () => {
    const lea2 = await insertPerson(w.deps.db, { orgId: newOrg, name: 'Lea at the neighbours' })
    await insertMembership(w.deps.db, { orgId: newOrg, personId: lea2.id, role: 'manager' })
    await upsertLink(w.deps.db, { teamId: team, slackUserId: lea, orgId: newOrg, personId: lea2.id })
    expect(words(await w.type('top resources'))).toMatch(/secret-thing/)
  })
})

describe('moved back', () => {
  it('the links that stayed lead to the organization they were made for', async () => {
    await installWorkspace(w.deps, { orgId: w.org.id, botToken: w.slack.botToken })
    expect((await w.type('mine', { user: priya })).text).not.toMatch(/You are not in/)
    expect(words(await w.type('top resources', { user: lea }))).toMatch(/You are not in/)
  })
})
