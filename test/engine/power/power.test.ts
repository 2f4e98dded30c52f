/** Power schedules from the decision to the cloud: the real SDK against the stand-in, jobs run when the test says so. */
import { beforeEach, describe, expect, it } from 'vitest'
import { findPower, findSchedule } from '../../../db/queries/power.ts'
import { insertPowerActions, listPowerActions } from '../../../db/queries/power-actions.ts'
import type { Account } from '../../../db/schema/cloud-accounts.ts'
import type { Resource } from '../../../db/schema/resources.ts'
import { handlers } from '../../../engine/jobs/catalog.ts'
import { actOnPower, mostAttempts } from '../../../engine/power/act.ts'
import { attachMachines, detachMachines } from '../../../engine/power/attach.ts'
import { decidePower } from '../../../engine/power/run.ts'
import { changeSchedule, createSchedule, deleteSchedule } from '../../../engine/power/schedules.ts'
import { setPowerExceptions, switchMachine } from '../../../engine/power/switch.ts'
import type { PowerChangedFacts } from '../../../engine/power/tell.ts'
import { readTriggers } from '../../../engine/power/trigger-lines.ts'
import { emptyRegion } from '../../../integrations/sandbox/aws-state.ts'
import type { SandboxInstance } from '../../../integrations/sandbox/aws-ec2-state.ts'
import { bookEnvironment } from '../../../engine/environments/bookings.ts'
import { markShared } from '../../../engine/environments/environment.ts'
import { enqueue } from '../../../engine/context.ts'
import { cloudWorld } from '../cloud-world.ts'

const w = await cloudWorld()
const account: Account = await w.connected({ name: 'AWS prod' })
const priya = await w.person('Priya')
const team = await w.pool('Payments')
const tom = await w.person('Tom', 'manager', team.id)
const power = handlers.filter(({ queue }) => ['power-due', 'decide-power', 'act-on-power'].includes(queue))
const { sql } = w.database
const region = 'us-east-1'
let machines: Resource[] = []

const instance = (id: string, state: SandboxInstance['state'] = 'running', more = {}): SandboxInstance => ({
  ...{ id, type: 't3.small', state, launchedAt: new Date('2026-01-01T00:00:00Z') },
  ...more,
})
const stateOf = (id: string) => w.aws.state.regions[region]!.instances.find((one) => one.id === id)?.state
const asked = () =>
  w.aws.calls.filter(({ action }) => /^(Start|Stop)Instances$/.test(action)).map(({ action }) => action)

beforeEach(async () => {
  w.aws.heal()
  w.clock.set('2026-11-23T10:00:00Z')
  await sql`delete from power_schedules`
  await sql`delete from power_actions`
  await sql`delete from environments`
  await sql`delete from resources`
  await sql`delete from notifications`
  w.aws.state.regions[region] = emptyRegion({ instances: [instance('i-a'), instance('i-b')] })
  const seen = { region, poolId: team.id, ownerId: priya.id, facts: { state: 'running' } }
  machines = [
    await w.resource(account, { cloudResourceId: 'i-a', name: 'web', ...seen }),
    await w.resource(account, { cloudResourceId: 'i-b', name: 'db', ...seen }),
  ]
  w.aws.calls.length = 0
})

const schedule = async (lines = 'on 08:00 mon-fri\noff 20:00 mon-fri', zone = 'Europe/Berlin', own = machines) => {
  const made = await createSchedule(w.as(), { name: 'office', zone, triggers: readTriggers(lines) })
  if (own.length) await attachMachines(w.as(), { scheduleId: made.id, resourceIds: own.map(({ id }) => id) })
  w.aws.calls.length = 0
  return made
}
/** The tick at a moment, with everything that follows from it. */
const tickAt = async (at: string) => {
  w.clock.set(at)
  await enqueue(w.deps, 'power-due', {})
  // What fails waits for its next try, as the queue has it; the next tick is that here.
  await w.runJobs(power).catch(() => {})
  await sql`delete from pgboss.job where name = 'act-on-power'`
}
const told = () =>
  sql<{ person_ids: string[]; facts: PowerChangedFacts }[]>`
    select person_ids, facts from notifications where kind = 'power-changed' order by created_at, id`
const history = async (resource: Resource) =>
  (await listPowerActions(w.deps.db, { orgId: w.org.id, resourceId: resource.id })).map(
    ({ action, dueAt, state, outcome }) => `${action} ${dueAt.toISOString().slice(0, 16)} ${state} ${outcome}`,
  )

describe('a schedule', () => {
  it('acts once per transition and in one call per region', async () => {
    await schedule()
    await tickAt('2026-11-23T18:55:00Z')
    expect(asked()).toEqual([])
    await tickAt('2026-11-23T19:00:00Z')
    await tickAt('2026-11-23T19:00:00Z')
    await tickAt('2026-11-23T19:05:00Z')
    expect(asked()).toEqual(['StopInstances'])
    expect([stateOf('i-a'), stateOf('i-b')]).toEqual(['stopped', 'stopped'])
    expect(await history(machines[0]!)).toEqual(['off 2026-11-23T19:00 done changed'])
    await tickAt('2026-11-24T07:00:00Z')
    expect(asked()).toEqual(['StopInstances', 'StartInstances'])
  })

  it('fires once on both nights the clocks change', async () => {
    w.clock.set('2027-03-27T12:00:00Z')
    await schedule('off 02:30\non 06:00')
    // 2027-03-28: 02:30 does not exist in Berlin, it is 03:30 CEST = 01:30 UTC.
    for (const at of ['00:30', '01:00', '01:30', '01:35', '02:30']) await tickAt(`2027-03-28T${at}:00Z`)
    expect(await history(machines[0]!)).toEqual(['off 2027-03-28T01:30 done changed'])
    await sql`delete from power_actions`
    w.clock.set('2027-10-30T12:00:00Z')
    await sql`update power_schedules set last_evaluated_at = ${w.clock.now().toISOString()}`
    // 2027-10-31: 02:30 happens at 00:30 UTC and again at 01:30 UTC.
    for (const at of ['00:25', '00:30', '00:35', '01:30', '01:35', '02:30']) await tickAt(`2027-10-31T${at}:00Z`)
    expect(await history(machines[0]!)).toEqual(['off 2027-10-31T00:30 done already'])
  })

  it('makes up for what was missed while nothing ran, the latest only, across midnight', async () => {
    await schedule()
    await tickAt('2026-11-24T02:00:00Z')
    expect(await history(machines[0]!)).toEqual(['off 2026-11-23T19:00 done changed'])
    await tickAt('2026-11-25T12:00:00Z')
    expect(asked()).toEqual(['StopInstances', 'StartInstances'])
  })

  it('loses nothing and does nothing twice when the process dies between decision and cloud', async () => {
    await schedule()
    w.clock.set('2026-11-23T19:00:00Z')
    expect(await decidePower(w.job())).toBe(2)
    await sql`delete from pgboss.job where name = 'act-on-power'`
    expect(await decidePower(w.job())).toBe(0)
    expect(asked()).toEqual([])
    await w.runJobs(power)
    expect(asked()).toEqual(['StopInstances'])
    await actOnPower(w.job(), { accountId: account.id })
    expect(asked()).toEqual(['StopInstances'])
  })

  it('lets a later wish win over one that still waits', async () => {
    await schedule()
    w.clock.set('2026-11-23T19:00:00Z')
    await decidePower(w.job())
    w.clock.set('2026-11-24T07:00:00Z')
    await decidePower(w.job())
    await actOnPower(w.job(), { accountId: account.id })
    expect(asked()).toEqual(['StartInstances'])
    expect(await history(machines[0]!)).toEqual([
      'on 2026-11-24T07:00 done already',
      'off 2026-11-23T19:00 superseded null',
    ])
  })

  it('leaves a machine alone that it got after the transition, and one that is gone for good', async () => {
    const made = await schedule(undefined, undefined, [machines[0]!])
    w.clock.set('2026-11-23T19:02:00Z')
    await attachMachines(w.as(), { scheduleId: made.id, resourceIds: [machines[1]!.id] })
    await sql`update resources set active = false where id = ${machines[0]!.id}`
    w.aws.calls.length = 0
    await tickAt('2026-11-23T19:05:00Z')
    expect(asked()).toEqual([])
    expect(await findPower(w.deps.db, { orgId: w.org.id, resourceId: machines[0]!.id })).toBeNull()
  })

  it('does nothing while it is switched off, nor for what was due then', async () => {
    const made = await schedule()
    await changeSchedule(w.as(), { scheduleId: made.id, enabled: false })
    await tickAt('2026-11-23T19:05:00Z')
    await changeSchedule(w.as(), { scheduleId: made.id, enabled: true })
    await tickAt('2026-11-23T19:10:00Z')
    expect(asked()).toEqual([])
  })
})

describe('what the cloud answers', () => {
  it('is tried again when it does not come, and told once when it is complete', async () => {
    await schedule()
    w.aws.trouble({ kind: 'throttled', action: 'StopInstances', times: 2 })
    await tickAt('2026-11-23T19:00:00Z')
    expect(await history(machines[0]!)).toEqual(['off 2026-11-23T19:00 waiting null'])
    expect(await told()).toEqual([])
    await tickAt('2026-11-23T19:05:00Z')
    expect(await history(machines[0]!)).toEqual(['off 2026-11-23T19:00 done changed'])
    expect((await told()).map(({ facts }) => facts)).toMatchObject([
      { action: 'off', total: 2, counts: { changed: 2 } },
    ])
  })

  it('is given up after six tries, with the reason on the schedule', async () => {
    const made = await schedule()
    w.aws.trouble({ kind: 'throttled', action: 'StopInstances' })
    for (let n = 0; n < mostAttempts + 1; n += 1) await tickAt(`2026-11-23T19:${String(n * 5).padStart(2, '0')}:00Z`)
    expect(await history(machines[0]!)).toEqual(['off 2026-11-23T19:00 failed null'])
    expect((await findSchedule(w.deps.db, { orgId: w.org.id, id: made.id }))?.lastError).toMatch(
      /^2 of 2 could not be switched: AWS asks to slow down/,
    )
    expect(await told()).toMatchObject([{ facts: { counts: { failed: 2 } } }])
  })

  it('that nobody can read is given up after six tries too, in a sentence', async () => {
    const made = await schedule()
    const adapter = w.deps.outside.clouds.aws!
    const stop = () => Promise.reject(new TypeError('undefined is not iterable'))
    const clouds = { aws: { ...adapter, power: { ...adapter.power!, stop } } }
    const outside = { ...w.deps.outside, clouds }
    w.clock.set('2026-11-23T19:00:00Z')
    await decidePower(w.job())
    for (let n = 0; n < mostAttempts + 1; n += 1)
      await actOnPower({ ...w.job(), outside }, { accountId: account.id }).catch(() => {})
    expect(await history(machines[0]!)).toEqual(['off 2026-11-23T19:00 failed null'])
    expect((await findSchedule(w.deps.db, { orgId: w.org.id, id: made.id }))?.lastError).toBe(
      '2 of 2 could not be switched: The answer of the cloud could not be read.',
    )
    expect(await told()).toMatchObject([{ facts: { counts: { failed: 2 } } }])
  })

  it('is not waited for any more where every try ended the process', async () => {
    await schedule()
    w.clock.set('2026-11-23T19:00:00Z')
    await decidePower(w.job())
    await sql`update power_actions set attempts = ${mostAttempts}`
    await actOnPower(w.job(), { accountId: account.id })
    expect(asked()).toEqual([])
    expect(await told()).toMatchObject([
      { facts: { counts: { failed: 2 }, troubles: [{ error: 'It was tried 6 times and never came to an end.' }, {}] } },
    ])
  })

  it('is said of each machine: protected ones are trouble, gone ones are not', async () => {
    w.aws.state.regions[region]!.instances = [instance('i-a', 'running', { stopProtected: true })]
    await schedule()
    await tickAt('2026-11-23T19:00:00Z')
    expect(await told()).toMatchObject([
      {
        person_ids: [priya.id, w.lea.id],
        facts: { total: 2, counts: { protected: 1, gone: 1 }, troubles: [{ title: 'web', outcome: 'protected' }] },
      },
    ])
  })

  it('names the right that was taken away', async () => {
    await schedule()
    w.aws.trouble({ kind: 'refused', action: 'StopInstances' })
    await tickAt('2026-11-23T19:00:00Z')
    const [one] = await told()
    expect(one?.facts.counts).toEqual({ not_allowed: 2 })
    expect(one?.facts.troubles[0]?.error).toMatch(/ec2:StopInstances/)
  })

  it('is told for the first run, not for the second good one, and again after trouble', async () => {
    await schedule()
    await tickAt('2026-11-23T19:00:00Z')
    await tickAt('2026-11-24T07:00:00Z')
    expect(await told()).toHaveLength(1)
    w.aws.state.regions[region]!.instances[0]!.stopProtected = true
    await tickAt('2026-11-24T19:00:00Z')
    await tickAt('2026-11-25T07:00:00Z')
    await tickAt('2026-11-26T07:00:00Z')
    expect((await told()).map(({ facts }) => facts.counts)).toEqual([
      { changed: 2 },
      { changed: 1, protected: 1 },
      { changed: 1, already: 1 },
    ])
  })
})

describe('one machine', () => {
  it('is switched on for a while and off again, without any schedule', async () => {
    w.aws.state.regions[region]!.instances[0]!.state = 'stopped'
    const until = new Date('2026-11-23T14:00:00Z')
    await switchMachine(w.as(priya), { resourceId: machines[0]!.id, action: 'on', until })
    await w.runJobs(power)
    expect(stateOf('i-a')).toBe('running')
    await tickAt('2026-11-23T13:55:00Z')
    expect(stateOf('i-a')).toBe('running')
    await tickAt('2026-11-23T14:00:00Z')
    expect(stateOf('i-a')).toBe('stopped')
  })

  it('is kept on past its stop, which is made up for then', async () => {
    await schedule()
    const until = new Date('2026-11-23T21:00:00Z')
    await switchMachine(w.as(priya), { resourceId: machines[0]!.id, action: 'on', until })
    await tickAt('2026-11-23T19:00:00Z')
    expect([stateOf('i-a'), stateOf('i-b')]).toEqual(['running', 'stopped'])
    await tickAt('2026-11-23T21:00:00Z')
    expect(stateOf('i-a')).toBe('stopped')
  })

  it.each([
    ['switched off', { enabled: false }],
    ['over by then', { endsAt: new Date('2026-11-23T20:30:00Z') }],
  ])('is switched off at the end where its schedule is %s', async (_, change) => {
    const { id: scheduleId } = await schedule()
    await changeSchedule(w.as(), { scheduleId, ...change })
    w.aws.state.regions[region]!.instances[0]!.state = 'stopped'
    const until = new Date('2026-11-23T21:00:00Z')
    await switchMachine(w.as(priya), { resourceId: machines[0]!.id, action: 'on', until })
    await w.runJobs(power)
    expect(stateOf('i-a')).toBe('running')
    await tickAt('2026-11-23T21:00:00Z')
    expect(stateOf('i-a')).toBe('stopped')
  })

  it('may have as many wishes at once as there are machines anywhere', async () => {
    const wish = { orgId: w.org.id, resourceId: machines[0]!.id, action: 'on' as const, createdAt: w.clock.now() }
    const rows = Array.from({ length: 12_000 }, (_, n) => ({ ...wish, dueAt: new Date(Date.UTC(2027, 0, 1, 0, n)) }))
    await insertPowerActions(w.deps.db, rows)
    expect(await sql`select 1 from power_actions`).toHaveLength(12_000)
  })

  it('skips tonight and nothing else', async () => {
    await schedule()
    const skipUntil = new Date('2026-11-24T05:00:00Z')
    expect(await setPowerExceptions(w.as(priya), { resourceId: machines[0]!.id, skipUntil })).toEqual({
      skipUntil: null,
      keepOnUntil: null,
    })
    await tickAt('2026-11-23T19:00:00Z')
    expect([stateOf('i-a'), stateOf('i-b')]).toEqual(['running', 'stopped'])
    await tickAt('2026-11-24T19:00:00Z')
    expect(stateOf('i-a')).toBe('stopped')
  })

  it('tells the person when it could not be switched', async () => {
    w.aws.state.regions[region]!.instances[0]!.stopProtected = true
    await switchMachine(w.as(priya), { resourceId: machines[0]!.id, action: 'off' })
    await w.runJobs(power)
    expect(await told()).toMatchObject([
      { person_ids: [priya.id], facts: { schedule: null, counts: { protected: 1 } } },
    ])
  })
})

describe('rights', () => {
  it('let owners, managers of the pool and who has booked it switch, nobody else', async () => {
    const [web] = machines
    const max = await w.person('Max', 'member')
    const off = (person: typeof max) => switchMachine(w.as(person), { resourceId: web!.id, action: 'off' })
    await off(priya)
    await off(tom)
    await expect(off(max)).rejects.toThrow(/^You cannot switch .+ on or off\. Nothing was changed\.$/)
    const shared = await markShared(w.as(), { resourceId: web!.id })
    const [startsAt, endsAt] = [w.clock.now(), new Date('2026-11-23T12:00:00Z')]
    await bookEnvironment(w.as(max), { environmentId: shared.id, startsAt, endsAt })
    await off(max)
    w.clock.set('2026-11-23T12:01:00Z')
    await expect(off(max)).rejects.toThrow('You cannot switch')
  })

  it('leave schedules to organization managers', async () => {
    const made = await schedule()
    const why = 'You cannot change power schedules. Nothing was changed.'
    const resourceIds = [machines[0]!.id]
    for (const person of [tom, priya]) {
      const as = w.as(person)
      await expect(createSchedule(as, { name: 'x', zone: 'UTC', triggers: readTriggers('off 1:00') })).rejects.toThrow(
        why,
      )
      await expect(attachMachines(as, { scheduleId: made.id, resourceIds })).rejects.toThrow(why)
      await expect(detachMachines(as, { resourceIds })).rejects.toThrow(why)
      await expect(deleteSchedule(as, { scheduleId: made.id })).rejects.toThrow(why)
    }
  })

  it('are asked of the cloud before anything follows a schedule', async () => {
    const made = await schedule(undefined, undefined, [])
    w.aws.trouble({ kind: 'refused', action: 'StopInstances' })
    const resourceIds = machines.map(({ id }) => id)
    await expect(attachMachines(w.as(), { scheduleId: made.id, resourceIds })).rejects.toMatchObject({
      message: expect.stringMatching(/^AWS prod is connected read-only\. .*ec2:StopInstances/) as string,
      detail: { next: expect.stringContaining('ec2:StartInstances and ec2:StopInstances') as string },
    })
    w.aws.heal()
    const uploaded = await w.resource(await w.account('aws', { name: 'by hand' }), { name: 'far', region })
    const volume = await w.resource(account, { name: 'disk', type: 'Volume' })
    const { attached, refused } = await attachMachines(w.as(), {
      scheduleId: made.id,
      resourceIds: [...resourceIds, uploaded.id, volume.id],
    })
    expect(attached).toHaveLength(2)
    expect(refused.map(({ why }) => why.message).toSorted()).toEqual([
      'by hand was connected without a key, so its machines cannot be switched. Nothing was changed.',
      'disk is a Volume; only instances can be switched. Nothing was changed.',
    ])
    expect([stateOf('i-a'), stateOf('i-b')]).toEqual(['running', 'running'])
  })
})

it('refuses schedules that make no sense, in a sentence with the field', async () => {
  const make = (more: object) =>
    createSchedule(w.as(), { name: 'x', zone: 'UTC', triggers: readTriggers('off 20:00'), ...more })
  await expect(make({ triggers: readTriggers('on 8:00 mon; off 8:00 daily') })).rejects.toThrow(/on and off at once/)
  await expect(make({ zone: 'Mars/Olympus' })).rejects.toThrow(/time zone is not known/)
  await expect(make({ endsAt: new Date('2020-01-01T00:00:00Z') })).rejects.toThrow(/must end later/)
  await make({})
  await expect(make({})).rejects.toThrow(/called x already/)
  const other = await make({ name: 'y' })
  await expect(changeSchedule(w.as(), { scheduleId: other.id, name: 'x' })).rejects.toThrow(/called x already/)
})
