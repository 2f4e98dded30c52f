/** Settings of recommendations and of the approval of clean-ups in Slack: signed payloads in, dialogs and receipts out. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import { findings } from '../../db/schema/recommendations.ts'
import type { Pool } from '../../db/schema/pools.ts'
import { judgeView } from '../../bot/lint.ts'
import { readCleanUpPolicy, setCleanUpPolicy } from '../../engine/clean-ups/policy.ts'
import { recommendations } from '../../engine/recommendations/catalog.ts'
import { getRecommendation, readOptions, setOptions } from '../../engine/recommendations/options.ts'
import { finops, labels, lea, priya, slackWorld, tom, words, type SlackWorld } from './slack-world.ts'

const volumes = 'volumes_not_attached_for_a_long_time'
let w: SlackWorld
let account: Account
let pool: Pool
let clicks = 0

beforeAll(async () => {
  w = await slackWorld()
  pool = await w.pool('payments')
})
beforeEach(async () => {
  await w.database.sql`truncate findings, options, resources, accounts cascade`
  account = await w.account('aws', { name: 'AWS prod' })
  clicks = 0
})

const options = (id = volumes) => readOptions(w.as(), getRecommendation(id))
const dialog = (user = lea) => {
  const view = w.slack.view(user)
  if (!view) throw new Error('No dialog is open.')
  expect(judgeView(view as never)).toEqual([])
  return view
}
const input = (field: string, user = lea) =>
  dialog(user).blocks.find((block) => String(block['block_id']).startsWith(`${field}~`)) as
    | { label: { text: string }; hint?: { text: string }; element: Record<string, unknown> }
    | undefined

/** Types a line that opens a dialog. */
async function opens(line: string, user = lea) {
  await w.slack.command({ user, channel: finops, text: line })
  await w.settled()
}

async function submit(values: Record<string, unknown>, user = lea) {
  clicks += 1
  const answer = (await w.slack.submit({ user, values })) as { errors?: Record<string, string> }
  await w.settled()
  return answer
}

async function finding(recommendation: string) {
  const resource = await w.resource(account, { type: 'Volume', name: 'data-1' })
  const seen = { detectedAt: w.clock.now(), checkedAt: w.clock.now() }
  const of = { orgId: w.org.id, accountId: account.id, resourceId: resource.id, key: resource.cloudResourceId }
  await w.database.db.insert(findings).values({ ...of, ...seen, recommendation, saving: '60', evidence: {} })
}

describe('the settings of a recommendation', () => {
  it('open by a line with everything filled in, save in two clicks with the shared words, and are taken back by one', async () => {
    await opens('recs settings volumes')
    expect(words(dialog())).toContain('Not attached volumes')
    expect(input('days_threshold')).toMatchObject({
      label: { text: 'Not attached for (days)' },
      hint: { text: '0 to 365; empty means 1 day' },
      element: { type: 'number_input', initial_value: '1' },
    })
    await submit({ days_threshold: '30', excluded_pools: [pool.id] })
    expect(clicks).toBe(1)
    expect(await options()).toMatchObject({ days_threshold: 30, excluded_pools: { [pool.id]: true } })
    const receipt = w.last()
    expect(receipt.text).toBe(
      'Not attached volumes: Not attached for 30 days (was 1 day), Pools left out: 1. It counts from the next check on.',
    )
    await w.press(receipt, 'Undo')
    expect(await options()).toMatchObject({ days_threshold: 1, excluded_pools: {} })
    expect(w.last().text).toMatch(/^Not attached volumes: Not attached for 1 day \(was 30 days\), Pools left out: 0\./)
  })

  it('keep a refused value in the dialog, with the words of the verb on its field', async () => {
    await opens('recs settings volumes')
    const block = dialog().blocks.find((each) => String(each['block_id']).startsWith('days_threshold~'))!
    for (const days of ['366', '1.5'])
      expect((await submit({ days_threshold: days })).errors).toEqual({
        [String(block['block_id'])]:
          'Not attached for must be a whole number of days from 0 to 365. Nothing was changed.',
      })
    expect(await options()).toMatchObject({ days_threshold: 1 })
    await w.slack.closeView({ user: lea })
  })

  it('take ports one a line, choices by their words, and what is empty as its default', async () => {
    await opens('recs settings insecure')
    expect(input('insecure_ports')!.element).toMatchObject({ initial_value: '22/tcp (SSH)\n3389/tcp (RDP)' })
    const refused = await submit({ insecure_ports: '22/icmp' })
    expect(Object.values(refused.errors ?? {}).join()).toMatch(/“22\/icmp” is no port: write one a line like 22\/tcp/)
    await submit({ insecure_ports: '5432/tcp' })
    expect(await options('insecure_security_groups')).toMatchObject({
      insecure_ports: [{ port: 5432, protocol: 'tcp' }],
    })
    await opens('recs settings rightsizing_instances')
    expect(JSON.stringify(input('metric_type')!.element)).toContain('99th percentile')
    await submit({ metric_type: 'max', metric_limit: '', excluded_flavor_regex: '(' })
    expect(words(w.slack.view(lea) as never)).toContain('Underutilized instances')
    await submit({ excluded_flavor_regex: '^t3' })
    expect(await options('rightsizing_instances')).toMatchObject({
      metric_type: 'max',
      metric_limit: 80,
      excluded_flavor_regex: '^t3',
    })
  })

  it('go back to the defaults, skipped accounts untouched, when that is saved', async () => {
    const changed = { days_threshold: 9, excluded_pools: { [pool.id]: true }, skip_cloud_accounts: [account.id] }
    await setOptions(w.as(), { recommendation: volumes, options: changed })
    await opens('recs settings volumes')
    expect(words(dialog())).toContain('Accounts skipped: 1')
    await w.slack.click({ user: lea, view: dialog(), label: 'Reset to Defaults' })
    await w.settled()
    expect(input('days_threshold')!.element).toMatchObject({ initial_value: '1' })
    expect(await options()).toMatchObject({ days_threshold: 9 })
    await submit({})
    expect(await options()).toMatchObject({
      days_threshold: 1,
      excluded_pools: {},
      skip_cloud_accounts: [account.id],
    })
  })

  it('that are the same already are no change and offer no undo', async () => {
    await opens('recs settings volumes')
    await submit({})
    expect(w.last().text).toBe('Not attached volumes has these settings already. Nothing was changed.')
    expect(labels(w.last())).toEqual([])
  })

  it('have a button in the answer and in the review for those who may; others read them', async () => {
    await finding(volumes)
    const answer = await w.type('recs volumes')
    expect(labels(answer)).toContain('Settings')
    await w.press(answer, 'Review')
    await w.slack.click({ user: lea, view: dialog(), label: 'Settings' })
    await w.settled()
    expect(dialog().callback_id).toBe('recommendation-settings')
    await submit({ days_threshold: '2' })
    expect(dialog().callback_id).toBe('review-recommendations')
    await w.slack.closeView({ user: lea })
    expect(labels(await w.type('recs volumes', { user: priya }))).not.toContain('Settings')
    await opens('recs settings volumes', priya)
    expect(words(dialog(priya))).toMatch(/Not attached for: 2 days[\s\S]*Organization managers change them: ask Lea/)
    expect(dialog(priya).submit).toBeNull()
    await w.slack.closeView({ user: priya })
  })

  it('are asked for by name when the line has none, and fit every recommendation', async () => {
    expect((await w.type('recs settings')).text).toMatch(/^Whose settings\?/)
    // Somebody else, because nobody may ask more than sixty times a minute.
    await w.colleague(tom, 'Tom', 'manager')
    for (const { id } of recommendations) {
      await opens(`recs settings ${id}`, tom)
      expect(dialog(tom).callback_id, id).toBe('recommendation-settings')
      await submit({}, tom)
      expect(w.last(tom).text, id).toMatch(/has these settings already/)
    }
  })
})

describe('the approval of clean-ups', () => {
  it('is set by a line and taken back; 0 is no limit, so nobody is asked', async () => {
    const receipt = await w.type('recs approval over $500')
    expect(receipt.text).toBe('A clean-up that saves more than $500 a month waits for the approval of a manager.')
    expect(await readCleanUpPolicy(w.as())).toEqual({ over: 500 })
    await w.press(receipt, 'Undo')
    expect(await readCleanUpPolicy(w.as())).toEqual({ over: 200 })
    expect((await w.type('recs approval over 0')).text).toBe('A clean-up of any size is handed over without approval.')
  })

  it('is the whole organization’s: a pool, a kind or --dry beside it sets nothing', async () => {
    for (const line of [
      'recs approval over 300 for payments',
      'recs approval volumes over 300',
      'recs approval over 300 --dry',
    ])
      expect((await w.type(line)).text, line).toMatch(/one for the whole organization.*Nothing was changed/)
    expect(await readCleanUpPolicy(w.as())).not.toEqual({ over: 300 })
  })

  it('has a dialog that says what 0 means, and refuses in the words of the verb on the field', async () => {
    await opens('recs approval')
    expect(input('over')).toMatchObject({
      hint: { text: '0 = no limit: nobody is asked. Organization managers never need anybody.' },
      element: { initial_value: '200' },
    })
    expect(Object.values((await submit({ over: '-1' })).errors ?? {})).toEqual([
      'The amount must be a number from 0 to 2,147,483,647. Nothing was changed.',
    ])
    await submit({ over: '350.5' })
    expect(await readCleanUpPolicy(w.as())).toEqual({ over: 350.5 })
  })

  it('is for organization managers only', async () => {
    expect((await w.type('recs approval over 5', { user: priya })).text).toMatch(/^You cannot change the organization/)
    await opens('recs approval', priya)
    expect(dialog(priya).submit).toBeNull()
    await w.slack.closeView({ user: priya })
    await expect(setCleanUpPolicy(w.as(w.priya), { over: 1 })).rejects.toThrow('You cannot change the organization')
  })

  it('keeps rows of before, where nothing meant nobody is asked', async () => {
    await w.database
      .sql`insert into options (org_id, name, value) values (${w.org.id}, 'clean_up_approval', '{"over": null}')`
    expect(await readCleanUpPolicy(w.as())).toEqual({ over: 0 })
  })
})
