import { beforeAll, describe, expect, it } from 'vitest'
import { finops, labels, lea, slackWorld, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
beforeAll(async () => {
  w = await slackWorld({ mode: 'socket' })
})

describe('Socket Mode, by one setting', () => {
  it('answers commands, clicks and dialogs like HTTP does', async () => {
    const delivery = await w.slack.command({ user: lea, channel: finops, text: 'hlp' })
    expect(delivery).toMatchObject({ via: 'socket', acked: true })
    await w.settled()
    expect(labels(w.last())).toContain('help')
    await w.press(w.last(), 'help')
    expect(w.last().text).toMatch(/plain words/)
    await w.slack.command({ user: lea, channel: finops, text: '' })
    await w.settled()
    expect(w.slack.view(lea)?.callback_id).toBe('palette')
  })
})
