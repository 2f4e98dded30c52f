/** Who may talk to the bot, and what a replay can do (faults S1, S3; spec engineering 7.5). */
import { beforeAll, describe, expect, it } from 'vitest'
import { findInstall } from '../../db/queries/slack-installs.ts'
import { hooksOf } from '../../bot/request.ts'
import { finops, lea, slackWorld, team, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
beforeAll(async () => {
  w = await slackWorld()
})
const seconds = (from: number) => Math.floor(Date.now() / 1000) + from
const command = (mark: Parameters<SlackWorld['slack']['command']>[1]) =>
  w.slack.command({ user: lea, channel: finops, text: 'help' }, mark)

describe('a request', () => {
  it.each<[string, { off?: number; signature?: string; timestamp?: number }]>([
    ['without a right signature', { signature: 'v0=00' }],
    ['older than five minutes', { off: -301 }],
    ['from more than five minutes in the future', { off: 301 }],
    ['with a time that is no number', { timestamp: 'soon' as never }],
    ['with an endless time', { timestamp: Infinity }],
  ])('%s is refused with 401 and does nothing', async (_, mark) => {
    w.slack.forgetCalls()
    const delivery = await command('off' in mark ? { timestamp: seconds(mark.off) } : mark)
    expect(delivery.status).toBe(401)
    expect(w.slack.calls()).toEqual([])
  })

  it('within five minutes either way is answered', async () => {
    expect((await command({ timestamp: seconds(290) })).acked).toBe(true)
    expect((await command({ timestamp: seconds(-290) })).acked).toBe(true)
    await w.settled()
  })

  it('replayed with the same signature has no second effect', async () => {
    const payload = {
      command: '/finops',
      text: 'help',
      team_id: team,
      channel_id: finops,
      user_id: lea,
      response_url: w.slack.responseUrl({ user: lea, channel: finops }),
    }
    const mark = { timestamp: seconds(0) }
    const before = w.slack.ephemerals(lea, finops).length
    expect((await w.slack.deliver('command', payload, mark)).status).toBe(200)
    await w.settled()
    expect((await w.slack.deliver('command', payload, mark)).status).toBe(200)
    await w.settled()
    expect(w.slack.ephemerals(lea, finops)).toHaveLength(before + 1)
  })

  it('of a workspace we do not know is not served', async () => {
    const before = w.slack.ephemerals(lea, finops).length
    await w.slack.deliver('command', {
      command: '/finops',
      text: 'help',
      team_id: 'TOTHER',
      channel_id: finops,
      user_id: lea,
    })
    await w.settled()
    expect(w.slack.ephemerals(lea, finops)).toHaveLength(before)
  })

  it('may not send our answer somewhere else', () => {
    const allowed = hooksOf({ slack: { apiUrl: 'http://127.0.0.1:9/api/' } })
    expect(['https://hooks.slack.com/x', 'http://127.0.0.1:9/response/1'].every(allowed)).toBe(true)
    const refused = [
      'http://hooks.slack.com/x',
      'https://hooks.slack.com.evil.example/x',
      'https://evil.example',
      'http://127.0.0.1:10/',
      'file:///etc/passwd',
      '',
    ]
    expect(refused.some(allowed)).toBe(false)
    expect(hooksOf({})('http://127.0.0.1:9/response/1')).toBe(false)
  })
})

describe('a click with a forged value', () => {
  it('with the id of nothing says so and shows no defect', async () => {
    const value = 'v1|release|00000000-0000-4000-8000-000000000000|1|'
    const origin = { user: lea, channel: finops }
    await w.slack.deliver('interactive', {
      type: 'block_actions',
      user: { id: lea },
      team: { id: team },
      trigger_id: w.slack.trigger(lea),
      channel: { id: finops },
      container: { type: 'message', channel_id: finops, message_ts: '1.1', is_ephemeral: true },
      response_url: w.slack.responseUrl(origin),
      actions: [{ type: 'button', action_id: 'release', block_id: 'x~1', value, action_ts: '1' }],
    })
    await w.settled()
    const said = w.slack.ephemerals(lea, finops).at(-1)!.text
    expect(said).not.toMatch(/could not finish/)
    expect(said).toMatch(/[Nn]othing|no such|not/)
  })
})

describe('the workspace that removes the app', () => {
  it('is forgotten: its token, its channels, its copies', async () => {
    await w.slack.deliver('event', {
      type: 'event_callback',
      team_id: team,
      api_app_id: 'A0FINOPS',
      event_id: 'EvGone',
      event: { type: 'app_uninstalled', event_ts: '1.1' },
    })
    await w.settled()
    expect(await findInstall(w.deps.db, team)).toMatchObject({ botToken: '', disabledAt: expect.any(Date) as Date })
  })
})
