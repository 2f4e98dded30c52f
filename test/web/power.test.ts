/** Power schedules on the web, without a script: forms in, the stand-in of EC2 out. */
import { beforeAll, describe, expect, it } from 'vitest'
import { findSchedule, listSchedules } from '../../db/queries/power.ts'
import { findings } from '../../db/schema/recommendations.ts'
import type { Account } from '../../db/schema/cloud-accounts.ts'
import type { Resource } from '../../db/schema/resources.ts'
import { handlers } from '../../engine/jobs/catalog.ts'
import { emptyRegion } from '../../integrations/sandbox/aws-state.ts'
import { cloudWorld } from '../engine/cloud-world.ts'
import { visitor, type Visitor } from './visitor.ts'

const w = await cloudWorld()
const region = 'us-east-1'
let account: Account
let web: Resource
let lea: Visitor
beforeAll(async () => {
  account = await w.connected({ name: 'AWS prod' })
  const machine = {
    id: 'i-web',
    type: 't3.small',
    state: 'running' as const,
    launchedAt: new Date('2026-01-01T00:00:00Z'),
  }
  w.aws.state.regions[region] = emptyRegion({ instances: [machine] })
  web = await w.resource(account, { cloudResourceId: 'i-web', name: 'web', region, facts: { state: 'running' } })
  lea = await visitor(w)
})
const office = { name: 'office', zone: 'Europe/Berlin', triggers: 'on 08:00 mon-fri\noff 20:00 mon-fri' }
const only = async () => (await listSchedules(w.deps.db, w.org.id))[0]!

describe('/power', () => {
  it('makes a schedule, says what it needs, and shows what comes next in the zone of the reader', async () => {
    expect((await lea.get('/power')).text).toMatch(/needs the separate power policy/)
    const page = await lea.submit('/power', office)
    expect(page.text).toMatch(/office is made; now choose its machines/)
    // Lea reads in UTC: 20:00 in Berlin.
    expect(page.text).toMatch(/Mon 23 Nov, 19:00/)
  })

  it('gives back what was typed when it cannot be read', async () => {
    const page = await lea.submit('/power', { ...office, name: 'other', triggers: 'sometimes' })
    expect(page.text).toMatch(/“sometimes” is not a time to switch on or off/)
    expect(page.text).toMatch(/value="other"/)
    expect((await lea.submit('/power', office)).text).toMatch(/There is a schedule called office already/)
  })

  it('has a machine follow it, refuses one whose key may not, and takes it off again', async () => {
    const { id } = await only()
    w.aws.trouble({ kind: 'refused', action: 'StartInstances', times: 1 })
    expect((await lea.submit(`/power/${id}/attach`, { resource: web.id })).text).toMatch(
      /AWS prod is connected read-only/,
    )
    expect((await lea.submit(`/power/${id}/attach`, { resource: web.id })).text).toMatch(/web follows office/)
    expect((await lea.get(`/resources/${web.id}`)).text).toMatch(/Keep on until/)
    expect((await lea.get('/power')).text).toMatch(/data-label="Machines"[^>]*>1</)
    expect((await lea.submit(`/power/${id}/detach`, { resource: web.id })).text).toMatch(/web does not follow office/)
  })

  it('begins when it shall, on the clock of its zone, or at once', async () => {
    await lea.submit('/power', { ...office, name: 'later', starts: '2026-12-01T00:00' })
    const later = () => listSchedules(w.deps.db, w.org.id).then((all) => all.find(({ name }) => name === 'later')!)
    const { id, startsAt } = await later()
    expect(startsAt).toEqual(new Date('2026-11-30T23:00:00Z'))
    expect((await lea.get(`/power/${id}`)).text).toMatch(/not begun[\s\S]*value="2026-12-01T00:00"/)
    expect(
      (
        await lea.submit(`/power/${id}/change`, {
          ...office,
          name: 'later',
          starts: '2027-02-01T00:00',
          ends: '2027-01-01T00:00',
        })
      ).text,
    ).toMatch(/must end later than now and than its start/)
    await lea.submit(`/power/${id}/change`, { ...office, name: 'later' })
    expect((await later()).startsAt).toEqual(w.clock.now())
    await lea.submit(`/power/${id}/delete`)
  })

  it('changes, switches off and deletes it', async () => {
    const { id } = await only()
    await lea.submit(`/power/${id}/change`, { ...office, triggers: 'off 22:00', ends: '2027-01-01T00:00' })
    // Midnight in Berlin is 23:00 UTC.
    expect(await findSchedule(w.deps.db, { orgId: w.org.id, id })).toMatchObject({
      triggers: [{ action: 'off', at: '22:00', days: [1, 2, 3, 4, 5, 6, 7] }],
      endsAt: new Date('2026-12-31T23:00:00Z'),
    })
    expect((await lea.submit(`/power/${id}/switch`, { enabled: '' })).text).toMatch(/office is switched off/)
    expect((await lea.submit(`/power/${id}/delete`)).text).toMatch(/office was deleted/)
    expect(await listSchedules(w.deps.db, w.org.id)).toEqual([])
  })

  it('is prefilled from the hours in which a machine does nothing', async () => {
    const periods = [{ start: { day_of_week: 4, hour: 20 }, end: { day_of_week: 6, hour: 23 } }]
    const seen = { detectedAt: w.clock.now(), checkedAt: w.clock.now() }
    const of = { orgId: w.org.id, accountId: account.id, resourceId: web.id, key: 'i-web' }
    const [made] = await w.deps.db
      .insert(findings)
      .values({ ...of, ...seen, recommendation: 'instances_for_shutdown', evidence: { inactivity_periods: periods } })
      .returning()
    const page = await lea.get(`/power?finding=${made!.id}`)
    expect(page.text).toMatch(/off 20:00 fri/)
    expect(page.text).toMatch(/on 00:00 mon/)
    await lea.submit('/power', { ...office, name: 'weekend', zone: 'UTC', triggers: 'off 20:00 fri', resource: web.id })
    expect(await only()).toMatchObject({ name: 'weekend', machines: 1 })
  })
})

describe('a machine', () => {
  it('is switched off and on for some hours, and skips its schedule until a moment', async () => {
    const power = handlers.filter(({ queue }) => queue === 'act-on-power')
    const state = () => w.aws.state.regions[region]!.instances[0]!.state
    expect((await lea.submit(`/resources/${web.id}/power`, { action: 'off' })).text).toMatch(/being switched off/)
    await w.runJobs(power)
    expect(state()).toBe('stopped')
    await lea.submit(`/resources/${web.id}/power`, { action: 'on', hours: '4' })
    await w.runJobs(power)
    expect(state()).toBe('running')
    await lea.submit(`/resources/${web.id}/power-exceptions`, { skip: '2026-11-30T06:00', keep: '' })
    expect((await lea.get(`/resources/${web.id}`)).text).toMatch(/value="2026-11-30T06:00"/)
  })
})

describe('somebody without the right', () => {
  it('sees schedules but no form, and is refused by the verbs', async () => {
    const priya = await visitor(w, { person: await w.person('Priya') })
    const { id } = await only()
    const page = await priya.get(`/power/${id}`)
    expect(page.text).not.toMatch(/Delete weekend/)
    expect((await priya.submit(`/power/${id}/delete`)).text).toMatch(/You cannot change power schedules/)
    expect((await priya.submit(`/resources/${web.id}/power`, { action: 'off' })).text).toMatch(
      /You cannot switch [^<]+ on or off/,
    )
  })
})
