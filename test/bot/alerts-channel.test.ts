/** Which channel gets the alerts of pools that have none. */
import { beforeAll, describe, expect, it } from 'vitest'
import { setBinding } from '../../db/queries/slack-bindings.ts'
import { findInstall } from '../../db/queries/slack-installs.ts'
import type { Pool } from '../../db/schema/pools.ts'
import { inTransaction } from '../../engine/context.ts'
import { notify } from '../../engine/notifications/notify.ts'
import { finops, labels, lea, priya, slackWorld, team, words, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
let pool: Pool
let count = 0
beforeAll(async () => {
  w = await slackWorld()
  pool = await w.pool('Payments')
})
const alerts = async () => (await findInstall(w.deps.db, team))?.alertsChannel
const other = () => w.slack.channels.find(({ id }) => id !== finops)!.id
const told = (channel: string, what: string) =>
  w.slack.messages(channel).filter(({ text }) => text.includes(what)).length

/** Tells Priya something about the pool. */
async function alert(what: string): Promise<void> {
  const facts = { from: { id: '-', name: 'Max' }, refused: what }
  await inTransaction(w.job(), (ctx) =>
    notify(ctx, { kind: 'request', key: `k${(count += 1)}`, personIds: [w.priya.id], poolId: pool.id, facts }),
  )
  await w.work()
}

describe('bind alerts', () => {
  it('makes this channel the alerts channel, is recorded, shown, and taken back', async () => {
    const bound = await w.type('bind alerts')
    expect(bound.text).toBe('Alerts of pools without a channel go to this channel.')
    expect(await alerts()).toBe(finops)
    const [event] = await w.database.sql`select name, before, after from events where name = 'channel.alerts-changed'`
    expect(event).toEqual({
      ...{ name: 'channel.alerts-changed', before: { alertsChannel: null }, after: { alertsChannel: finops } },
    })
    await w.press(bound, 'Undo')
    expect(await alerts()).toBeNull()
    expect(w.last().text).toBe('There is no channel for all alerts again.')
    expect(labels(await w.type('bind'))).toEqual(['Other Alerts Here'])
  })

  it('moves with the command, and Undo moves it back', async () => {
    await w.type('bind alerts', { channel: other() })
    const moved = await w.type('bind alerts')
    expect(await alerts()).toBe(finops)
    const elsewhere = await w.type('bind', { channel: other() })
    expect(words(elsewhere)).toContain(`Alerts of pools without a channel go to <#${finops}>.`)
    const here = await w.type('bind')
    expect(words(here)).toContain('Alerts of pools without a channel go to this channel.')
    expect(labels(here)).toEqual(['No Alerts Channel'])
    await w.press(moved, 'Undo')
    expect(await alerts()).toBe(other())
    expect((await w.type('bind alerts none')).text).toMatch(/go only to the people they concern/)
    expect(await alerts()).toBeNull()
  })

  it('gets what concerns a pool that no channel means, beside its people', async () => {
    await w.type('bind alerts')
    await alert('homeless')
    expect([told(finops, 'homeless'), told(w.slack.directChannel(priya), 'homeless')]).toEqual([1, 1])
    const bind = { teamId: team, channel: other(), orgId: w.org.id, poolId: pool.id, boundBy: null }
    await setBinding(w.deps.db, bind)
    await alert('housed')
    expect([told(finops, 'housed'), told(other(), 'housed')]).toEqual([0, 1])
    expect(words(await w.type('bind'))).toContain(`<#${other()}> means Payments`)
  })

  it('is for organization managers, in a channel, and not where another company reads along', async () => {
    const before = await alerts()
    expect((await w.type('bind alerts', { user: priya })).text).toMatch(/You cannot change the organization/)
    const home = w.slack.directChannel(lea)
    expect((await w.type('bind alerts', { channel: home })).text).toMatch(/go to a channel, and this is none/)
    const channel = w.slack.channels.find(({ id }) => id === other())!
    channel.external = true
    expect((await w.type('bind alerts', { channel: other() })).text).toMatch(/shared with another company/)
    channel.external = false
    expect(await alerts()).toBe(before)
  })
})
