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

  it('help offers a click for what only reads, never for a change', async () => {
    expect(labels(await w.type('help calendar'))).toEqual([])
    expect(labels(await w.type('help cost'))).toContain('cost mtd vs budget')
  })

  it('the palette never runs an example of a change', async () => {
    await w.slack.command({ user: lea, channel: finops, text: '' })
    await w.settled()
    const { options } = await w.slack.suggest({ user: lea, actionId: 'what', query: 'release' })
    expect(options.map(({ value }) => value)).toContain('help release')
  })

  it('a suggestion is a command that can be understood', async () => {
    expect(labels(await w.type('top resorces'))).toEqual(['top resources', 'top movers'])
  })

  it('a mistyped pool is found by its own name', async () => {
    const team = await w.pool('Engineering')
    await w.pool('Payments', { parentId: team.id })
    expect(labels(await w.type('budget paymnts'))[0]).toBe('Engineering->Payments')
  })

  it('an unknown word comes back as commands to press', async () => {
    const seen = await w.type('hlep')
    expect(seen.text).toMatch(/I do not know “hlep”/)
    expect(labels(seen)).toContain('help')
    await w.press(seen, 'help')
    expect(words(w.last())).toMatch(/Type a command/)
  })
})
