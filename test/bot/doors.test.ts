import { beforeAll, describe, expect, it } from 'vitest'
import { createEnvironment } from '../../engine/environments/environment.ts'
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

  it('signs that Slack escapes are read as they were typed, through every door', async () => {
    await w.pool('R&D')
    const answer = /^R&amp;D: \$0\.00 spent/
    expect((await w.type('budget R&D')).text).toMatch(answer)
    await w.slack.mention({ user: lea, channel: finops, text: 'budget R&D' })
    await w.settled()
    expect(w.last().text).toMatch(answer)
    await w.slack.dm({ user: lea, text: 'budget R&D' })
    await w.settled()
    expect(w.last(lea, w.slack.directChannel(lea)).text).toMatch(answer)
  })

  it('a conversation of two people, in which the bot is nobody, shows a card and a receipt to the asker', async () => {
    await createEnvironment(w.as(), { name: 'stage-1' })
    const seen = await w.type('stage-1', { channel: 'D0HUMANS' })
    expect(seen.text).toBe('stage-1 is free.')
    await w.press(seen, 'Other Time')
    await w.slack.submit({ user: lea, values: { length: '60' } })
    await w.settled()
    expect(w.last(lea, w.slack.directChannel(lea)).text).toMatch(/^stage-1 is (yours|booked)/)
    await w.type('stage-1 --share', { channel: 'D0HUMANS' })
    expect(w.last(lea, 'D0HUMANS').text).toMatch(/nothing was posted/)
  })

  it('several that fit are asked back, five at most, each with its button', async () => {
    const seen = await w.type('archive instance')
    expect(labels(seen)).toHaveLength(5)
    expect(words(seen)).toMatch(/5\. /)
    expect(words(seen)).not.toMatch(/6\. /)
  })

  it('a part of a name that fits two accounts chooses neither', async () => {
    for (const name of ['AWS prod', 'AWS test']) await w.account('aws', { name })
    const seen = await w.type('cost for account:aws')
    expect(seen.text).toMatch(/^Several accounts are called like “aws”\./)
    expect((await w.type('coverage for account:aws')).text).toMatch(/^Several accounts are called like “aws”\./)
    await w.press(seen, 'AWS test')
    expect(w.last().text).toMatch(/no cost data yet/)
  })

  it('a limit for a name of two pools asks which of them', async () => {
    for (const name of ['North', 'South']) await w.pool('Twin', { parentId: (await w.pool(name)).id })
    expect((await w.type('limit twin 500')).text).toMatch(/^Several pools are called like “twin”\./)
  })

  it('a manager whose name is a command to Slack orders nothing', async () => {
    await w.person('<!channel>', 'manager')
    const first = await w.type('env', { user: 'U0TOM' })
    await w.press(first, 'Ask to Join', 'U0TOM')
    const asked = w.last('U0TOM')
    expect(asked.text).toContain('let you in')
    expect(asked.text).not.toContain('<!channel>')
  })

  it('an unknown word comes back as commands to press', async () => {
    const seen = await w.type('hlep')
    expect(seen.text).toMatch(/I do not know “hlep”/)
    expect(labels(seen)).toContain('help')
    await w.press(seen, 'help')
    expect(words(w.last())).toMatch(/Type a command/)
  })
})
