/** Power in Slack: signed payloads in, the real EC2 client out to the stand-in. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { setBinding } from '../../db/queries/slack-bindings.ts'
import { listSchedules } from '../../db/queries/power.ts'
import { findings } from '../../db/schema/recommendations.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import type { Pool } from '../../db/schema/pools.ts'
import type { Resource } from '../../db/schema/resources.ts'
import { sealCredentials } from '../../engine/accounts/credentials.ts'
import { enqueue } from '../../engine/context.ts'
import { markShared } from '../../engine/environments/environment.ts'
import { attachMachines, detachMachines } from '../../engine/power/attach.ts'
import { changeSchedule, createSchedule } from '../../engine/power/schedules.ts'
import { sayTriggers, readTriggers } from '../../engine/power/trigger-lines.ts'
import { awsAdapter } from '../../integrations/aws/adapter.ts'
import { startAws, type AwsSandbox } from '../../integrations/sandbox/aws.ts'
import { emptyAws, emptyRegion } from '../../integrations/sandbox/aws-state.ts'
import { key } from '../engine/cloud-world.ts'
import {
  finops,
  labels,
  lea,
  max,
  priya,
  slackWorld,
  team as workspace,
  words,
  type SlackWorld,
} from './slack-world.ts'

let w: SlackWorld
let aws: AwsSandbox
let account: Account
let team: Pool
let web: Resource
let made = 0
const region = 'us-east-1'

beforeAll(async () => {
  aws = await startAws(emptyAws(), { now: () => new Date('2026-11-23T10:00:00Z') })
  afterAll(() => aws.close())
  const adapter = awsAdapter({ endpoint: aws.url, attempts: 1, timeoutMs: 2000 })
  w = await slackWorld({ now: '2026-11-23T10:00:00Z', outside: { clouds: { aws: adapter } } })
  team = await w.pool('Payments')
  account = await w.account('aws', { name: 'AWS prod' })
  const credentials = sealCredentials(w.deps, account, key)
  await w.database.sql`update accounts set credentials = ${credentials} where id = ${account.id}`
  await w.colleague(max, 'Max', 'member')
})
beforeEach(async () => {
  aws.heal()
  await w.database.sql`delete from power_schedules`
  w.clock.set('2026-11-23T10:00:00Z')
  made += 1
  const id = `i-0web${made}`
  aws.state.regions[region] = emptyRegion({
    instances: [{ id, type: 't3.small', state: 'running', launchedAt: new Date('2026-01-01T00:00:00Z') }],
  })
  const seen = { poolId: team.id, ownerId: w.priya.id, region, facts: { state: 'running' } }
  web = await w.resource(account, { cloudResourceId: id, name: `web-${made}`, ...seen })
  await w.spend(web, { '2026-11-20': 12, '2026-11-21': 12, '2026-11-22': 12 })
})
const machine = () => aws.state.regions[region]!.instances[0]!
const schedule = async (own = [web.id]) => {
  const name = `office ${made}`
  const one = await createSchedule(w.as(), {
    ...{ name, zone: 'Europe/Berlin' },
    triggers: readTriggers('on 08:00 mon-fri; off 20:00 mon-fri'),
  })
  if (own.length) await attachMachines(w.as(), { scheduleId: one.id, resourceIds: own })
  return one
}
const tickAt = async (at: string) => {
  w.clock.set(at)
  await enqueue(w.deps, 'power-due', {})
  await w.work()
}

describe('a line', () => {
  it.each([
    [`power web off`, /No resource is called exactly “web”|Several resources/],
    [`power WEB off tonight`, /I switch off now, not later or for a while\. Nothing was changed\./],
    [`power WEB off 4h`, /I switch off now, not later or for a while\. Nothing was changed\./],
    [`power WEB on tonight`, /I switch on now, not later\. Nothing was changed\./],
  ])('“%s” switches nothing', async (line, said) => {
    expect((await w.type(line.replace('WEB', web.name), { user: priya })).text).toMatch(said)
    expect(await w.database.sql`select from power_actions`).toHaveLength(0)
  })

  it('switches a machine off now, and Undo switches it on again', async () => {
    const receipt = await w.type(`power ${web.name} off`, { user: priya })
    expect(receipt.text).toBe(`${web.name} is being switched off.`)
    await w.work()
    expect(machine().state).toBe('stopped')
    const undo = () => w.slack.click({ user: priya, message: receipt, label: 'Undo' })
    await Promise.all([undo(), undo()])
    await w.settled()
    const wishes = await w.database.sql`select action from power_actions where resource_id = ${web.id} order by id`
    expect(wishes.map(({ action }) => action)).toEqual(['on'])
    await w.work()
    expect(machine().state).toBe('running')
  })

  it('is not taken back once a colleague decided again', async () => {
    const mine = await w.type(`power ${web.name} on`, { user: priya })
    w.clock.advance(60_000)
    await w.type(`power ${web.name} on 4h`)
    await w.press(mine, 'Undo', priya)
    expect(w.last(priya).text).toMatch(/^This was changed again since, so it stays as it is\. Nothing was changed\./)
    const wishes = await w.database
      .sql`select action, state from power_actions where resource_id = ${web.id} and asked_by = ${w.lea.id} order by due_at`
    expect(wishes.map(({ action, state }) => `${action} ${state}`)).toEqual(['on waiting', 'off waiting'])
  })

  it('of another schedule is not taken back once somebody chose a third, or said what is different tonight', async () => {
    const { name, id } = await schedule([])
    const following = async () =>
      (await w.database.sql`select schedule_id, skip_until from power_attachments where resource_id = ${web.id}`)[0]
    const receipt = await w.type(`power ${web.name} schedule "${name}"`)
    await w.type(`power ${web.name} skip tonight`, { user: priya })
    await w.press(receipt, 'Undo')
    expect(w.last().text).toMatch(/^This was changed again since/)
    expect(await following()).toMatchObject({ schedule_id: id })
    const skipped = await w.type(`power ${web.name} skip until 2026-11-25`, { user: priya })
    await detachMachines(w.as(), { resourceIds: [web.id] })
    await w.press(skipped, 'Undo', priya)
    expect(w.last(priya).text).toMatch(/^This was changed again since/)
    expect(await following()).toBeUndefined()
  })

  it('switches on for some hours with the price, and off at the end', async () => {
    machine().state = 'stopped'
    // $12 a day is $2 for four hours.
    const receipt = await w.type(`power ${web.name} on 4h`, { user: priya })
    expect(words(receipt)).toMatch(/is being switched on until .*14:00 UTC.*, about \$2\b/)
    await w.work()
    expect(machine().state).toBe('running')
    await tickAt('2026-11-23T14:00:00Z')
    expect(machine().state).toBe('stopped')
  })

  it('skips tonight: until six in the morning where the person is', async () => {
    await schedule()
    const receipt = await w.type(`power ${web.name} skip tonight`, { user: priya })
    expect(words(receipt)).toMatch(/skips office \d+ until .*Nov 24, 06:00 UTC.* Next: on .*Nov 24, 07:00 UTC/)
    await tickAt('2026-11-23T19:00:00Z')
    expect(machine().state).toBe('running')
  })

  it('means the machine of a shared environment', async () => {
    const { name } = await markShared(w.as(), { resourceId: web.id })
    expect((await w.type(`power ${name} off`, { user: lea })).text).toMatch(/is being switched off/)
  })

  it('has a machine follow a schedule and no longer, managers only', async () => {
    const { name } = await schedule([])
    expect((await w.type(`power ${web.name} schedule "${name}"`, { user: priya })).text).toMatch(
      /You cannot change power schedules/,
    )
    const receipt = await w.type(`power ${web.name} schedule "${name}"`)
    expect(words(receipt)).toMatch(/follows office \d+\. Next: off .*19:00 UTC/)
    const card = await w.type(`power ${web.name}`)
    expect(words(card)).toMatch(/\*Power\*\nrunning · office \d+, off/)
    await w.press(receipt, 'Undo')
    expect(words(await w.type(`power ${web.name}`))).toMatch(/\*Power\*\nrunning · no schedule/)
  })

  it('lists the schedules when nothing is named', async () => {
    await schedule()
    const answer = await w.type('power', { user: priya })
    expect(words(answer)).toMatch(
      /\*office \d+\* · 1 machine\non 08:00 mon-fri and off 20:00 mon-fri · Europe\/Berlin\nNext: off/,
    )
  })

  it('is refused to a member, and names who can', async () => {
    const refusal = await w.type(`power ${web.name} off`, { user: max })
    expect(refusal.text).toMatch(/^You cannot switch .+ on or off\. Nothing was changed\./)
    expect(words(refusal)).toMatch(/Priya|Ask/)
    expect(machine().state).toBe('running')
  })

  it('says which right is missing', async () => {
    aws.trouble({ kind: 'refused', action: 'StartInstances' })
    const refusal = await w.type(`power ${web.name} off`, { user: priya })
    expect(words(refusal)).toMatch(/AWS prod is connected read-only\..*ec2:StartInstances/)
  })
})

describe('the card', () => {
  it('opens the dialog: a new schedule with its next three transitions, then the machine follows it', async () => {
    const card = await w.type(`resource ${web.cloudResourceId}`)
    expect(labels(card)).toContain('Power Schedule')
    await w.press(card, 'Power Schedule')
    expect(w.slack.view(lea)!.blocks.map((block) => String(block['block_id']).split('~')[0])).toContain('schedule')
    await enter('schedule', 'new')
    const view = w.slack.view(lea)!
    expect(words(view as never)).toMatch(/Next, in your time: off .*20:00 UTC.*, on .*, off /)
    expect(words(view as never)).toMatch(/needs the separate power policy/)
    await submit({ name: `night ${made}`, zone: 'Europe/Berlin', triggers: 'off 19:00 daily; on 07:00 mon-fri' })
    const found = (await listSchedules(w.deps.db, w.org.id)).find(({ name }) => name === `night ${made}`)
    expect(found).toMatchObject({ machines: 1, zone: 'Europe/Berlin' })
    expect(sayTriggers(found!.triggers)).toBe('off 19:00 daily\non 07:00 mon-fri')
  })

  it('makes a schedule that begins and ends on days of its zone', async () => {
    const card = await w.type(`resource ${web.cloudResourceId}`)
    await w.press(card, 'Power Schedule')
    await enter('schedule', 'new')
    const fields = w.slack.view(lea)!.blocks.filter(({ type }) => type === 'input')
    expect(fields.map((block) => String(block['block_id']).split('~')[0])).toEqual([
      ...['schedule', 'name', 'triggers', 'zone', 'startsAt', 'endsAt'],
    ])
    const times = { zone: 'Europe/Berlin', triggers: 'off 19:00 daily; on 07:00 daily' }
    await submit({ ...times, name: `later ${made}`, startsAt: '2026-12-01', endsAt: '2026-12-31' })
    const found = (await listSchedules(w.deps.db, w.org.id)).find(({ name }) => name === `later ${made}`)
    // Midnight in Berlin is 23:00 UTC; the last day belongs to it.
    expect(found).toMatchObject({
      startsAt: new Date('2026-11-30T23:00:00Z'),
      endsAt: new Date('2026-12-31T23:00:00Z'),
    })
    await tickAt('2026-11-24T18:05:00Z')
    expect(machine().state).toBe('running')
    await tickAt('2026-12-01T18:05:00Z')
    expect(machine().state).toBe('stopped')
  })

  it('keeps what cannot be read in the field, and makes nothing', async () => {
    const card = await w.type(`resource ${web.cloudResourceId}`)
    await w.press(card, 'Power Schedule')
    await enter('schedule', 'new')
    const before = await listSchedules(w.deps.db, w.org.id)
    await submit({ name: 'broken', triggers: 'sometimes' })
    expect(await listSchedules(w.deps.db, w.org.id)).toEqual(before)
  })

  it('makes no schedule when the machine may not be switched', async () => {
    const card = await w.type(`resource ${web.cloudResourceId}`)
    await w.press(card, 'Power Schedule')
    await enter('schedule', 'new')
    aws.trouble({ kind: 'refused', action: 'StopInstances' })
    await submit({ name: `never ${made}`, triggers: 'off 19:00' })
    expect((await listSchedules(w.deps.db, w.org.id)).map(({ name }) => name)).not.toContain(`never ${made}`)
  })
})

describe('a schedule there is', () => {
  const inputs = () => w.slack.view(lea)!.blocks.filter(({ type }) => type === 'input')
  const first = (field: string) => {
    const block = inputs().find(({ block_id: id }) => String(id).startsWith(`${field}~`))!
    const { initial_value: text, initial_date: day } = block['element'] as Record<string, unknown>
    return text ?? day ?? null
  }
  const read = async (id: string) => (await listSchedules(w.deps.db, w.org.id)).find((one) => one.id === id)!
  const open = async () => {
    const list = await w.type('power')
    await w.press(list, 'Change…')
    expect(w.slack.view(lea)!.callback_id).toBe('change-schedule')
  }

  it('is changed in its dialog, which starts with all of it, and Undo puts it back', async () => {
    const { id, startsAt } = await schedule()
    await open()
    expect(['name', 'triggers', 'zone', 'startsAt', 'endsAt'].map(first)).toEqual([
      ...[`office ${made}`, 'on 08:00 mon-fri; off 20:00 mon-fri', 'Europe/Berlin', '2026-11-23', null],
    ])
    expect(words(w.slack.view(lea)! as never)).toMatch(/Next, in your time: off .*Followed by 1 machine/s)
    await enter('triggers', 'on 07:00 sat; off 12:00 sat')
    expect(words(w.slack.view(lea)! as never)).toMatch(/Next, in your time: on .*06:00 UTC.*, off .*11:00 UTC/)
    await submit({ triggers: 'on 07:00 mon-thu; off 19:00 mon-thu', zone: 'Europe/London', endsAt: '2026-12-31' })
    const after = await read(id)
    expect(sayTriggers(after.triggers)).toBe('on 07:00 mon-thu\noff 19:00 mon-thu')
    expect(after).toMatchObject({ zone: 'Europe/London', machines: 1, endsAt: new Date('2027-01-01T00:00:00Z') })
    // The first day is the same day in the new zone.
    expect(after.startsAt).toEqual(new Date('2026-11-23T00:00:00Z'))
    const receipt = w.last()
    expect(receipt.text).toMatch(/was changed/)
    await w.press(receipt, 'Undo')
    expect(await read(id)).toMatchObject({ zone: 'Europe/Berlin', startsAt, endsAt: null })
    expect(sayTriggers((await read(id)).triggers)).toBe('on 08:00 mon-fri\noff 20:00 mon-fri')
  })

  it('keeps its begin to the minute where the day stays, and can lose its end', async () => {
    const made = await schedule([])
    await changeSchedule(w.as(), { scheduleId: made.id, endsAt: new Date('2026-12-24T11:30:00Z') })
    await open()
    expect(first('endsAt')).toBe('2026-12-24')
    await submit({ name: 'Xmas' })
    expect(await read(made.id)).toMatchObject({ startsAt: made.startsAt, endsAt: new Date('2026-12-24T11:30:00Z') })
    await open()
    await submit({ endsAt: '' })
    expect(await read(made.id)).toMatchObject({ name: 'Xmas', startsAt: made.startsAt, endsAt: null })
  })

  it('says what it does not understand at the field, and changes nothing', async () => {
    const { id } = await schedule([])
    const before = await read(id)
    await open()
    await submit({ zone: 'Berlin' })
    expect(w.slack.view(lea)!.callback_id).toBe('change-schedule')
    await submit({ zone: 'Europe/Berlin', triggers: 'on 25:00' })
    await submit({ triggers: 'on 08:00; off 08:00' })
    await submit({ triggers: 'on 08:00', endsAt: '2026-11-01' })
    expect(await read(id)).toEqual(before)
    await w.slack.closeView({ user: lea })
  })

  it('refuses what the verb cannot use at its field, in the verb’s words', async () => {
    const { id } = await schedule([])
    const before = await read(id)
    await open()
    const errors = async (values: Record<string, unknown>) =>
      Object.entries(((await w.slack.submit({ user: lea, values })) as { errors?: object }).errors ?? {}).map(
        ([block, text]) => `${block.split('~')[0]}: ${text}`,
      )
    expect(await errors({ name: '   ' })).toEqual([
      'name: Give it a name. Nothing was changed. Type it again, corrected.',
    ])
    const many = Array.from({ length: 51 }, (_, n) => `on 1:${String(n).padStart(2, '0')}`).join(';')
    expect(await errors({ name: 'many', triggers: many })).toEqual([
      'triggers: Use 50 times at most. Nothing was changed. Type it again, corrected.',
    ])
    await w.settled()
    expect(await read(id)).toEqual(before)
    await w.slack.closeView({ user: lea })
  })

  it('is not changed by an engineer, nor back when somebody changed it since', async () => {
    const { id, rev } = await schedule([])
    const list = await w.type('power', { user: priya })
    await w.press(list, 'Change…', priya)
    expect(words(w.slack.view(priya)! as never)).toMatch(/You cannot/)
    expect(w.slack.view(priya)!.blocks.filter(({ type }) => type === 'input')).toEqual([])
    await w.slack.closeView({ user: priya })
    expect((await read(id)).rev).toBe(rev)
    await open()
    await submit({ name: 'renamed' })
    const receipt = w.last()
    await changeSchedule(w.as(), { scheduleId: id, name: 'renamed again' })
    await w.press(receipt, 'Undo')
    expect(await read(id)).toMatchObject({ name: 'renamed again' })
  })

  it('is changed from the dialog of a machine that follows it', async () => {
    const { id } = await schedule()
    const card = await w.type(`resource ${web.cloudResourceId}`)
    await w.press(card, 'Power Schedule')
    await w.slack.click({ user: lea, view: w.slack.view(lea)!, label: 'Change…' })
    await w.settled()
    expect(w.slack.view(lea)!.callback_id).toBe('change-schedule')
    await submit({ triggers: 'off 18:00 daily' })
    expect(sayTriggers((await read(id)).triggers)).toBe('off 18:00 daily')
    await w.slack.closeView({ user: lea })
  })
})

describe('a finding of hours in which nothing happens', () => {
  it('offers a schedule made of them', async () => {
    const periods = [0, 1, 2, 3].map((day) => ({
      start: { day_of_week: day, hour: 19 },
      end: { day_of_week: day + 1, hour: 5 },
    }))
    await w.deps.db.insert(findings).values({
      ...{ orgId: w.org.id, accountId: account.id, resourceId: web.id, key: web.cloudResourceId, poolId: team.id },
      ...{
        recommendation: 'instances_for_shutdown',
        saving: '100',
        detectedAt: w.clock.now(),
        checkedAt: w.clock.now(),
      },
      evidence: { inactive_hours: 44, inactivity_periods: periods },
    })
    const answer = await w.type('recs shutdown')
    const [choice] = JSON.stringify(answer.blocks).match(/v1\|suggest-schedule[^"]*/) ?? []
    await w.slack.click({ user: lea, message: answer, actionId: 'more:suggest-schedule', value: choice })
    await w.settled()
    const view = w.slack.view(lea)!
    expect(JSON.stringify(view.blocks)).toContain('on 06:00 tue-fri; off 19:00 mon-thu')
    await w.slack.closeView({ user: lea })
    // The review has it too; its dialog lies on top, and the review is there again after it.
    await w.press(answer, 'Review')
    await w.slack.click({ user: lea, view: w.slack.view(lea)!, label: 'Power Schedule' })
    await w.settled()
    expect(w.slack.view(lea)!.callback_id).toBe('power-schedule')
    expect(JSON.stringify(w.slack.view(lea)!.blocks)).toContain('on 06:00 tue-fri; off 19:00 mon-thu')
    await submit({ name: `quiet ${made}` })
    expect(w.slack.view(lea)!.callback_id).toBe('review-recommendations')
    await w.slack.closeView({ user: lea })
    expect((await listSchedules(w.deps.db, w.org.id)).find(({ name }) => name === `quiet ${made}`)).toMatchObject({
      machines: 1,
    })
    await w.database.sql`delete from findings`
  })
})

describe('a run', () => {
  it('is told in the channel of the pool: once when it is new, with what did not go', async () => {
    await setBinding(w.deps.db, {
      ...{
        teamId: workspace,
        channel: finops,
        orgId: w.org.id,
        poolId: team.id,
        boundBy: null,
        boundAt: w.clock.now(),
      },
    })
    const [first] = aws.state.regions[region]!.instances
    const other = { ...first!, id: `i-0other${made}`, stopProtected: true }
    aws.state.regions[region]!.instances.push(other)
    const seen = { poolId: team.id, ownerId: w.priya.id, region }
    const second = await w.resource(account, { cloudResourceId: other.id, name: `other-${made}`, ...seen })
    await schedule([web.id, second.id])
    await tickAt('2026-11-23T19:00:00Z')
    const told = w.last(lea, finops)
    expect(told.text).toMatch(/^office \d+: 1 of 2 stopped, 1 protected\./)
    expect(words(told)).toMatch(new RegExp(`\\*other-${made}\\* · The instance .* may not be stopped`))
    other.stopProtected = false
    await tickAt('2026-11-24T07:00:00Z')
    expect(w.last(lea, finops).text).toMatch(/2 of 2 started\.$/)
    const count = w.slack.conversation(lea, finops).length
    await tickAt('2026-11-24T19:00:00Z')
    expect(w.slack.conversation(lea, finops)).toHaveLength(count)
  })
})

/** Changes a live field of Lea's open dialog. */
async function enter(field: string, value: string) {
  const view = w.slack.view(lea)!
  const block = view.blocks.find((each) => String(each['block_id']).startsWith(`${field}~`))!
  await w.slack.click({ user: lea, view: view.id, blockId: String(block['block_id']), actionId: field, value })
  await w.settled()
}

/** Fills the open dialog of Lea by field and submits it. */
async function submit(entries: Record<string, string>) {
  const view = w.slack.view(lea)!
  const block = (field: string) =>
    view.blocks.find((each) => String(each['block_id']).startsWith(`${field}~`))!['block_id'] as string
  const values = Object.fromEntries(Object.entries(entries).map(([field, value]) => [block(field), value]))
  await w.slack.submit({ user: lea, values })
  await w.settled()
}
