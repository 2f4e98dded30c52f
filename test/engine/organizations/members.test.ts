import { beforeAll, describe, expect, it } from 'vitest'
import { can } from '../../../engine/access.ts'
import { contextFor } from '../../../engine/context.ts'
import { addPerson, giveRole } from '../../../engine/organizations/members.ts'
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
