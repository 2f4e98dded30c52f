/** Assignment rules on the web: made, changed, moved, switched, deleted and applied again without a script. */
import { beforeAll, describe, expect, it } from 'vitest'
import { listRules } from '../../db/queries/assignments.ts'
import { findResource } from '../../db/queries/resources.ts'
import type { Person } from '../../db/schema/organizations.ts'
import type { Pool } from '../../db/schema/pools.ts'
import type { Resource } from '../../db/schema/resources.ts'
import { handlers } from '../../engine/jobs/catalog.ts'
import { world, type World } from '../world.ts'
import { visitor, type Visitor } from './visitor.ts'

let w: World
let team: Pool
let box: Resource
let priya: Person
let lea: Visitor
beforeAll(async () => {
  w = await world()
  team = await w.pool('Payments')
  priya = await w.person('Priya', 'engineer', team.id)
  const more = { name: 'pay-web-12', type: 'Instance', region: 'eu-west-1', tags: { team: 'payments' } }
  box = await w.resource(await w.account('aws', { name: 'prod' }), { ...more, assignedBy: 'person' })
  lea = await visitor(w)
})
const all = () => listRules(w.database.db, { orgId: w.org.id })
const make = (name: string, more: Record<string, string> = {}) =>
  lea.submit('/rules/new', {
    ...{ name, pool: team.id, owner: priya.id, active: 'on' },
    ...{ 'kind-0': 'tag-is', 'key-0': 'team', 'value-0': 'payments', 'kind-1': 'type-is', 'value-1': 'Instance' },
    ...more,
  })

describe('rules on the web', () => {
  it('are made with several conditions and shown in words with pool, owner and maker', async () => {
    const made = await make('by tag')
    expect(made.text).toContain('by tag was made; it is checked first.')
    expect(made.text).toContain('1 resource, those that earlier rules take included')
    const list = await lea.get('/rules')
    for (const words of ['by tag', 'Tag is team = payments and Type is Instance', 'Payments', 'Priya', 'Lea'])
      expect(list.text).toContain(words)
  })

  it('come back as typed when refused, with the reason', async () => {
    const taken = await make('by tag')
    expect(taken.text).toContain('There is already a rule called by tag. Nothing was changed.')
    expect(taken.text).toContain('value="payments"')
    expect((await make('x', { 'kind-0': '' })).text).toContain('Condition 1 does not say what is compared')
    expect((await make('x', { 'value-0': '' })).text).toContain('“Tag is” needs Tag and Value')
    expect(await all()).toHaveLength(1)
  })

  it('start with what a resource has', async () => {
    const { text } = await lea.get(`/rules/new?resource=${box.id}`)
    for (const value of ['Like pay-web-12', 'payments', 'pay-web-', 'Instance', 'eu-west-1'])
      expect(text).toContain(`value="${value}"`)
    expect((await lea.get(`/resources/${box.id}`)).text).toContain(`/rules/new?resource=${box.id}`)
  })

  it('move, switch off, change and go after a question', async () => {
    await make('second')
    const [first, other] = await all()
    expect((await lea.submit(`/rules/${other!.id}/move`, { to: 'top' })).text).toContain('by tag moved from 2 to 1.')
    expect((await lea.submit(`/rules/${first!.id}/switch`, { active: '' })).text).toContain('second is off.')
    expect((await lea.get(`/rules/${first!.id}/delete`)).text).toContain('This cannot be taken back.')
    expect((await lea.submit(`/rules/${first!.id}/delete`)).text).toContain('second was deleted.')
    expect((await all()).map(({ name, priority }) => [name, priority])).toEqual([['by tag', 1]])
  })

  it('are applied again after saying what is overridden, and tell the result', async () => {
    const before = await lea.get('/rules/apply')
    expect(before.text).toContain('1 resource will be looked at. Decisions of people are overridden: 1 resource')
    const running = (await lea.submit('/rules/apply')).text
    expect(running).toContain('http-equiv="refresh"')
    expect(running).not.toMatch(/<select|type="checkbox"/)
    await w.runJobs(handlers)
    expect((await lea.get('/rules/apply')).text).toContain('Done: 1 resource looked at, 1 changed.')
    expect(await findResource(w.database.db, { orgId: w.org.id, id: box.id })).toMatchObject({ poolId: team.id })
  })

  it('say why they are broken, and refuse those who may not change them', async () => {
    const [rule] = await all()
    const guest = await visitor(w, { person: priya })
    expect((await guest.submit(`/rules/${rule!.id}/switch`, { active: '' })).text).toContain('You cannot change')
    expect((await guest.get('/rules/apply')).text).toContain('You cannot apply rules here.')
    await w.database.sql`delete from memberships where person_id = ${priya.id}`
    expect((await lea.get('/rules')).text).toContain('Priya has no role in Payments, so the rule hands out nothing.')
  })
})

describe('the policies of a pool', () => {
  it('are set and say what they do to the resources that are there', async () => {
    expect((await lea.get(`/pools/${team.id}`)).text).toContain('1 resource directly in this pool, new and old')
    const set = await lea.submit(`/pools/${team.id}/policies`, { type: 'ttl', limit: '96', active: 'on' })
    expect(set.text).toContain('Lifetime of resources: 96 hours now hold for resources in Payments')
    const wrong = await lea.submit(`/pools/${team.id}/policies`, { type: 'ttl', limit: '721', active: 'on' })
    expect(wrong.text).toContain('1 to 720 hours')
  })
})
