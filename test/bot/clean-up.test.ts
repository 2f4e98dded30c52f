/** A clean-up from the first choice to the proof: chosen, approved by somebody else, handed over, verified by the next check. */
import { createHash } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findChoosing } from '../../db/queries/clean-ups.ts'
import { cleanUps } from '../../db/schema/clean-ups.ts'
import { discoveries, type Account } from '../../db/schema/cloud-accounts.ts'
import { resources } from '../../db/schema/resources.ts'
import type { Pool } from '../../db/schema/pools.ts'
import { judgeView } from '../../bot/lint.ts'
import { approveCleanUp, expireCleanUps } from '../../engine/clean-ups/decide.ts'
import { setCleanUpPolicy } from '../../engine/clean-ups/policy.ts'
import { lookAgain, verifyCleanUps } from '../../engine/clean-ups/verify.ts'
import { downloadCleanUp } from '../../engine/clean-ups/request.ts'
import { checkRecommendations } from '../../engine/recommendations/check.ts'
import { addDays, dayMs, dayOf, hourMs } from '../../engine/time.ts'
import { labels, lea, max, priya, slackWorld, tom, words, type Seen, type SlackWorld } from './slack-world.ts'

let w: SlackWorld
let account: Account
let pool: Pool
const start = new Date('2026-11-23T10:00:00Z')

beforeAll(async () => {
  w = await slackWorld()
  pool = await w.pool('payments')
  // Max works in payments and manages it; Tom manages it too.
  await w.colleague(max, 'Max', 'manager', pool.id)
  await w.colleague(tom, 'Tom', 'manager', pool.id)
})
beforeEach(async () => {
  w.clock.set(start)
  await w.database
    .sql`truncate clean_ups, findings, archived_findings, dismissals, check_results, check_schedules, notifications, options, expenses, discoveries, resources, accounts cascade`
  await w.database.sql`delete from pgboss.job`
  account = await w.account('aws', { name: 'AWS prod', lastImportAt: start })
})

/** Volumes nobody uses at `cost` a day, found by a real check. */
async function volumes(count: number, cost: number) {
  for (let n = 1; n <= count; n += 1) {
    const made = await w.resource(account, {
      ...{ type: 'Volume', name: `data-${n}`, cloudResourceId: `vol-${n}`, poolId: pool.id, attached: false },
      lastAttachedAt: new Date(start.getTime() - 5 * dayMs),
    })
    await w.spend(made, Object.fromEntries([1, 2, 3].map((ago) => [addDays(dayOf(start), -ago), cost])))
  }
  await look()
}

/** Discovery looked at volumes now, then a check ran. */
async function look() {
  const row = { orgId: w.org.id, accountId: account.id, resourceType: 'Volume', region: 'eu-west-1' }
  await w.database.db
    .insert(discoveries)
    .values({ ...row, lastDiscoveryAt: w.clock.now() })
    .onConflictDoUpdate({
      target: [discoveries.accountId, discoveries.resourceType, discoveries.region],
      set: { lastDiscoveryAt: w.clock.now() },
    })
  await checkRecommendations(w.job('check-recommendations'))
}

const direct = (user: string) => w.slack.conversation(user, w.slack.directChannel(user)) as Seen[]
const newest = (user: string) => direct(user).findLast(({ text }) => text !== '')!
const files = (user: string) =>
  direct(user)
    .flatMap((one) => (one as { files?: { id: string; name: string }[] }).files ?? [])
    .map(({ id, name }) => ({ name, text: Buffer.from(w.slack.file(id)!.bytes).toString('utf8') }))
const stored = async () => (await w.database.db.select().from(cleanUps))[0]!
const deliver = async () => {
  await w.work()
  await w.settled()
}

/** Chooses the first `count` of the review, then asks for the scripts. */
async function choose(user: string, count: number) {
  await w.press(await w.type('recs volumes', { user }), 'Review', user)
  for (let n = 0; n < count; n += 1) {
    await w.slack.click({ user, view: w.slack.view(user)!, label: 'Do It' })
    await w.settled()
  }
  await w.slack.submit({ user, values: {} })
  await w.settled()
  await deliver()
}
const set = (cloudResourceId: string, to: Partial<typeof resources.$inferInsert>) =>
  w.database.db.update(resources).set(to).where(eq(resources.cloudResourceId, cloudResourceId))

describe('choosing', () => {
  it('is kept when the dialog is closed, goes on later, and can be emptied', async () => {
    await volumes(3, 1)
    await w.press(await w.type('recs volumes', { user: max }), 'Review', max)
    await w.slack.click({ user: max, view: w.slack.view(max)!, label: 'Do It' })
    await w.settled()
    await w.slack.closeView({ user: max })
    expect(
      (await findChoosing(w.database.db, { orgId: w.org.id, personId: (await stored()).personId }))!.chosen,
    ).toHaveLength(1)
    await w.press(await w.type('recs volumes', { user: max }), 'Review', max)
    expect(words(w.slack.view(max)!)).toContain('1 of 2, $60/mo left · 1 on the list')
    await w.slack.click({ user: max, view: w.slack.view(max)!, label: 'Empty the List' })
    await w.settled()
    expect(words(w.slack.view(max)!)).toContain('1 of 3, $90/mo left')
    await w.slack.closeView({ user: max })
  })
})

describe('approval', () => {
  it('is asked of another manager above the threshold, for exactly this list, and the files follow', async () => {
    await volumes(3, 5)
    await choose(max, 3)
    expect(await stored()).toMatchObject({ state: 'waiting_approval', saving: '450' })
    expect(files(max)).toEqual([])
    const asked = newest(tom)
    expect(asked.text).toBe('Approval needed: Max wants to clean up 3 resources, saves about $450/mo.')
    expect(words(asked)).toContain('0 of 1 approvals, needed because it saves over $200/mo')
    expect(words(asked)).toContain('*data-1* · Not attached volumes · $150/mo')
    expect(newest(max).text).toBe('Waiting for approval: 3 resources, saves $450/mo.')
    await w.press(asked, 'Approve', tom)
    await deliver()
    expect(await stored()).toMatchObject({ state: 'handed_over' })
    expect(labels(direct(tom).find(({ ts }) => ts === asked.ts)!)).toEqual([])
    const told = newest(max)
    expect(told.text).toBe('Your clean-up of 3 resources ($450/mo) is approved. Get the scripts and run them.')
    await w.press(told, 'Get Scripts', max)
    const [script, list] = files(max)
    expect(script!.text).toMatch(/^#!\/usr\/bin\/env bash/)
    expect(createHash('sha256').update(list!.text).digest('hex')).toBe((await stored()).sha256)
  })

  it('counts what was put off after it was chosen', async () => {
    await volumes(3, 5)
    await w.press(await w.type('recs volumes', { user: tom }), 'Review', tom)
    for (let n = 0; n < 3; n += 1) {
      await w.slack.click({ user: tom, view: w.slack.view(tom)!, label: 'Do It' })
      await w.settled()
    }
    await w.database.sql`update findings set snoozed_until = ${addDays(dayOf(start), 7)}`
    await w.slack.submit({ user: tom, values: {} })
    await w.settled()
    await deliver()
    expect(await stored()).toMatchObject({ state: 'waiting_approval', saving: '450' })
    expect(files(tom)).toEqual([])
  })

  it('of a part hands over exactly that part, and tells the person which is not approved', async () => {
    await volumes(3, 5)
    await choose(max, 3)
    const whole = await stored()
    const asked = newest(tom)
    await w.press(asked, 'Approve Selected…', tom)
    const view = w.slack.view(tom)!
    expect(judgeView(view as never)).toEqual([])
    expect(words(view as never)).toContain('Not attached volumes · $150/mo')
    const without = whole.items.filter(({ name }) => name !== 'data-2').map(({ findingId }) => findingId)
    const nothing = await w.slack.submit({ user: tom, values: { items: [] } })
    expect(nothing).toHaveProperty('errors')
    await w.slack.submit({ user: tom, values: { items: without } })
    await w.settled()
    await deliver()
    const part = await stored()
    expect(part).toMatchObject({ state: 'handed_over', saving: '300', declined: [{ name: 'data-2' }] })
    expect(part.items.map(({ name }) => name).toSorted()).toEqual(['data-1', 'data-3'])
    expect(part.sha256).not.toBe(whole.sha256)
    const shown = direct(tom).find(({ ts }) => ts === asked.ts)!
    expect(shown.text).toBe('Approved: the clean-up of Max, 2 of 3 resources.')
    expect(labels(shown)).toEqual([])
    const told = newest(max)
    expect(told.text).toBe(
      '2 of 3 of your clean-up ($300/mo) are approved. Get the scripts and run them. Not approved: data-2.',
    )
    await w.press(told, 'Get Scripts', max)
    const list = files(max).at(-1)
    const ids = (JSON.parse(list!.text) as { cloud_resource_id: string }[]).map((one) => one.cloud_resource_id)
    expect(ids.toSorted()).toEqual(['vol-1', 'vol-3'])
    // The hash of the part is the checksum of its file, as it is for a whole list.
    expect(createHash('sha256').update(list!.text).digest('hex')).toBe(part.sha256)
    // What is left out is open advice again.
    expect((await w.type('recs volumes', { user: max })).text).toMatch(/3 recommendations/)
  })

  it('of a part follows the rules of the whole: another person, this list, something of it', async () => {
    await volumes(2, 10)
    await choose(max, 2)
    const { id: cleanUpId, sha256, items } = await stored()
    const findingIds = [items[0]!.findingId]
    const [own] = await w.database.sql`select id from people where name = 'Max'`
    const part = { cleanUpId, sha256, findingIds }
    await expect(approveCleanUp(w.as({ ...w.lea, id: String(own!['id']) }), part)).rejects.toThrow('your own')
    await expect(approveCleanUp(w.as(), { ...part, sha256: 'f'.repeat(64) })).rejects.toThrow('not the one you saw')
    await expect(approveCleanUp(w.as(), { ...part, findingIds: [] })).rejects.toThrow('Tick at least one')
    const foreign = ['00000000-0000-4000-8000-000000000000']
    await expect(approveCleanUp(w.as(), { ...part, findingIds: foreign })).rejects.toThrow('not the one you saw')
    expect(await stored()).toMatchObject({ state: 'waiting_approval', declined: [], sha256 })
    await approveCleanUp(w.as(), { ...part, findingIds: items.map(({ findingId }) => findingId) })
    expect(await stored()).toMatchObject({ state: 'handed_over', declined: [], sha256 })
    await expect(approveCleanUp(w.as(), part)).rejects.toThrow('approved already')
  })

  it('of a part that was handed over before is refused instead of handed over twice', async () => {
    await volumes(2, 10)
    await choose(max, 2)
    const first = await stored()
    const findingIds = [first.items[0]!.findingId]
    await approveCleanUp(w.as(), { cleanUpId: first.id, sha256: first.sha256, findingIds })
    await choose(max, 2)
    const all = await w.database.db.select().from(cleanUps)
    const second = all.find(({ state }) => state === 'waiting_approval')!
    expect(second.sha256).toBe(first.sha256)
    await expect(approveCleanUp(w.as(), { cleanUpId: second.id, sha256: second.sha256, findingIds })).rejects.toThrow(
      'asked for in another clean-up already',
    )
  })

  it('of one’s own list is refused to a pool manager, and a second decision is told who was first', async () => {
    await volumes(1, 10)
    await choose(max, 1)
    const asked = newest(tom)
    const { id, sha256 } = await stored()
    const [own] = await w.database.sql`select id from people where name = 'Max'`
    const maxHimself = w.as({ ...w.lea, id: String(own!['id']) })
    await expect(approveCleanUp(maxHimself, { cleanUpId: id, sha256 })).rejects.toThrow('You cannot approve your own')
    await expect(approveCleanUp(w.as(), { cleanUpId: id, sha256: 'f'.repeat(64) })).rejects.toThrow(
      'not the one you saw',
    )
    await expect(approveCleanUp(w.as(), { cleanUpId: id, sha256: '' })).rejects.toThrow('not the one you saw')
    await w.press(asked, 'Decline', tom)
    await deliver()
    expect(newest(max).text).toBe('Your clean-up of 1 resource ($300/mo) was declined. Nothing was handed over.')
    await expect(approveCleanUp(w.as(), { cleanUpId: id, sha256 })).rejects.toThrow('was declined already')
  })

  it('that nobody gives within a day is a no', async () => {
    await volumes(1, 10)
    await choose(max, 1)
    w.clock.advance(25 * hourMs)
    await expireCleanUps(w.deps)
    await deliver()
    expect(await stored()).toMatchObject({ state: 'expired' })
    expect(newest(max).text).toMatch(/was not answered within a day, which is a no/)
  })

  it('is not asked below the threshold, of an organization manager, or when the policy asks nobody', async () => {
    await volumes(1, 5)
    await choose(max, 1)
    expect(await stored()).toMatchObject({ state: 'handed_over', saving: '150' })
    await setCleanUpPolicy(w.as(), { over: 100 })
    await w.database.sql`truncate clean_ups`
    const [own] = await w.database.sql`select id from people where name = 'Max'`
    const maxHimself = w.as({ ...w.lea, id: String(own!['id']) })
    await expect(downloadCleanUp(maxHimself, 'volumes_not_attached_for_a_long_time')).rejects.toThrow(
      'needs the approval',
    )
    await choose(lea, 1)
    expect(await stored()).toMatchObject({ state: 'handed_over' })
    await setCleanUpPolicy(w.as(), { over: 0 })
    expect((await downloadCleanUp(maxHimself, 'volumes_not_attached_for_a_long_time')).count).toBe(1)
  })

  it('is nobody’s business who may not approve', async () => {
    await volumes(1, 10)
    await choose(max, 1)
    expect(
      direct(priya)
        .map(({ text }) => text)
        .join(),
    ).not.toContain('Approval needed')
    const { id, sha256 } = await stored()
    await expect(approveCleanUp(w.as(w.priya), { cleanUpId: id, sha256 })).rejects.toThrow(
      'You cannot approve this clean-up',
    )
  })
})

describe('verification', () => {
  it('says what is gone and why the rest is not, in the message of the files', async () => {
    await volumes(7, 0.5)
    await choose(lea, 7)
    const message = newest(lea)
    expect(message.text).toBe('Clean-up script ready: 7 resources, saves $105/mo. Script and list attached.')
    const shown = () => direct(lea).find(({ ts }) => ts === message.ts)!
    for (const n of [1, 2, 3, 4, 5]) await set(`vol-${n}`, { active: false })
    await set('vol-6', { active: false })
    await w.press(message, 'I Ran It')
    expect((await stored()).ranAt).toEqual(start)
    const waiting = await w.database.sql`select name from pgboss.job where name = 'discover'`
    expect(waiting.length).toBe(1)
    // The next look happens after the scripts ran; one volume is attached again meanwhile.
    w.clock.advance(10 * 60_000)
    await look()
    await deliver()
    expect(shown().text).toBe('Clean-up: 6 of 7 gone, 1 still there.')
    expect(await stored()).toMatchObject({ state: 'verified' })
    await set('vol-7', { attached: true })
    w.clock.advance(3 * hourMs)
    await look()
    await deliver()
    expect(shown().text).toBe('Clean-up: 6 of 7 gone, 1 in use again.')
    expect((await stored()).items.map(({ outcome }) => outcome).filter((outcome) => outcome === 'gone')).toHaveLength(6)
  })

  it('can be asked for by organization managers once the scripts ran, and not by others', async () => {
    await volumes(1, 5)
    await choose(max, 1)
    const message = newest(max)
    expect(labels(message)).not.toContain('Check Again Now')
    await w.press(message, 'I Ran It', max)
    await w.database.sql`delete from pgboss.job`
    const shown = () => direct(max).find(({ ts }) => ts === message.ts)!
    expect(labels(shown())).toContain('Check Again Now')
    await w.press(shown(), 'Check Again Now', max)
    expect(newest(max).text).toMatch(/^You cannot force a check\. Nothing was changed\./)
    const { id: cleanUpId } = await stored()
    await lookAgain(w.as(), { cleanUpId })
    await lookAgain(w.as(), { cleanUpId })
    const jobs = await w.database.sql`select name from pgboss.job order by name`
    expect(jobs.map(({ name }) => name)).toEqual(expect.arrayContaining(['check-recommendations', 'discover']))
    expect(jobs.filter(({ name }) => name === 'discover')).toHaveLength(1)
  })

  it('of what was done and lives on says done, not gone', async () => {
    await volumes(1, 0.5)
    await choose(lea, 1)
    const [item] = (await stored()).items
    await w.database.sql`insert into archived_findings ${w.database.sql({
      ...{ org_id: w.org.id, recommendation: item!.recommendation, account_id: item!.accountId, key: item!.key },
      ...{ resource_id: item!.resourceId, reason: 'recommendation_applied', evidence: '{}', saving: 15 },
      ...{ detected_at: start.toISOString(), archived_at: new Date(start.getTime() + 1000).toISOString() },
    })}`
    await w.database.sql`delete from findings`
    w.clock.advance(60_000)
    await verifyCleanUps(w.job())
    expect(await stored()).toMatchObject({ state: 'verified', items: [{ outcome: 'done' }] })
    await deliver()
    expect(newest(lea).text).toBe('Clean-up: 1 of 1 done.')
  })

  it('waits for the cloud to be looked at after the scripts ran', async () => {
    await volumes(1, 0.5)
    await choose(lea, 1)
    const message = newest(lea)
    w.clock.advance(60_000)
    await w.press(message, 'I Ran It')
    await checkRecommendations(w.job('check-recommendations'))
    expect(await stored()).toMatchObject({ state: 'handed_over', items: [{ outcome: null }] })
    await set('vol-1', { active: false })
    w.clock.advance(60_000)
    await look()
    await deliver()
    expect(direct(lea).find(({ ts }) => ts === message.ts)!.text).toBe('Clean-up: 1 of 1 gone.')
  })
})
