/** Costs go to a channel only when Slack said that no other company reads it: what happens while it does not say. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import deliverMessage from '../../bot/jobs/deliver-message.ts'
import { inTransaction } from '../../engine/context.ts'
import { notify } from '../../engine/notifications/notify.ts'
import { createEnvironment } from '../../engine/environments/environment.ts'
import { dayMs } from '../../engine/time.ts'
import { finops, lea, slackWorld, words, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
let count = 0
beforeAll(async () => {
  w = await slackWorld()
})
beforeEach(async () => {
  w.slack.heal()
  await w.database.sql`delete from slack_channels`
  await w.database.sql`delete from slack_deliveries`
  await w.database.sql`delete from pgboss.job`
})

const silent = (error = 'internal_error') =>
  w.slack.fail({ kind: 'error', error, method: 'conversations.info', times: 99 })
const told = (channel: string, what: string) => w.slack.messages(channel).filter(({ text }) => text.includes(what))

async function plan(what: string): Promise<void> {
  await inTransaction(w.job(), (ctx) =>
    notify(ctx, {
      ...{ kind: 'request', key: `k${(count += 1)}`, channel: finops },
      facts: { from: { id: '-', name: 'Max' }, refused: what },
    }),
  )
}

describe('while Slack does not say who reads a channel', () => {
  it('an answer is not posted, and the asker still sees it', async () => {
    silent()
    await w.type('cost --share')
    expect(w.last(lea).text).toMatch(/^Slack does not tell me .* nothing was posted/)
    w.slack.heal()
    await w.type('cost --share')
    expect(w.slack.messages(finops).at(-1)!.text).toMatch(/cost/i)
  })

  it('a channel nobody invited the bot to is not called shared', async () => {
    for (const [error, method] of [
      ['channel_not_found', 'conversations.info'],
      ['not_in_channel', 'chat.postMessage'],
    ] as const) {
      w.slack.fail({ kind: 'error', error, method })
      await w.type('cost --share')
      expect(w.last(lea).text).toMatch(/^I am not in this conversation, so nothing was posted\..*Invite me/)
    }
  })

  it('what it said within a day counts', async () => {
    await w.type('cost --share')
    const posted = w.slack.messages(finops).length
    silent()
    await w.type('cost --share')
    expect(w.slack.messages(finops)).toHaveLength(posted + 1)
    w.clock.advance(dayMs + 1)
    await w.type('cost --share')
    expect(w.slack.messages(finops)).toHaveLength(posted + 1)
    w.clock.advance(-dayMs - 1)
  })

  it('that it said “shared” counts too', async () => {
    const channel = w.slack.channels.find(({ id }) => id === finops)!
    channel.external = true
    await w.type('cost --share')
    channel.external = false
    silent()
    await w.type('cost --share')
    expect(w.last(lea).text).toMatch(/nothing was posted/)
  })

  it('a channel is not bound, and is told to try again', async () => {
    await createEnvironment(w.as(), { name: 'stage-1' })
    silent()
    const refused = await w.type('here stage-1', { command: '/env' })
    expect(refused.text).toMatch(/^Slack does not tell me whether another company reads this channel/)
    expect(words(refused)).toMatch(/try again in a minute/)
  })

  it('an outage holds a message back, and it comes later', async () => {
    await plan('later')
    const heal = w.slack.fail({ kind: 'error', error: 'internal_error', method: 'conversations.info', times: 1 })
    await expect(w.work()).rejects.toThrow(/Slack did not take/)
    heal()
    const [row] = await w.database.sql`select id from slack_deliveries where delivered_at is null and failure is null`
    await deliverMessage.run({ orgId: w.org.id, deliveryId: row!['id'] as string }, { deps: w.deps } as never)
    expect(told(finops, 'later')).toHaveLength(1)
  })

  it('a permission that is missing sends it to the managers, with the reason', async () => {
    await plan('salaries')
    silent('missing_scope')
    await w.work()
    expect(told(finops, 'salaries')).toEqual([])
    const [direct] = told(w.slack.directChannel(lea), 'salaries')
    expect(JSON.stringify(direct)).toMatch(/does not tell me whether another company reads.*missing_scope/)
  })
})
