/** From nothing to the first answer as a manager does it: sign in from Slack, connect, upload, ask; then a bill that cannot be true. */
import { readFileSync } from 'node:fs'
import { beforeAll, expect, it } from 'vitest'
import { listAccounts } from '../../db/queries/cloud-accounts.ts'
import { billReader } from '../../integrations/bills/read-bill.ts'
import { lea, slackWorld, words, type SlackWorld } from '../bot/slack-world.ts'
import { figures, focusSample } from '../engine/ingest/ingest-world.ts'
import { stranger, type Visitor } from '../web/visitor.ts'

let w: SlackWorld
let browser: Visitor
let seen = 0
/** What Lea got directly since the last look. */
const told = () => {
  const all = w.slack.conversation(lea, w.slack.directChannel(lea))
  const fresh = all.slice(seen).map((message) => `${message.text}\n${words(message as never)}`)
  seen = all.length
  return fresh.join('\n')
}
const account = async () => (await listAccounts(w.deps.db, { orgId: w.org.id }))[0]!
const cost = async () => (await w.type('cost by service 2024-09-01..2024-09-30')).text

beforeAll(async () => {
  w = await slackWorld({ now: '2024-10-02T10:00:00Z', outside: { readBill: billReader() } })
  browser = stranger(w.deps)
})

it('the button of the link command signs in, once', async () => {
  const { blocks } = await w.type('link')
  const url = new URL(/"(https:[^"]*sign-in[^"]*)"/.exec(JSON.stringify(blocks))![1]!)
  expect((await browser.get(url.pathname)).text).toContain('Lea')
  expect((await browser.post(url.pathname, {}, { csrf: '' })).status).toBe(303)
  expect((await browser.post(url.pathname, {}, { csrf: '' })).status).not.toBe(303)
})

it('an account and a bill later the chat knows what it cost, to the cent of the bill', async () => {
  await browser.submit('/accounts', { cloud: 'focus', name: 'Partner bills' })
  const { id } = await account()
  await browser.upload(`/accounts/${id}/bills`, { 'september.csv': readFileSync(focusSample, 'utf8') })
  await w.work()
  await w.settled()
  expect(told()).toMatch(/september\.csv/)
  const [sum] = await w.database.sql`select to_char(sum(effective), 'FM999,990.00') as total from spend_days
    where day between '2024-09-01' and '2024-09-30'`
  expect(await cost()).toContain(`$${sum!.total}`)
})

it('a bill that is none is reported to who sent it, with the file and the reason, and no figure moves', async () => {
  const before = [await figures(w, await account()), await cost()]
  const { id } = await account()
  await browser.upload(`/accounts/${id}/bills`, { 'october.csv': 'BilledCost,EffectiveCost\n1,1\n' })
  await w.work()
  await w.settled()
  expect(told()).toMatch(/october\.csv[\s\S]*not/)
  expect([await figures(w, await account()), await cost()]).toEqual(before)
})
