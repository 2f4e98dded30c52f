import { beforeAll, describe, expect, it } from 'vitest'
import { readMeters } from '../../engine/meters.ts'
import { finops, lea, slackWorld, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
beforeAll(async () => {
  w = await slackWorld()
})

/** While `act` runs, nobody can read which workspaces are installed. */
async function withBusyDatabase<T>(act: () => Promise<T>): Promise<T> {
  return w.database.sql.begin(async (sql) => {
    await sql`lock table slack_installs, slack_seen in access exclusive mode`
    return act()
  }) as Promise<T>
}

describe('the acknowledgement (IC-1)', () => {
  it('of a command and of a click does not wait for the database; both are answered when it is free', async () => {
    const help = await w.type('help cost')
    const acked = await withBusyDatabase(async () => [
      await w.slack.command({ user: lea, channel: finops, text: 'help env' }),
      await w.slack.click({ user: lea, message: help, label: 'Run Example 1' }),
    ])
    expect(acked.map((one) => one?.acked)).toEqual([true, true])
    await w.settled()
    const texts = w.slack.conversation(lea, finops).map(({ text }) => text)
    expect(texts).toContainEqual(expect.stringMatching(/^env: /))
    expect(texts).toContainEqual(expect.stringMatching(/spent|No costs|billing data/i))
  })

  it('is measured by kind for those who operate this', async () => {
    await w.type('help cost')
    const { text } = await readMeters()
    expect(text).toMatch(/finops_slack_ack_seconds_count\{kind="command"\} [1-9]/)
  })

  it('of an event waits, so that Slack repeats what we could not take', async () => {
    const [outcome] = await withBusyDatabase(async () => {
      const said = w.slack.openHome({ user: lea })
      return [await Promise.race([said, new Promise((resolve) => setTimeout(resolve, 300, 'waiting'))])]
    })
    expect(outcome).toBe('waiting')
    await w.settled()
    expect(w.slack.home(lea)).toBeDefined()
  })
})

describe('a workspace that cannot be looked up', () => {
  it('is told in a sentence, by the address that came with the command', async () => {
    const delivery = await w.slack.deliver('command', {
      ...{ team_id: 'T0STRANGE', user_id: lea, channel_id: finops, command: '/finops', text: 'cost' },
      response_url: w.slack.responseUrl({ user: lea, channel: finops }),
    })
    expect(delivery).toMatchObject({ acked: true, body: null })
    await w.settled()
    expect(w.last().text).toBe('I cannot answer right now, and nothing was changed. Try again in a minute.')
  })
})
