import { beforeAll, describe, expect, it } from 'vitest'
import { finops, labels, lea, slackWorld, words, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
beforeAll(async () => {
  w = await slackWorld()
})

describe('every door answers the same line', () => {
  it('a slash command answers only to the person who typed it', async () => {
    const seen = await w.type('help cost')
    expect(seen.to).toBe(lea)
  })

  it('a mention answers in the thread, a direct message where it was written', async () => {
    const { message } = await w.slack.mention({ user: lea, channel: finops, text: 'help' })
    await w.settled()
    expect(w.last().text).toMatch(/plain words/)
    expect(message.channel).toBe(finops)
    await w.slack.dm({ user: lea, text: 'help' })
    await w.settled()
    expect(w.last(lea, w.slack.directChannel(lea)).text).toMatch(/plain words/)
  })

  it('an unknown word comes back as commands to press', async () => {
    const seen = await w.type('hlep')
    expect(seen.text).toMatch(/I do not know “hlep”/)
    expect(labels(seen)).toContain('help')
    await w.press(seen, 'help')
    expect(words(w.last())).toMatch(/Type a command/)
  })
})
