/** Fault R22: a bill that needs more memory than its reader may use. The bot, in the same process, goes on. */
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, it } from 'vitest'
import { billReader } from '../../integrations/bills/read-bill.ts'
import { csvChunks } from '../bench/bills.ts'
import { figures, fileOf, importFiles } from '../engine/ingest/ingest-world.ts'
import { finops, lea, slackWorld, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
let memoryMb = 250
beforeAll(async () => {
  w = await slackWorld({ outside: { readBill: (request) => billReader({ memoryMb })(request) } })
})

/** Nearly every line is another resource, which is what costs memory. */
const bill = (lines: number, seed: number) =>
  fileOf('cur.csv', [...csvChunks({ lines, resources: lines, seed })].join(''))

it('is refused with what to do, earlier figures stand, commands are answered meanwhile, and with more it is read', async () => {
  const account = await w.account('aws', { cloudAccountId: '1' })
  expect(await importFiles(w, account, [await bill(2000, 1)])).toMatchObject({ state: 'completed' })
  const before = await figures(w, account)
  const path = await bill(20_000, 2)

  memoryMb = 30
  let over = false
  const importing = importFiles(w, account, [path]).finally(() => (over = true))
  const waits: number[] = []
  while (!over) {
    const asked = performance.now()
    const answers = w.slack.ephemerals(lea, finops).length
    expect(await w.slack.command({ user: lea, channel: finops, text: 'help' })).toMatchObject({ acked: true })
    await w.slack.until(() => w.slack.ephemerals(lea, finops).length > answers, 20_000)
    waits.push(performance.now() - asked)
    // More than one a second is too fast for a person.
    await sleep(1000)
  }
  const refused = await importing
  expect(refused).toMatchObject({ state: 'failed', billed: null })
  expect(refused.reason).toMatch(
    /^cur\.csv needs more memory than the reader may use\. Send it .* or raise BILL_MEMORY_MB\.$/,
  )
  expect(await figures(w, account)).toEqual(before)
  expect(waits.length).toBeGreaterThan(0)

  memoryMb = 250
  expect(await importFiles(w, account, [path])).toMatchObject({ state: 'completed', lines: 20_000 })
}, 300_000)
