/** A dialog opened or submitted without the right: it says of what, who can, what next, and asks them (IC-6, M13). */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Pool } from '../../db/schema/pools.ts'
import type { Resource } from '../../db/schema/resources.ts'
import { finops, labels, lea, max, slackWorld, team, words, type Json, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
let pool: Pool
let database: Resource
let accountId: string

beforeAll(async () => {
  w = await slackWorld()
  await w.colleague(max, 'Max', 'member')
  pool = await w.pool('Payments')
  const account = await w.account('aws', { name: 'prod' })
  database = await w.resource(account, { name: 'loadtest-db', poolId: pool.id, ownerId: w.priya.id })
  accountId = account.id
})
beforeEach(() => w.slack.forgetCalls())

const view = (user = max) => w.slack.view(user)! as unknown as { id: string; blocks: Json[]; submit?: Json }
const events = async () => w.database.sql`select count(*)::int from events`

/** Submits a dialog as Slack would, with the ids it was opened with, and answers what the dialog shows then. */
async function submit(name: string, values: Json, carried: Record<string, string>): Promise<Json[]> {
  await w.slack.command({ user: max, channel: finops, text: '' })
  await w.settled()
  const { id } = view()
  const { body } = await w.slack.deliver('interactive', {
    ...{ type: 'view_submission', user: { id: max }, team: { id: team }, trigger_id: w.slack.trigger(max) },
    view: {
      ...{ id, hash: '1', type: 'modal', callback_id: name, blocks: [] },
      ...{ private_metadata: JSON.stringify({ facts: carried, channel: finops }), state: { values } },
    },
  })
  expect((body as unknown as Json | undefined)?.['response_action']).toBe('update')
  await w.settled()
  return view().blocks
}
const number = (field: string, value: string): Json => ({ [field]: { [field]: { value } } })

describe('a submission without the right', () => {
  it('of a pool’s limit names the pool, who can, and asks them with one click', async () => {
    const before = await events()
    const blocks = await submit('pool-limit', number('monthlyLimit', '500'), { poolId: pool.id })
    const text = words({ blocks })
    expect(text).toMatch(/You cannot change the pool Payments\. Nothing was changed\.\nAsk Lea\./)
    expect(text).toMatch(/You asked for Set Pool Limit: Payments · Your role: Member · Who can: <@U0LEA>/)
    expect(labels({ blocks })).toContain('Ask Lea')
    // The fields stay, with what was typed.
    expect(JSON.stringify(blocks)).toContain('"500"')
    await w.slack.click({ user: max, view: view() as never, label: 'Ask Lea' })
    await w.settled()
    expect(words(view())).toBe('I asked Lea.')
    await w.work()
    const asked = w.last(lea, w.slack.directChannel(lea))
    expect(words(asked)).toMatch(/<@U0MAX> asks for your help/)
    expect(words(asked)).toMatch(/They asked for Set Pool Limit: Payments/)
    expect(await events()).toEqual(before)
  })

  it('of a resource’s limit names the resource', async () => {
    const text = words({ blocks: await submit('set-limit', number('limit', '5'), { resourceId: database.id }) })
    expect(text).toMatch(/You cannot set constraints on loadtest-db\. Nothing was changed\./)
    expect(text).toMatch(/You asked for Set Daily Limit: loadtest-db, /)
    expect(text).toMatch(/Who can: <@U0PRIYA>/)
  })
})

describe('a submission about what is no id', () => {
  it('says so in the dialog instead of failing', async () => {
    const blocks = await submit('set-limit', number('limit', '5'), { resourceId: 'nonsense' })
    expect(words({ blocks })).toMatch(/I do not know what this was about\. Nothing was changed\./)
  })
})

describe('a dialog opened without the right', () => {
  it('has nothing to submit, and says of what, who can and what next', async () => {
    await w.type('connect', { user: max })
    await w.slack.deliver('interactive', {
      ...{ type: 'block_actions', user: { id: max }, team: { id: team }, trigger_id: w.slack.trigger(max) },
      ...{
        channel: { id: finops },
        container: { type: 'message', channel_id: finops, message_ts: '1.1', is_ephemeral: true },
      },
      response_url: w.slack.responseUrl({ user: max, channel: finops }),
      actions: [
        {
          ...{ type: 'button', action_id: 'x', block_id: 'x~1', action_ts: '1' },
          value: `v1|remove-account|${accountId}|0|`,
        },
      ],
    })
    await w.settled()
    expect(words(view())).toMatch(/You cannot connect accounts and import bills\. Nothing was changed\./)
    expect(words(view())).toMatch(/You asked for .*: prod · Your role: Member · Who can: <@U0LEA>/)
    expect(labels(view())).toEqual(['Ask Lea'])
    expect(view().submit).toBeFalsy()
  })
})

describe('a click without the right', () => {
  it('names what it was about to the person who clicked', async () => {
    await w.slack.deliver('interactive', {
      ...{ type: 'block_actions', user: { id: max }, team: { id: team }, trigger_id: w.slack.trigger(max) },
      ...{ channel: { id: finops }, container: { channel_id: finops, message_ts: '1.1', is_ephemeral: true } },
      response_url: w.slack.responseUrl({ user: max, channel: finops }),
      actions: [
        {
          ...{ type: 'button', action_id: 'x', block_id: 'x~1', action_ts: '1' },
          value: `v1|assign-to|${database.id}|0|me`,
        },
      ],
    })
    await w.settled()
    const refusal = w.last(max)
    expect(refusal.text).toMatch(/^You cannot assign loadtest-db\. Nothing was changed\./)
    expect(words(refusal)).toMatch(/You asked for assign to: loadtest-db, .* · Your role: Member/)
  })
})
