import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { orgContext } from '../../bot/context.ts'
import { answerInTerminal } from '../../bot/terminal.ts'
import { followDuplicates } from '../../bot/terminal-duplicates.ts'
import { findLatestCheck } from '../../engine/duplicates/matrix.ts'
import checkDuplicates from '../../engine/jobs/check-duplicates.ts'
import { sealCredentials } from '../../engine/accounts/credentials.ts'
import { awsAdapter } from '../../integrations/aws/adapter.ts'
import { startAws, type AwsSandbox } from '../../integrations/sandbox/aws.ts'
import { emptyAws } from '../../integrations/sandbox/aws-state.ts'
import { key } from '../engine/cloud-world.ts'
import { objectsOf } from '../engine/duplicates/buckets-world.ts'
import { labels, lea, priya, slackWorld, words, type Seen, type SlackWorld } from './slack-world.ts'

let aws: AwsSandbox
let w: SlackWorld
const ids: Record<string, string> = {}

beforeAll(async () => {
  const items = objectsOf([
    ['a', 'x', 3e9],
    ['b', 'x', 3e9],
  ])
  aws = await startAws(emptyAws({ buckets: { reports: items, backups: items } }))
  w = await slackWorld({
    outside: { clouds: { aws: awsAdapter({ endpoint: aws.url, attempts: 2, timeoutMs: 2000 }) } },
  })
  const account = await w.account('aws', { name: 'AWS prod' })
  await w.database
    .sql`update accounts set credentials = ${sealCredentials(w.deps, account, key)} where id = ${account.id}`
  for (const name of ['reports', 'backups'])
    ids[name] = (await w.resource(account, { cloudResourceId: name, name, type: 'Bucket', region: 'us-east-1' })).id
})
beforeEach(() => w.clock.advance(1000))
afterAll(() => aws.close())

const direct = () => w.slack.messages(w.slack.directChannel(lea)) as Seen[]
/** The card that follows a check, by its buttons; later by its time stamp. */
const following = () => direct().findLast((message) => labels(message).includes('Stop'))!

describe('looking for duplicates in Slack', () => {
  it('opens a dialog with the buckets, starts, and keeps one card up to date until the result', async () => {
    await w.slack.command({ user: lea, channel: 'C0FINOPS', text: 'duplicates new', command: '/finops' })
    await w.settled()
    const view = w.slack.view(lea)!
    expect(JSON.stringify(view)).toContain('multi_static_select')
    expect(JSON.stringify(view)).toContain('reports')
    const field = (name: string) =>
      (view.blocks as { block_id: string; element?: { action_id: string } }[]).find(
        (block) => block.element?.action_id === name,
      )!.element!.action_id
    await w.slack.submit({ user: lea, values: { [field('bucketIds')]: Object.values(ids), [field('minSize')]: '1' } })
    await w.settled()
    expect(w.last().text).toContain('Looking for duplicates in 2 buckets.')
    await w.runJobs(w.bot.handlers)
    const { ts, text } = following()
    expect(text).toContain('0 of 2 buckets')
    await w.work()
    const card = () => direct().find((message) => message.ts === ts)!
    expect(card().text).toContain('4 equal objects in 2 buckets: 9.0 GB to spare')
    expect(labels(card())).toEqual(['Open Matrix', 'Download', 'Find Again'])
    expect(words(card())).toContain('No bill names the cost of these buckets')
    expect(words(card())).toContain('checksum (ETag)')
  })

  it('shows the latest check, takes names, and suggests what was meant', async () => {
    expect((await w.type('duplicates')).text).toContain('9.0 GB to spare')
    expect((await w.type('duplicates report')).text).toContain('reports')
    w.clock.advance(1000)
    const started = await w.type('duplicates reports backups over 5000MB')
    expect(started.text).toContain('Looking for duplicates in 2 buckets.')
    await w.work()
    expect((await w.type('duplicates')).text).toContain('No duplicates among 4 objects')
  })

  it('refuses an engineer, and lets a manager stop it', async () => {
    expect((await w.type('duplicates reports', { user: priya })).text).toContain(
      'You cannot look for duplicate objects',
    )
    await w.type('duplicates reports')
    await w.runJobs(w.bot.handlers)
    await w.press(following(), 'Stop')
    await w.work()
    expect((await findLatestCheck(w.as()))!.reason).toBe('It was stopped.')
    expect(following()).toBeUndefined()
  })

  it('is followed at the terminal', async () => {
    const ctx = await orgContext(w.deps, w.org.id, { personId: w.lea.id, door: 'terminal' })
    await answerInTerminal(ctx, { orgId: w.org.id, personId: w.lea.id, line: 'duplicates reports' })
    const { id } = (await findLatestCheck(ctx))!
    const said: string[] = []
    const end = followDuplicates(ctx, { checkId: id, say: (line) => void said.push(line), everyMs: 20 })
    await new Promise((resolve) => setTimeout(resolve, 100))
    await w.runJobs([checkDuplicates])
    expect(await end).toContain('2 objects in 1 group of equals')
    expect(said[0]).toBe('Looking for duplicates: 0 of 1 bucket, no objects so far.')
  })
})
