/**
 * One cloud from an empty database to the proof: connected, its bill, inventory and load read, judged, reviewed in Slack,
 * cleaned up by the script a person runs, and verified by the next check. Real SDK clients, real bill reader, real bash;
 * behind them the stand-in, and a command line tool that deletes in it.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectAccount } from '../../engine/accounts/connect.ts'
import { hourMs } from '../../engine/time.ts'
import { awsAdapter } from '../../integrations/aws/adapter.ts'
import { billReader } from '../../integrations/bills/read-bill.ts'
import { startAws } from '../../integrations/sandbox/aws.ts'
import { demoAws } from '../../integrations/sandbox/demo-aws.ts'
import { lea, slackWorld, words, type Seen, type SlackWorld } from '../bot/slack-world.ts'

const start = new Date('2026-11-23T10:00:00Z')
let now = () => start
const [hq] = demoAws(start)
const aws = await startAws([hq!.state], { now: () => now() })
let w: SlackWorld
let accountId: string

beforeAll(async () => {
  const clouds = { aws: awsAdapter({ endpoint: aws.url }) }
  w = await slackWorld({ now: start.toISOString(), outside: { clouds, readBill: billReader() } })
  now = w.clock.now
})
afterAll(() => aws.close())

const direct = () => w.slack.conversation(lea, w.slack.directChannel(lea)) as Seen[]
const volumes = () => w.database.sql`select key, saving from findings
  where recommendation = 'volumes_not_attached_for_a_long_time' order by key`

/** Everything the timers would send, then whatever follows from it. */
async function hourLater() {
  w.clock.advance(hourMs)
  await w.deps.boss.send('discover', { orgId: w.org.id, accountId })
  await w.work()
  await w.deps.boss.send('check-recommendations', { orgId: w.org.id })
  await w.work()
  await w.settled()
}

it('from nothing, an account with its bill, inventory and load makes findings', { timeout: 90_000 }, async () => {
  expect((await w.database.sql`select count(*)::int as n from resources`)[0]!['n']).toBe(0)
  const { name, credentials, settings } = hq!
  accountId = (await connectAccount(w.as(), { cloud: 'aws', name, credentials, settings })).id
  await w.work()
  await hourLater()
  const [seen] = await w.database.sql`
    select (select count(*) from expenses)::int as expenses, (select count(*) from usage)::int as usage,
      (select count(*) from resources where active)::int as active, (select count(*) from metric_points)::int as points`
  for (const [what, rows] of Object.entries(seen!)) expect(rows, what).toBeGreaterThan(0)
  expect(await volumes()).not.toHaveLength(0)
})

it('reviewed one by one in Slack, the list becomes a script', async () => {
  const count = (await volumes()).length
  await w.press(await w.type('recs volumes'), 'Review')
  for (let n = 0; n < count; n += 1) {
    await w.slack.click({ user: lea, view: w.slack.view(lea)!, label: 'Do It' })
    await w.settled()
  }
  await w.slack.submit({ user: lea, values: {} })
  await w.settled()
  await w.work()
  await w.settled()
  expect(direct().some(({ text }) => text.startsWith('Clean-up script ready'))).toBe(true)
})

it('the script looks again, deletes what is free and leaves the one that is in use by now', async () => {
  const files = direct()
    .flatMap((one) => (one as { files?: { id: string; name: string }[] }).files ?? [])
    .map(({ id, name }) => ({ name, text: Buffer.from(w.slack.file(id)!.bytes).toString('utf8') }))
  const folder = mkdtempSync(join(tmpdir(), 'story-'))
  for (const { name, text } of files) writeFileSync(join(folder, name), text)
  const [kept, ...free] = (await volumes()).map((row) => row['key'] as string)
  const tool = `#!/usr/bin/env bash
case "$*" in
  *get-caller-identity*) echo ${hq!.state.accountId} ;;
  *describe-volumes*${kept}*) echo in-use ;;
  *describe-volumes*) echo available ;;
  *delete-volume*) echo "$*" | sed 's/.*--volume-id //' >> '${folder}/deleted' ;;
esac
`
  writeFileSync(join(folder, 'aws'), tool)
  chmodSync(join(folder, 'aws'), 0o755)
  const script = files.find(({ name }) => name.endsWith('.sh'))!.name
  const list = files.find(({ name }) => name.endsWith('.json'))!.name
  const env = { PATH: `${folder}:${process.env['PATH']}`, HOME: folder }
  const ran = spawnSync('bash', [script, '--yes', list], { cwd: folder, env, encoding: 'utf8' })
  expect(ran.stdout + ran.stderr).toContain(`Done: ${free.length}\n`)
  expect(ran.stdout).toContain('it is in-use')
  expect(existsSync(join(folder, 'deleted'))).toBe(true)
  const deleted = readFileSync(join(folder, 'deleted'), 'utf8').trim().split('\n')
  expect(deleted.toSorted()).toEqual(free.toSorted())
  for (const region of Object.values(hq!.state.regions))
    region.volumes = region.volumes.filter(({ id }) => !deleted.includes(id))
})

it('the next check proves it: what is gone is archived as applied, what stayed is named', async () => {
  const before = (await volumes()).length
  await hourLater()
  const left = await volumes()
  expect(left).toHaveLength(1)
  const archived = await w.database.sql`select key, reason from archived_findings
    where recommendation = 'volumes_not_attached_for_a_long_time'`
  expect(archived).toHaveLength(before - 1)
  expect(archived.every((row) => row['reason'] === 'recommendation_applied')).toBe(true)
  const proof = direct().map((message) => `${message.text} ${words(message)}`)
  expect(proof.join('\n')).toContain(`${before - 1} of ${before} gone`)
})
