import { beforeAll, describe, expect, it } from 'vitest'
import { can } from '../../../engine/access.ts'
import { contextFor } from '../../../engine/context.ts'
import { addPerson, giveRole, takeAllRoles, takeRole } from '../../../engine/organizations/members.ts'
import { createOrganization } from '../../../engine/organizations/organization.ts'
import { world, type World } from '../../world.ts'

let w: World
beforeAll(async () => {
  w = await world()
})

describe('people of an organization', () => {
  it('a new organization has a root pool of its name and a manager who may do everything in it and nothing elsewhere', async () => {
    const made = await createOrganization(w.deps, { name: 'Beta', currency: 'EUR', manager: { name: 'Bea' } })
    const ctx = contextFor(w.deps, made.organization.id, { personId: made.manager.id, door: 'slack' })
    expect(await can(ctx, 'manage_pools', { poolId: made.rootPoolId })).toBe(true)
    expect(await can(w.as(made.manager), 'see_costs')).toBe(false)
  })

  it('an added engineer has rights only where the role was given, and more after another role', async () => {
    const team = await w.pool('team')
    const eve = await addPerson(w.as(), { name: 'Eve', email: 'eve@example.com', role: 'engineer', poolId: team.id })
    expect(await can(w.as(eve), 'manage_pools', { poolId: team.id })).toBe(false)
    await giveRole(w.as(), { personId: eve.id, role: 'manager', poolId: team.id })
    expect(await can(w.as(eve), 'manage_pools', { poolId: team.id })).toBe(true)
  })

  it('refuses a taken e-mail, an unknown pool and an engineer who adds people', async () => {
    const adding = addPerson(w.as(), { name: 'Eve 2', email: 'eve@example.com' })
    await expect(adding).rejects.toMatchObject({ kind: 'conflict' })
    const lost = addPerson(w.as(), { name: 'Nobody', poolId: w.org.id })
    await expect(lost).rejects.toMatchObject({ kind: 'not_found' })
    const ned = await w.person('Ned')
    await expect(addPerson(w.as(ned), { name: 'Friend' })).rejects.toMatchObject({
      kind: 'forbidden',
      detail: { whoCan: [w.lea.id] },
    })
  })
})

describe('roles', () => {
  const held = async (id: string) =>
    (await w.database.sql`select role, pool_id from memberships where person_id = ${id} order by role`).map(
      (row) => row['role'],
    )

  it('one is held per place: another takes its place, and taking leaves those of other places', async () => {
    const [team, pia] = [await w.pool('one-place'), await w.person('Pia', 'member')]
    await giveRole(w.as(), { personId: pia.id, role: 'engineer', poolId: team.id })
    const change = await giveRole(w.as(), { personId: pia.id, role: 'manager', poolId: team.id })
    expect(change).toMatchObject({ place: 'one-place', before: 'engineer', after: 'manager' })
    expect(await held(pia.id)).toEqual(['manager', 'member'])
    expect(await takeRole(w.as(), { personId: pia.id, poolId: team.id })).toMatchObject({
      before: 'manager',
      after: null,
    })
    expect(await held(pia.id)).toEqual(['member'])
    expect(await takeRole(w.as(), { personId: pia.id, poolId: team.id })).toMatchObject({ before: null, after: null })
  })

  it('of two managers who take each other’s at once one keeps it', async () => {
    const mia = await w.person('Mia', 'manager')
    const both = await Promise.allSettled([
      takeRole(w.as(), { personId: mia.id }),
      takeAllRoles(w.as(mia), { personId: w.lea.id }),
    ])
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const left = await w.database.sql`select person_id from memberships
      where org_id = ${w.org.id} and role = 'manager' and pool_id is null`
    expect(left).toHaveLength(1)
    await w.database
      .sql`insert into memberships (org_id, person_id, role) values (${w.org.id}, ${w.lea.id}, 'manager') on conflict do nothing`
  })

  it('on a pool of another organization, of a stranger, or by an engineer is refused', async () => {
    const [ned] = await w.database.sql`select id from people where name = 'Ned'`
    const other = await createOrganization(w.deps, { name: 'Gamma', currency: 'EUR', manager: { name: 'Gil' } })
    const personId = ned!['id'] as string
    const wrong = await Promise.allSettled([
      giveRole(w.as(), { personId, role: 'manager', poolId: other.rootPoolId }),
      giveRole(w.as(), { personId: other.manager.id, role: 'manager' }),
      takeAllRoles(w.as(), { personId: other.manager.id }),
    ])
    for (const one of wrong) expect(one).toMatchObject({ status: 'rejected', reason: { kind: 'not_found' } })
    const eve = await w.person('Eve 3')
    await expect(giveRole(w.as(eve), { personId: eve.id, role: 'manager' })).rejects.toMatchObject({
      kind: 'forbidden',
    })
    await expect(takeAllRoles(w.as(eve), { personId: w.lea.id })).rejects.toMatchObject({ kind: 'forbidden' })
  })
})
