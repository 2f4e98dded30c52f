import { beforeAll, expect, it } from 'vitest'
import { noteResults } from '../../engine/accounts/health.ts'
import type { Problem } from '../../engine/accounts/problems.ts'
import { acceptVanished, askAboutVanished } from '../../engine/accounts/vanished.ts'
import { lea, slackWorld, words, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
beforeAll(async () => {
  w = await slackWorld()
})

it('an answer that was not believed needs attention until it is, though the account is well', async () => {
  const account = await w.account('aws', { name: 'Prod', health: 'ok', lastImportAt: w.clock.now() })
  const read = async (problem: Problem | null) => {
    const results = [{ part: 'Volume', region: 'us-east-1', problem }]
    w.clock.advance(1000)
    await noteResults(w.job(), { accountId: account.id, results })
    await askAboutVanished(w.job(), { account, results })
    await w.work()
  }
  const card = () => w.last(lea, w.slack.directChannel(lea))
  await read({ kind: 'doubt', message: '12 of 12 resources of type Volume were missing.' })
  expect(words(card())).toMatch(/Prod needs attention.*12 of 12 resources.*What to do.*confirm it on the account/s)
  expect(words(card())).not.toContain('Nothing to do')
  await acceptVanished(w.as(), { accountId: account.id })
  await read(null)
  expect(words(card())).toMatch(/Prod is connected and up to date.*Nothing to do/s)
})
