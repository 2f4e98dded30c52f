import { createHash } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { archivedFindings, findings } from '../../db/schema/recommendations.ts'
import type { Resource } from '../../db/schema/resources.ts'
import { listFindings } from '../../db/queries/recommendations.ts'
import { checkRecommendations } from '../../engine/recommendations/check.ts'
import { dismissFinding, getFinding, reopenFinding } from '../../engine/recommendations/dismiss.ts'
import { snoozeFinding } from '../../engine/recommendations/snooze.ts'
import { finops, labels, lea, max, priya, slackWorld, tom, words, type Seen, type SlackWorld } from './slack-world.ts'

const volumes = 'volumes_not_attached_for_a_long_time'
let w: SlackWorld
let account: Account
let clicks = 0

beforeAll(async () => {
  w = await slackWorld()
  await w.colleague(tom, 'Tom', 'manager')
})
beforeEach(async () => {
  await w.database.sql`truncate findings, dismissals, check_results, check_schedules, resources, accounts cascade`
  account = await w.account('aws', { name: 'AWS prod' })
  clicks = 0
})

async function finding(saving: string, more: Partial<Resource> = {}, recommendation = volumes) {
  const resource = await w.resource(account, { type: 'Volume', ...more })
  const evidence = { cost_in_detached_state: '41.7049', last_seen_in_attached_state: 1_795_000_000 }
  const row = {
    ...{
      orgId: w.org.id,
      recommendation,
      accountId: account.id,
      resourceId: resource.id,
      key: resource.cloudResourceId,
    },
    ...{ saving, evidence, detectedAt: w.clock.now(), checkedAt: w.clock.now() },
  }
  const [made] = await w.database.db.insert(findings).values(row).returning()
  return { ...made!, resource }
}

const statuses = async () => {
  const rows = await listFindings(w.database.db, { orgId: w.org.id, now: w.clock.now() })
  return Object.fromEntries(rows.map((row) => [row.resourceName, row.status]))
}

/** One click on a message, counted. */
async function press(message: Seen, label: string, user = lea) {
  clicks += 1
  await w.press(message, label, user)
}

/** One choice in the menu of the only finding of a list. */
async function choose(message: Seen, value: string, user = lea) {
  await w.slack.click({ user, message, actionId: 'more:snooze', value })
  await w.settled()
}

/** One click on a button of the open dialog, counted. */
async function pressInside(label: string, user = lea) {
  clicks += 1
  await w.slack.click({ user, view: dialog(user), label })
  await w.settled()
}

async function submit(values = {}, user = lea) {
  clicks += 1
  const answer = await w.slack.submit({ user, values })
  await w.settled()
  return answer
}

const dialog = (user = lea) => {
  const view = w.slack.view(user)
  if (!view) throw new Error('No dialog is open.')
  return view
}
const direct = (user = lea) => w.slack.conversation(user, w.slack.directChannel(user)) as Seen[]

/** The newest direct message with words of its own, and the texts of the files in its thread. */
function delivered() {
  const message = direct().findLast(({ text }) => text !== '')!
  const inThread = direct().filter((one) => (one as { thread_ts?: string }).thread_ts === message.ts)
  const files = inThread.flatMap((one) => (one as { files?: { id: string; name: string }[] }).files ?? [])
  const text = (id: string) => Buffer.from(w.slack.file(id)!.bytes).toString('utf8')
  return { message, files: Object.fromEntries(files.map(({ id, name }) => [name, text(id)])) }
}

describe('recs', () => {
  it('says what can be saved, by kind, with a way into the review of each', async () => {
    await finding('51.2', { name: 'data-1' })
    await finding('361.4', { name: 'web' }, 'abandoned_instances')
    const seen = await w.type('recs')
    expect(seen.text).toBe('You can save $413/mo: 2 recommendations, most in Abandoned instances.')
    expect(seen.to).toBe(lea)
    expect(words(seen)).toMatch(/\*Abandoned instances\* · 1 · \*\$361\/mo\*\nTerminate the instance\./)
    expect(labels(seen)).toEqual(expect.arrayContaining(['Review', 'Review', 'Review All', 'Check Again Now']))
    expect(words(seen)).toContain('Not checked yet')
  })

  it('narrows by kind, pool and least saving, and hands that on to the review', async () => {
    const pool = await w.pool('payments')
    await finding('60', { name: 'big', poolId: pool.id })
    await finding('40', { name: 'small', poolId: pool.id })
    await finding('90', { name: 'elsewhere' })
    const seen = await w.type('recs volumes for payments over $50')
    expect(seen.text).toBe(
      'You can save $60/mo for payments above $50: 1 recommendation, most in Not attached volumes.',
    )
    expect(words(seen)).toContain('*big* · $60/mo')
    expect(words(seen)).not.toContain('elsewhere')
    await press(seen, 'Review')
    expect(words(dialog())).toContain('1 of 1, $60/mo left')
    await w.slack.closeView({ user: lea })
  })

  it('narrows by account and by owner, and says what it cannot narrow by', async () => {
    await finding('60', { name: 'mine', ownerId: w.lea.id })
    await finding('40', { name: 'other' })
    expect((await w.type(`recs for <@${lea}>`)).text).toMatch(/^You can save \$60\/mo for Lea: 1 recommendation/)
    expect((await w.type('recs for account:"AWS prod"')).text).toMatch(/^You can save \$100\/mo for AWS prod: 2/)
    expect((await w.type('recs for region:eu-west-1')).text).toMatch(/narrowed by pool, owner or account/)
  })

  it('asks back when a kind is unclear, and answers at a click', async () => {
    const seen = await w.type('recs instances')
    expect(seen.text).toMatch(/Which of these is “instances”\?/)
    expect(words(seen)).toContain('Abandoned instances')
    await press(seen, 'Abandoned instances')
    expect(w.last().text).toBe('No recommendations.')
  })

  it('says so when there is nothing, and when a check was not complete', async () => {
    await w.resource(account)
    await checkRecommendations(w.job())
    const seen = await w.type('recs')
    expect(seen.text).toBe('No recommendations.')
    expect(words(seen)).toMatch(
      /AWS prod: No bill was imported yet, so nothing has a cost\. Upload one on the account page/,
    )
    expect(words(seen)).toMatch(
      /AWS prod: It is known from its bill only: nothing else can be read of this cloud yet.* Missing: .*addresses.*\. _.+and \d+ more_/,
    )
  })

  it('snoozes and dismisses from the list with an undo', async () => {
    await finding('60', { name: 'big' })
    const seen = await w.type('recs volumes')
    await choose(seen, 'Dismiss')
    expect(await statuses()).toEqual({ big: 'dismissed' })
    const receipt = w.last()
    expect(words(receipt)).toContain('Dismissed until somebody reopens it: Not attached volumes: big.')
    await press(receipt, 'Undo')
    expect(await statuses()).toEqual({ big: 'active' })
    await choose(await w.type('recs volumes'), 'Snooze 7 Days')
    expect(await statuses()).toEqual({ big: 'snoozed' })
  })

  it('puts it off again until when it was put off before', async () => {
    const { id: findingId } = await finding('60', { name: 'big' })
    const { snoozedUntil } = await snoozeFinding(w.as(), { findingId, days: 30 })
    const now = () => getFinding(w.as(), findingId)
    for (const label of ['Snooze 7 Days', 'Dismiss']) {
      await reopenFinding(w.as(), { findingId })
      const seen = await w.type('recs volumes', { user: tom })
      await snoozeFinding(w.as(), { findingId, days: 30 })
      await choose(seen, label, tom)
      expect((await now()).snoozedUntil).not.toEqual(snoozedUntil)
      await press(w.last(tom), 'Undo', tom)
      expect(words(w.last(tom))).toMatch(/^Put off until <!date.*, as before: Not attached volumes: big\.$/)
      expect(await now()).toMatchObject({ status: 'snoozed', snoozedUntil })
    }
  })

  it('leaves what a colleague decided after it', async () => {
    const { id: findingId } = await finding('60', { name: 'big' })
    for (const label of ['Snooze 7 Days', 'Dismiss']) {
      await choose(await w.type('recs volumes', { user: tom }), label, tom)
      const decided = w.last(tom)
      await reopenFinding(w.as(), { findingId })
      await dismissFinding(w.as(), { findingId, reason: 'Needed in December' })
      await press(decided, 'Undo', tom)
      expect(w.last(tom).text).toMatch(/^This was changed again since/)
      expect(await statuses()).toEqual({ big: 'dismissed' })
      await reopenFinding(w.as(), { findingId })
    }
  })
})

describe('the review', () => {
  it('decides on ten recommendations in one dialog and twelve clicks, and ends with the script', async () => {
    for (let n = 1; n <= 10; n += 1) await finding(String(n * 10), { name: `data-${n}`, cloudResourceId: `vol-${n}` })
    const seen = await w.type('recs')
    await press(seen, 'Review')
    expect(words(dialog())).toContain('1 of 10, $550/mo left')
    for (let n = 10; n >= 1; n -= 1) {
      expect(words(dialog())).toContain(`|data-${n}>`)
      await pressInside(n > 4 ? 'Do It' : n > 2 ? 'Snooze 7 Days' : 'Dismiss')
    }
    expect(words(dialog())).toContain('10 decisions made, 6 to clean up.')
    expect(w.slack.views(lea)).toHaveLength(1)
    await submit()
    expect(clicks).toBeLessThanOrEqual(12)
    expect(w.slack.views(lea)).toHaveLength(0)
    const { message, files } = delivered()
    expect(message.text).toBe('Clean-up script ready: 6 resources, saves $450/mo. Script and list attached.')
    expect(words(message)).toMatch(/bash cleanup_volumes\S+\.sh volumes\S+\.json/)
    const list = files[`${volumes}-2026-11-23.json`]!
    const ids = (JSON.parse(list) as { cloud_resource_id: string }[]).map((item) => item.cloud_resource_id)
    expect(ids).toEqual(['vol-10', 'vol-9', 'vol-8', 'vol-7', 'vol-6', 'vol-5'])
    const sum = createHash('sha256').update(list).digest('hex')
    expect(words(message)).toContain(`sha256 ${sum.slice(0, 4)}…${sum.slice(-2)}`)
    expect(files[`cleanup_${volumes}.sh`]).toMatch(/^#!\/usr\/bin\/env bash\n/)
    expect(await statuses()).toMatchObject({ 'data-10': 'active', 'data-4': 'snoozed', 'data-2': 'dismissed' })
  })

  it('counts a resource once in its totals, with the best of what it could save', async () => {
    const idle = await finding('80', { name: 'idle' }, 'abandoned_instances')
    const { id: _, resource: __, ...row } = idle
    const smaller = { ...row, recommendation: 'instances_for_shutdown', saving: '50' }
    await w.database.db.insert(findings).values(smaller)
    await finding('30', { name: 'free' })
    await press(await w.type('recs'), 'Review All')
    expect(words(dialog())).toContain('1 of 3, $110/mo left')
    for (let n = 0; n < 3; n += 1) await pressInside('Do It')
    await submit()
    expect(delivered().message.text).toBe(
      'Clean-up script ready: 3 resources, saves $110/mo. Script and list attached.',
    )
  })

  it('shows what is known about the finding', async () => {
    await finding('12.4', { name: 'data-2' })
    await press(await w.type('recs'), 'Review')
    expect(words(dialog())).toMatch(
      /\*Not attached volumes:\* <https:\/\/finops\.example\.com\/resources\/[\w-]+\|data-2>/,
    )
    expect(words(dialog())).toContain(
      'Saves *$12.40/mo*. Delete the volume, after a snapshot if its data may be needed.',
    )
    expect(words(dialog())).toContain('*Cost while not attached*\n$41.70')
    expect(words(dialog())).toMatch(/\*Last attached\*\n<!date\^1795000000/)
    expect(words(dialog())).toContain('AWS prod · eu-west-1')
    await w.slack.closeView({ user: lea })
  })

  it('goes back over every kind of decision', async () => {
    await finding('30', { name: 'a' })
    await finding('20', { name: 'b' })
    await press(await w.type('recs'), 'Review')
    await pressInside('Dismiss')
    await pressInside('Back')
    expect(await statuses()).toEqual({ a: 'active', b: 'active' })
    expect(words(dialog())).toContain('1 of 2, $50/mo left')
    await pressInside('Do It')
    expect(words(dialog())).toContain('2 of 2, $20/mo left')
    await pressInside('Back')
    expect(words(dialog())).toContain('1 of 2, $50/mo left')
    await w.slack.closeView({ user: lea })
  })

  it('does not go back over what a colleague decided since', async () => {
    const { id: findingId } = await finding('30', { name: 'a' })
    await press(await w.type('recs', { user: tom }), 'Review', tom)
    await pressInside('Dismiss', tom)
    await dismissFinding(w.as(), { findingId, reason: 'Needed in December' })
    await pressInside('Back', tom)
    expect(words(dialog(tom))).toMatch(/This was changed again since/)
    expect(await statuses()).toEqual({ a: 'dismissed' })
    await w.slack.closeView({ user: tom })
  })

  it('keeps the reason of a dismissal', async () => {
    const { id } = await finding('30', { name: 'a' })
    await press(await w.type('recs'), 'Review')
    await w.slack.click({ user: lea, view: dialog(), actionId: 'reason', value: 'Needed in December' })
    await pressInside('Dismiss')
    const rows = await listFindings(w.database.db, { orgId: w.org.id, now: w.clock.now(), ids: [id] })
    expect(rows[0]).toMatchObject({ status: 'dismissed', dismissReason: 'Needed in December' })
    expect(words(dialog())).toContain('1 decision made, 0 to clean up.')
    await w.slack.closeView({ user: lea })
  })

  it('says in the dialog who may decide when the person may not, and nothing changes', async () => {
    await finding('30', { name: 'a' })
    await press(await w.type('recs', { user: priya }), 'Review', priya)
    await pressInside('Dismiss', priya)
    expect(words(dialog(priya))).toMatch(
      /You cannot dismiss this recommendation\. Nothing was changed\.\nAsk Lea or Tom\./,
    )
    expect(words(dialog(priya))).toContain('1 of 1, $30/mo left')
    expect(await statuses()).toEqual({ a: 'active' })
    await w.slack.closeView({ user: priya })
  })

  it('tells by hand what no script does', async () => {
    await finding('80', { name: 'idle' }, 'abandoned_instances')
    await press(await w.type('recs'), 'Review')
    await pressInside('Do It')
    await submit()
    const { message } = delivered()
    expect(message.text).toBe('To do by hand: 1 resource, saves $80/mo.')
    expect(words(message)).toContain('Terminate the instance.')
  })

  it('of two equal clicks one counts', async () => {
    await finding('30', { name: 'a' })
    await finding('20', { name: 'b' })
    await press(await w.type('recs'), 'Review')
    const view = dialog()
    await Promise.all([
      w.slack.click({ user: lea, view, label: 'Do It' }),
      w.slack.click({ user: lea, view, label: 'Do It' }),
    ])
    await w.settled()
    expect(words(dialog())).toContain('2 of 2, $20/mo left')
    await w.slack.closeView({ user: lea })
  })
})

describe('scripts and checks', () => {
  it('the script of a kind comes as files that a person runs', async () => {
    await finding('30', { name: 'a', cloudResourceId: 'vol-a' })
    await press(await w.type('recs'), 'Get Script')
    const { message, files } = delivered()
    expect(message.text).toBe('Clean-up script ready: 1 resource, saves $30/mo. Script and list attached.')
    expect(Object.keys(files).toSorted()).toEqual([`cleanup_${volumes}.sh`, `${volumes}-2026-11-23.json`])
  })

  it('an engineer does not get the script for what is not theirs', async () => {
    await finding('30', { name: 'a' })
    await press(await w.type('recs', { user: priya }), 'Get Script', priya)
    expect(words(w.last(priya))).toMatch(/You cannot get clean-up scripts\. Nothing was changed\./)
  })

  it('checks again at a click', async () => {
    const seen = await w.type('recs')
    await press(seen, 'Check Again Now')
    expect(words(w.last())).toContain('The check starts now')
    expect(await w.work()).toContain('check-recommendations')
  })

  it('what is newly unsafe reaches the organization manager once', async () => {
    await w.resource(account, { type: 'Bucket', name: 'lake-raw', facts: { isPublicPolicy: true } })
    const told = () =>
      direct()
        .filter(({ text }) => text.includes('security finding'))
        .map(({ text }) => text)
    const before = told().length
    await checkRecommendations(w.job())
    await w.work()
    await w.settled()
    expect(told().slice(before)).toEqual(['1 new security finding: Public S3 buckets.'])
    w.clock.advance(4 * 3_600_000)
    await checkRecommendations(w.job())
    await w.work()
    await w.settled()
    expect(told().slice(before)).toHaveLength(1)
    w.clock.set(new Date('2026-11-23T10:00:00Z'))
  })

  it('new savings reach the organization manager directly', async () => {
    const resource = await w.resource(account, { type: 'Volume', name: 'data-9', attached: false })
    await w.spend(resource, { '2026-11-20': 10, '2026-11-21': 10, '2026-11-22': 10 })
    await checkRecommendations(w.job())
    await w.work()
    await w.settled()
    const { message } = delivered()
    expect(message.text).toBe('You can save $300/mo. Review 1 recommendation, the biggest in Not attached volumes.')
    await press(message, 'Review')
    expect(words(dialog())).toContain('|data-9>')
    await pressInside('Dismiss')
    await w.slack.closeView({ user: lea })
    await w.work()
    await w.settled()
    expect(direct().at(-1)).toMatchObject({ ts: message.ts, text: 'Nothing is left to save.' })
    expect(w.slack.conversation(max, finops)).not.toContainEqual(expect.objectContaining({ text: message.text }))
  })
})

describe('archive', () => {
  it('counts what ended by reason with its saving, and stands under the list', async () => {
    await finding('10')
    const base = {
      orgId: w.org.id,
      accountId: account.id,
      recommendation: volumes,
      evidence: {},
      detectedAt: w.clock.now(),
    }
    const at = (day: string) => new Date(`${day}T12:00:00Z`)
    await w.database.db.insert(archivedFindings).values([
      { ...base, key: 'a', saving: '4.5', reason: 'recommendation_applied', archivedAt: at('2026-11-23') },
      { ...base, key: 'b', saving: '7.5', reason: 'recommendation_applied', archivedAt: at('2026-11-01') },
      { ...base, key: 'c', saving: '1', reason: 'resource_deleted', archivedAt: at('2026-11-02') },
      { ...base, key: 'd', saving: '99', reason: 'resource_deleted', archivedAt: at('2026-01-02') },
    ])
    const said = await w.type('archive', { user: priya })
    expect(said.text).toBe('3 recommendations ended in the last 30 days: 2 done, 1 gone.')
    expect(words(said)).toContain('*3 recommendations* ended in the last 30 days ($13/mo): 2 done, 1 gone.')
    expect(words(said)).toContain('/savings/archive?from=2026-10-25&to=2026-11-23')
    expect((await w.type('recs archive 7d', { user: priya })).text).toBe(
      '1 recommendation ended in the last 7 days: 1 done.',
    )
    expect((await w.type('recs archive volumes', { user: priya })).text).toMatch(
      /^3 recommendations ended of Not attached volumes in the last 30/i,
    )
    expect((await w.type('archive nonsense', { user: priya })).text).toMatch(/There is no recommendation “nonsense”/)
    expect(words(await w.type('recs volumes', { user: priya }))).toContain(
      '3 ended in the last 30 days: 2 done, 1 gone',
    )
  })
})
