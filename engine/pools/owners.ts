import { findPerson } from '../../db/queries/organizations.ts'
import { hasOwnership } from '../../db/queries/pools.ts'
import type { Context } from '../context.ts'
import { invalid, notFound } from '../errors.ts'

/** Refuses an owner who is not of the organization, or who has no role of engineer or manager in the pool or above it. */
export async function assertMayOwn(
  ctx: Context,
  { personId, poolId }: { personId: string; poolId: string },
): Promise<void> {
  const person = await findPerson(ctx.db, { orgId: ctx.orgId, id: personId })
  if (!person)
    throw notFound('There is no such person in this organization. Nothing was changed.', { field: 'ownerId' })
  if (await hasOwnership(ctx.db, { orgId: ctx.orgId, personId, poolId })) return
  throw invalid(`${person.name} cannot own resources in this pool: they have no role there. Nothing was changed.`, {
    field: 'ownerId',
    next: 'Give them a role in the pool first, or choose another owner.',
  })
}
