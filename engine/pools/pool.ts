import { z } from 'zod'
import { findPool, hasOwnership, insertPool, lockPoolTree, updatePoolRow } from '../../db/queries/pools.ts'
import type { Pool } from '../../db/schema/pools.ts'
import { poolPurposes } from '../../db/vocabulary.ts'
import { assertCan } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { conflict, invalid, notFound, postgresError } from '../errors.ts'
import { record } from '../events.ts'
import { fitIntoParent, MonthlyLimit } from './limits.ts'
import { assertMayOwn } from './owners.ts'

const PoolName = z.string().trim().min(1).max(255).meta({ label: 'Name' })
const Purpose = z.enum(poolPurposes).meta({ label: 'Purpose' })
const Owner = z.uuid().nullable().meta({ label: 'Default owner' })

export const CreatePool = z.object({
  parentId: z.uuid(),
  name: PoolName,
  monthlyLimit: MonthlyLimit.default(0).meta({ label: 'Monthly limit' }),
  purpose: Purpose.default('budget'),
  defaultOwnerId: Owner.optional(),
  extendParents: z.boolean().optional(),
})
export type CreatePool = z.input<typeof CreatePool>

/** Makes a pool below another. The default owner is the maker where they may own. Conflict when a sibling has the name. */
export async function createPool(ctx: Context, input: CreatePool): Promise<Pool> {
  const { extendParents = false, ...pool } = CreatePool.parse(input)
  await assertCan(ctx, 'manage_pools', { poolId: pool.parentId })
  return inTransaction(ctx, async (ctx) => {
    await lockPoolTree(ctx.db, ctx.orgId)
    await getPool(ctx, pool.parentId)
    await fitIntoParent(ctx, { parentId: pool.parentId, limit: pool.monthlyLimit, extendParents })
    const defaultOwnerId = await ownerOf(ctx, pool)
    const row = { ...pool, orgId: ctx.orgId, monthlyLimit: String(pool.monthlyLimit), defaultOwnerId }
    const made = await insertPool(ctx.db, row).catch(takenName(pool.name))
    await record(ctx, 'pool.created', { subject: { kind: 'pool', id: made.id }, after: { ...pool, defaultOwnerId } })
    return made
  })
}

export const UpdatePool = z.object({
  poolId: z.uuid(),
  name: PoolName.optional(),
  purpose: Purpose.optional(),
  defaultOwnerId: Owner.optional(),
})
export type UpdatePool = z.input<typeof UpdatePool>

/** Changes name, purpose or default owner. The root keeps name and purpose: they are the organization's. */
export async function updatePool(ctx: Context, input: UpdatePool): Promise<Pool> {
  const { poolId, ...set } = UpdatePool.parse(input)
  await assertCan(ctx, 'manage_pools', { poolId })
  return inTransaction(ctx, async (ctx) => {
    const before = await getPool(ctx, poolId)
    if (before.parentId === null && (set.name ?? set.purpose) !== undefined)
      throw invalid('The root pool is called like the organization and keeps its purpose. Nothing was changed.')
    if (set.defaultOwnerId) await assertMayOwn(ctx, { personId: set.defaultOwnerId, poolId })
    const changes = { orgId: ctx.orgId, id: poolId, set }
    const pool = await updatePoolRow(ctx.db, changes).catch(takenName(set.name ?? before.name))
    const { name, purpose, defaultOwnerId } = before
    await record(ctx, 'pool.changed', {
      subject: { kind: 'pool', id: poolId },
      before: { name, purpose, defaultOwnerId },
      after: set,
    })
    return pool
  })
}

/** The pool, or NotFound in words. */
export async function getPool(ctx: Context, poolId: string): Promise<Pool> {
  const pool = await findPool(ctx.db, { orgId: ctx.orgId, id: poolId })
  if (!pool) throw notFound('There is no such pool in this organization. Nothing was changed.')
  return pool
}

async function ownerOf(
  ctx: Context,
  { parentId, defaultOwnerId }: { parentId: string; defaultOwnerId?: string | null | undefined },
): Promise<string | null> {
  if (defaultOwnerId) await assertMayOwn(ctx, { personId: defaultOwnerId, poolId: parentId })
  if (defaultOwnerId !== undefined) return defaultOwnerId
  const { personId } = ctx.actor
  const may = personId && (await hasOwnership(ctx.db, { orgId: ctx.orgId, personId, poolId: parentId }))
  return may ? personId : null
}

const takenName = (name: string) => (error: unknown) => {
  if (postgresError(error)?.constraint !== 'pools_sibling_name') throw error
  throw conflict(`There is already a pool called ${name} at that place. Nothing was changed.`, {
    field: 'name',
    next: 'Choose another name.',
  })
}
