import { insertMembership, insertOrganization, insertPerson } from '../../db/queries/organizations.ts'
import { insertPool } from '../../db/queries/pools.ts'
import type { Organization, Person } from '../../db/schema/organizations.ts'
import { contextFor, inTransaction, jobActor, type Deps } from '../context.ts'
import { record } from '../events.ts'

export type NewOrganization = {
  name: string
  currency: string
  isDemo?: boolean
  manager: { name: string; email?: string; zone?: string }
}

/**
 * Makes an organization with its root pool (same name, no limit) and its first person, the organization manager.
 * Runs at the first start or from the terminal, so there is nobody yet whose right could be checked.
 */
export async function createOrganization(
  deps: Deps,
  input: NewOrganization,
): Promise<{ organization: Organization; manager: Person; rootPoolId: string }> {
  // jobs may: the installation itself makes the first organization.
  return inTransaction(contextFor(deps, '', jobActor('setup')), async (ctx) => {
    const organization = await insertOrganization(ctx.db, {
      name: input.name,
      currency: input.currency,
      isDemo: input.isDemo ?? false,
    })
    const manager = await insertPerson(ctx.db, { orgId: organization.id, ...input.manager })
    await insertMembership(ctx.db, { orgId: organization.id, personId: manager.id, role: 'manager', poolId: null })
    const root = await insertPool(ctx.db, {
      orgId: organization.id,
      name: input.name,
      purpose: 'business_unit',
      defaultOwnerId: manager.id,
    })
    const own = { ...ctx, orgId: organization.id }
    await record(own, 'organization.created', {
      subject: { kind: 'organization', id: organization.id },
      after: { name: input.name, currency: input.currency },
    })
    return { organization, manager, rootPoolId: root.id }
  })
}
