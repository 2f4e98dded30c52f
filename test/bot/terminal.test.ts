import { beforeAll, expect, it, vi } from 'vitest'
import { answerInTerminal } from '../../bot/terminal.ts'
import { slackWorld, type SlackWorld } from './slack-world.ts'

let w: SlackWorld

beforeAll(async () => {
  w = await slackWorld()
  const account = await w.account('aws', { name: 'AWS prod' })
  const machine = await w.resource(account, { name: 'web-1' })
  const day = (back: number) => new Date(w.deps.now().getTime() - back * 86_400_000).toISOString().slice(0, 10)
  await w.spend(machine, { [day(1)]: 10, [day(40)]: 32 })
})

const type = (line: string) => answerInTerminal(w.deps, { orgId: w.org.id, personId: w.lea.id, line })

it('answers with a chart in Slack, and without it at the terminal: nobody is asked outside', async () => {
  const asked = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('the terminal asks nobody'))
  try {
    expect(await type('cost by account 60d')).toContain('AWS prod')
    expect(asked).not.toHaveBeenCalled()
  } finally {
    asked.mockRestore()
  }
}, 20_000)

it('says where files are handed over', async () => {
  expect(await type('coverage 30d --csv')).toBe('I hand over files in Slack and in the web view, not at the terminal.')
}, 20_000)
