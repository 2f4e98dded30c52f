import { beforeAll, describe, expect, it } from 'vitest'
import { setDailyLimit } from '../../../engine/constraints/daily-limit.ts'
import { setPoolPolicy } from '../../../engine/pools/policies.ts'
import { readResource, readResources } from '../../../engine/resources/resource.ts'
import { neighbours } from '../../other-organization.ts'
import { world, type World } from '../../world.ts'

let w: World
beforeAll(async () => {
  w = await world({ now: '2026-11-23T10:00:00Z' })
})

describe('the facts of a resource', () => {
  it('hold its place, its money, its constraints and its savings', async () => {
    const team = await w.pool('Team')
    const squad = await w.pool('Squad', { parentId: team.id })
    const priya = await w.person('Priya')
    const account = await w.account('aws', { name: 'prod' })
    const thing = await w.resource(account, {
      name: 'db',
      poolId: squad.id,
      ownerId: priya.id,
      firstSeenAt: new Date('2026-11-20T00:00:00Z'),
    })
    await w.spend(thing, {
      '2026-10-31': 100,
      '2026-11-01': 1,
      '2026-11-16': 7,
      '2026-11-21': 14,
      '2026-11-22': '0.7',
      '2026-11-23': 50,
    })
    await setPoolPolicy(w.as(), { poolId: squad.id, type: 'ttl', limit: 168 })
    await setDailyLimit(w.as(), { resourceId: thing.id, limit: 20 })
    const { sql } = w.database
    const finding = (recommendation: string, saving: string, more = {}) =>
      sql`insert into findings ${sql({
        ...{
          org_id: w.org.id,
          recommendation,
          account_id: account.id,
          resource_id: thing.id,
          key: 'k',
          saving,
          evidence: '{}',
        },
        ...{ detected_at: '2026-11-22', checked_at: '2026-11-22', ...more },
      })}`
    await finding('obsolete_ips', '31.5')
    await finding('rightsizing_instances', '2', { is_excluded: true })
    await finding('abandoned_instances', '4', { snoozed_until: '2026-12-01' })
    const facts = await readResource(w.as(), thing.id)
    expect(facts).toMatchObject({
      title: 'db',
      account: { name: 'prod', cloud: 'aws' },
      pool: { name: 'Squad', path: 'Team->Squad' },
      owner: { id: priya.id, name: 'Priya' },
      month: '72.7',
      ttl: { source: 'policy', endsAt: new Date('2026-11-27T00:00:00Z') },
      dailyLimit: { source: 'own', limit: '20' },
      findings: { count: 1, saving: '31.5' },
      environment: null,
      present: true,
      through: new Date('2026-11-23T00:00:00Z'),
    })
    // Nov 16 to 22: 21.7 in seven days.
    expect(facts.perDay).toBe('3.1')
  })

  it('average over the days with data only: a late bill and a young resource do not make it cheaper', async () => {
    const late = await world({ now: '2026-11-23T10:00:00Z' })
    const account = await late.account()
    const [old, young] = [await late.resource(account), await late.resource(account)]
    await late.spend(old, Object.fromEntries([14, 15, 16, 17, 18, 19, 20].map((day) => [`2026-11-${day}`, 10])))
    await late.spend(young, { '2026-11-19': 4, '2026-11-20': 8 })
    const [a, b, c] = await readResources(late.as(), [old.id, young.id, (await late.resource(account)).id])
    expect([a!.perDay, b!.perDay, c!.perDay].map(Number)).toEqual([10, 6, 0])
  })

  it('come in the order asked for, without unknown ids and without those of the neighbours', async () => {
    const account = await w.account()
    const [a, b] = [await w.resource(account), await w.resource(account, { name: '', cloudResourceId: 'vol-1' })]
    const theirs = await neighbours(w)
    const found = await readResources(w.as(), [b.id, crypto.randomUUID(), a.id, theirs.resource.id])
    expect(found.map(({ title }) => title)).toEqual(['vol-1', a.name])
    await expect(readResource(w.as(), theirs.resource.id)).rejects.toMatchObject({ kind: 'not_found' })
  })

  it('say who holds it now when it is a shared environment', async () => {
    const thing = await w.resource(await w.account())
    const { sql } = w.database
    const [env] =
      await sql`insert into environments ${sql({ org_id: w.org.id, resource_id: thing.id, name: 'stage', pool_id: w.root.id })} returning id`
    const book = (from: string, to: string) =>
      sql`insert into bookings ${sql({
        ...{ org_id: w.org.id, environment_id: env!.id, person_id: w.lea.id, state: 'booked' },
        ...{ starts_at: from, ends_at: to, planned_ends_at: to },
      })}`
    await book('2026-11-23T12:00Z', '2026-11-23T13:00Z')
    expect((await readResource(w.as(), thing.id)).environment).toMatchObject({
      name: 'stage',
      heldBy: null,
      until: null,
    })
    await book('2026-11-23T09:00Z', '2026-11-23T11:00Z')
    expect((await readResource(w.as(), thing.id)).environment).toMatchObject({
      heldBy: { id: w.lea.id, name: 'Lea' },
      until: new Date('2026-11-23T11:00Z'),
    })
  })

  it('say that it is gone only when the cloud was asked', async () => {
    const [asked, billed] = [await w.account(), await w.account('focus')]
    const { sql } = w.database
    await sql`insert into discoveries ${sql({ org_id: w.org.id, account_id: asked.id, resource_type: 'Instance', region: 'x', last_discovery_at: '2026-11-23' })}`
    await sql`insert into discoveries ${sql({ org_id: w.org.id, account_id: billed.id, resource_type: 'bill', region: '', last_discovery_at: '2026-11-23' })}`
    const make = async (account: typeof asked) => (await w.resource(account, { active: false })).id
    const [a, b] = await readResources(w.as(), [await make(asked), await make(billed)])
    expect([a!.present, b!.present]).toEqual([false, true])
  })
})
