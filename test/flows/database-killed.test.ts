/** The embedded PostgreSQL is killed under the running product: it comes back by itself on its port, and the product goes on. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort, newFolder, postgresOf, startProduct, type Child } from './child.ts'

let folder: string
let child: Child
const channel = 'C0FINOPS'

beforeAll(async () => {
  folder = await newFolder()
  child = startProduct(await freePort(), { DATA_DIR: folder, LOG_LEVEL: 'silent' })
  await child.until(/^Ready/m)
}, 300_000)
afterAll(() => child.kill('SIGTERM'))

async function answers(): Promise<string[]> {
  const answer = await child.get(`/chat/data/conversation?channel=${channel}&as=U0LEA`)
  return ((await answer.json()) as { messages: { text: string }[] }).messages.map(({ text }) => text)
}

it('is ready again within 15 seconds and keeps what was booked before', { timeout: 120_000 }, async () => {
  await child.act('command', { channel, line: '/env book qa-stand 2h before' })
  await expect.poll(answers, { timeout: 20_000 }).toContainEqual(expect.stringMatching(/qa-stand.* is yours/))
  const killed = postgresOf(folder)!
  process.kill(killed, 'SIGKILL')
  await expect.poll(() => postgresOf(folder) ?? killed, { timeout: 15_000 }).not.toBe(killed)
  await expect.poll(async () => (await child.get('/ready')).status, { timeout: 15_000 }).toBe(200)
  await child.act('command', { channel, line: '/env book stage-2 2h after' })
  await expect.poll(answers, { timeout: 20_000 }).toContainEqual(expect.stringMatching(/stage-2.* is yours/))
  await child.act('command', { channel, line: '/env qa-stand' })
  await expect.poll(answers, { timeout: 20_000 }).toContainEqual(expect.stringMatching(/qa-stand is held by/))
})

it('keeps bills where only its own user can read them', async () => {
  for (const name of ['spool', 'sandbox']) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o700)
})

it('stays stopped when the product stops', { timeout: 60_000 }, async () => {
  await child.kill('SIGTERM')
  expect(postgresOf(folder)).toBeNull()
})
