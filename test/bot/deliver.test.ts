/** The outbox when Slack misbehaves (faults X1, X2, X3, X5, X6): nothing lost, nothing double, order kept. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import deliverMessage from '../../bot/jobs/deliver-message.ts'
import deliverNotification from '../../bot/jobs/deliver-notification.ts'
import { listBookings } from '../../db/queries/environments.ts'
import { findInstall } from '../../db/queries/slack-installs.ts'
import { releaseBooking } from '../../engine/environments/bookings.ts'
import { createEnvironment } from '../../engine/environments/environment.ts'
import { inTransaction } from '../../engine/context.ts'
import { notify } from '../../engine/notifications/notify.ts'
import { finops, lea, priya, slackWorld, team, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
let count = 0
beforeAll(async () => {
  w = await slackWorld()
})
beforeEach(async () => {
  w.slack.heal()
  await w.work()
  await w.database.sql`delete from slack_deliveries`
  w.slack.forgetCalls()
})

/** Plans messages that say their number, without delivering them. */
async function plan(to: { personIds?: string[]; channel?: string }, numbers: string[]): Promise<void> {
  for (const refused of numbers) {
    const key = `k${(count += 1)}`
    w.clock.advance(1)
    await inTransaction(w.job(), (ctx) =>
      notify(ctx, { kind: 'request', key, ...to, facts: { from: { id: '-', name: 'Max' }, refused } }),
    )
    const [row] = await w.database.sql`select id from notifications where key = ${key}`
    await deliverNotification.run({ orgId: w.org.id, notificationId: row!['id'] as string }, { deps: w.deps } as never)
  }
  // The jobs themselves are run by hand below, so that a paused lane does not run for ever under a clock that stands.
  await w.database.sql`delete from pgboss.job where name in ('deliver-message', 'deliver-notification')`
}
async function emptyLanes(): Promise<void> {
  for (const { id } of await w.database
    .sql`select distinct on (lane) id from slack_deliveries where delivered_at is null and failure is null`)
    await deliverMessage.run({ orgId: w.org.id, deliveryId: id as string }, { deps: w.deps } as never)
  await w.database.sql`delete from pgboss.job where name = 'deliver-message'`
}
const told = (channel: string) => w.slack.messages(channel).flatMap(({ text }) => text.match(/told “(.*)”/)?.[1] ?? [])
const direct = (user: string) => told(w.slack.directChannel(user))

describe('a lane', () => {
  it('waits as long as Slack says, then goes on in order: none lost, none double (X1)', async () => {
    await plan({ personIds: [w.lea.id] }, ['one', 'two', 'three'])
    w.slack.fail({ kind: 'rate_limited', retryAfter: 30, method: 'chat.postMessage' })
    await emptyLanes()
    expect(direct(lea)).toEqual([])
    w.clock.advance(29_000)
    await emptyLanes()
    expect(direct(lea)).toEqual([])
    w.clock.advance(2000)
    await emptyLanes()
    expect(direct(lea)).toEqual(['one', 'two', 'three'])
  })

  it('is tried again by the queue when Slack is broken (X2, X3)', async () => {
    await plan({ personIds: [w.priya.id] }, ['four', 'five'])
    w.slack.fail({ kind: 'server_error', method: 'chat.postMessage', times: 2 })
    await expect(emptyLanes()).rejects.toThrow(/Slack did not take/)
    await expect(emptyLanes()).rejects.toThrow(/Slack did not take/)
    await emptyLanes()
    expect(direct(priya)).toEqual(['four', 'five'])
  })

  it('is tried again when the database goes away under the drawing: nothing is lost (R4)', async () => {
    await createEnvironment(w.as(), { name: 'stage-blip', channel: finops, hourlyCost: '1.10' })
    await w.type('stage-blip 2h', { user: lea, command: '/env' })
    const [row] = await w.database
      .sql`select id from notifications where kind = 'booking-card' order by id desc limit 1`
    await deliverNotification.run({ orgId: w.org.id, notificationId: row!['id'] as string }, { deps: w.deps } as never)
    await w.database.sql`delete from pgboss.job`
    const drawn = () => w.slack.messages(finops).filter(({ text }) => text.startsWith('stage-blip booked by'))
    await w.database.sql.begin(async (sql) => {
      await sql`lock table bookings in access exclusive mode`
      const emptied = emptyLanes().then(
        () => 'done',
        () => 'again',
      )
      let killed = 0
      while (killed === 0) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        const found = await w.database.sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`
        killed = found.length
      }
      expect(await emptied).toBe('again')
    })
    await emptyLanes()
    expect(drawn()).toHaveLength(1)
    await w.database.sql`delete from environments`
  })

  it('of a channel is in the workspace the channel was named in, not in the first one', async () => {
    const { sql } = w.database
    await sql`insert into slack_installs (team_id, org_id, bot_token, installed_at)
      values ('T0OLDER', ${w.org.id}, 'sealed', '2026-01-01')`
    await createEnvironment(w.as(), { name: 'stage-far' })
    await w.type('here stage-far', { command: '/env' })
    await plan({ channel: finops }, ['far'])
    expect(await sql`select team_id as team, lane from slack_deliveries where facts ->> 'refused' = 'far'`).toEqual([
      { team, lane: finops },
    ])
    await sql`delete from slack_installs where team_id = 'T0OLDER'`
  })

  it('of one conversation does not hold up another', async () => {
    await plan({ personIds: [w.lea.id] }, ['slow'])
    await plan({ personIds: [w.priya.id] }, ['quick'])
    w.slack.fail({ kind: 'rate_limited', retryAfter: 30, method: 'chat.postMessage' })
    await emptyLanes()
    expect([...direct(lea), ...direct(priya)].filter((text) => text === 'slow' || text === 'quick')).toHaveLength(1)
  })
})

describe('a conversation that takes nothing any more', () => {
  it('an archived channel: the managers hear it, with the reason (X6)', async () => {
    await plan({ channel: finops }, ['budget'])
    w.slack.fail({ kind: 'error', error: 'is_archived', method: 'chat.postMessage' })
    await emptyLanes()
    await emptyLanes()
    expect(direct(lea)).toContain('budget')
    expect(JSON.stringify(w.last(lea, w.slack.directChannel(lea)).blocks)).toMatch(/takes no messages from me/)
    expect(told(finops)).not.toContain('budget')
  })

  it('a channel shared with another company: the managers hear it directly, the channel nothing', async () => {
    const channel = w.slack.channels.find(({ id }) => id === finops)!
    channel.external = true
    await plan({ channel: finops }, ['salaries'])
    await emptyLanes()
    await emptyLanes()
    channel.external = false
    expect(direct(lea)).toContain('salaries')
    expect(JSON.stringify(w.last(lea, w.slack.directChannel(lea)).blocks)).toMatch(/shared with another company/)
    expect(told(finops)).not.toContain('salaries')
  })

  it('a card whose channel was shared after it was posted loses its content, and another place is refused', async () => {
    await createEnvironment(w.as(), { name: 'stage-shared', channel: finops, hourlyCost: '1.10' })
    await w.type('stage-shared 2h payroll test', { user: lea, command: '/env' })
    await w.work()
    const card = () => w.slack.messages(finops).find(({ ts }) => ts === posted.ts)!
    const posted = w.slack.messages(finops).find(({ text }) => text.startsWith('stage-shared'))!
    expect(JSON.stringify(posted)).toContain('payroll test')
    const [booking] = await listBookings(w.deps.db, { orgId: w.org.id })
    const channel = w.slack.channels.find(({ id }) => id === finops)!
    channel.external = true
    await releaseBooking(w.as(), { bookingId: booking!.id })
    await w.work()
    expect(card().text).toMatch(/shared with another company/)
    expect(JSON.stringify(card())).not.toContain('payroll')
    const refused = await w.type('here stage-shared', { user: lea, command: '/env' })
    channel.external = false
    expect(refused.text).toMatch(/shared with another company.* Nothing was changed\./)
  })

  it('a token taken back pauses the workspace without a storm (X5)', async () => {
    await plan({ personIds: [w.lea.id, w.priya.id] }, ['a', 'b', 'c'])
    w.slack.forgetCalls()
    w.slack.fail({ kind: 'error', error: 'token_revoked', method: 'chat.postMessage', times: 9 })
    await emptyLanes()
    await emptyLanes()
    expect(w.slack.calls('chat.postMessage')).toHaveLength(1)
    expect((await findInstall(w.deps.db, team))?.disabledAt).toBeInstanceOf(Date)
  })
})
