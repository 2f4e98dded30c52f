import { z } from 'zod'
import { placesOf, setAssignments } from '../../db/queries/assignments.ts'
import { lockSpendOf } from '../../db/queries/expenses.ts'
import { listEvents } from '../../db/queries/events.ts'
import { hasOwnership } from '../../db/queries/pools.ts'
import { listResourcesByIds } from '../../db/queries/resources.ts'
import type { Resource } from '../../db/schema/resources.ts'
import { assertCan } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { conflict, notFound } from '../errors.ts'
import { record } from '../events.ts'
import { assertMayOwn } from '../pools/owners.ts'
import { getPool } from '../pools/pool.ts'
import { minuteMs } from '../time.ts'
import { billIsStored } from './busy.ts'

/** Where a resource is and by which hand. */
export type Place = {
  resourceId: string
  poolId: string
  ownerId: string | null
  assignedBy: Resource['assignedBy']
  ruleId: string | null
}

export const AssignResources = z
  .object({
    resourceIds: z.array(z.uuid()).min(1).max(100),
    poolId: z.uuid().optional().meta({ label: 'Pool' }),
    ownerId: z.uuid().nullable().optional().meta({ label: 'Owner' }),
  })
  .refine(({ poolId, ownerId }) => poolId !== undefined || ownerId !== undefined, 'Name a pool or an owner')
export type AssignResources = z.input<typeof AssignResources>

/**
 * Puts resources into a pool, gives them an owner, or both; their spend moves along. The person must own them or manage
 * their pools and have a role in the target pool; so must the new owner. All or nothing. `undo` are the places of before.
 */
export async function assignResources(
  ctx: Context,
  input: AssignResources,
): Promise<{ assigned: number; undo: Place[] }> {
  const { resourceIds, poolId, ownerId } = AssignResources.parse(input)
  return inTransaction(ctx, async (ctx) => {
    const found = await lockResources(ctx, resourceIds)
    const places = found.map((resource) => ({
      resourceId: resource.id,
      poolId: poolId ?? resource.poolId,
      ownerId: ownerId === undefined ? resource.ownerId : ownerId,
      assignedBy: 'person' as const,
      ruleId: null,
    }))
    for (const pair of found.length === 1 ? found : distinct(found)) await assertCan(ctx, 'assign_resources', pair)
    if (poolId) await getPool(ctx, poolId)
    for (const pair of distinct(places)) await assertTarget(ctx, pair)
    await put(ctx, places)
    const undo = found.map(placeOf)
    for (const [n, place] of places.entries())
      await record(ctx, 'resource.assigned', { subject: subject(place.resourceId), before: undo[n]!, after: place })
    return { assigned: places.length, undo }
  })
}

/** How long a person may take back what they just did. */
const undoMinutes = 30

/**
 * Puts resources back where they were before this person's last assignment, if that was within 30 minutes and nobody changed
 * them since; the right is that they did it. Conflict otherwise.
 */
export async function undoAssignment(
  ctx: Context,
  { resourceIds }: { resourceIds: string[] },
): Promise<{ assigned: number }> {
  return inTransaction(ctx, async (ctx) => {
    const found = await lockResources(ctx, resourceIds)
    const places = await Promise.all(found.map((resource) => mayOnlyTakeBack(ctx, resource)))
    await put(ctx, places)
    for (const [n, place] of places.entries())
      await record(ctx, 'resource.assignment-undone', {
        subject: subject(place.resourceId),
        before: placeOf(found[n]!),
        after: place,
      })
    return { assigned: places.length }
  })
}

async function mayOnlyTakeBack(ctx: Context, resource: Resource): Promise<Place> {
  const events = await listEvents(ctx.db, { orgId: ctx.orgId, subject: subject(resource.id), limit: 50 })
  const last = events.find(({ name }) => name.startsWith('resource.assign'))
  const mine = last?.name === 'resource.assigned' && last.personId === ctx.actor.personId
  const recent = last !== undefined && ctx.now().getTime() - last.at.getTime() <= undoMinutes * minuteMs
  if (mine && recent && isSamePlace(last.after as Place, placeOf(resource))) return last.before as Place
  throw conflict(
    `${resource.name || resource.cloudResourceId} was changed since, or it is too late to undo. Nothing was changed.`,
    { next: 'Assign it again.' },
  )
}

const isSamePlace = (a: Place, b: Place) => a.poolId === b.poolId && a.ownerId === b.ownerId

/**
 * The resources as they are once nobody else moves them: rights and places are judged by that. Whoever deletes a pool holds
 * these locks too, so a pool that is there stays. NotFound when one is not there.
 */
async function lockResources(ctx: Context, ids: string[]): Promise<Resource[]> {
  const { orgId } = ctx
  await lockSpendOf(ctx.db, { orgId, resourceIds: ids }).catch(billIsStored)
  const found = await listResourcesByIds(ctx.db, { orgId, ids })
  if (found.length === new Set(ids).size) return found
  throw notFound('One of these resources does not exist. Nothing was changed.')
}

async function put(ctx: Context, places: Place[]): Promise<void> {
  const { scope, relation } = placesOf(places)
  for (const poolId of new Set(places.map((place) => place.poolId))) await getPool(ctx, poolId)
  await setAssignments(ctx.db, { orgId: ctx.orgId, scope, places: relation })
}

async function assertTarget(
  ctx: Context,
  { poolId, ownerId }: { poolId: string; ownerId: string | null },
): Promise<void> {
  const { personId } = ctx.actor
  if (ownerId) await assertMayOwn(ctx, { personId: ownerId, poolId })
  if (personId === null || (await hasOwnership(ctx.db, { orgId: ctx.orgId, personId, poolId }))) return
  await assertCan(ctx, 'assign_resources', { poolId })
}

const subject = (id: string) => ({ kind: 'resource' as const, id })

const placeOf = ({ id: resourceId, poolId, ownerId, assignedBy, ruleId }: Resource): Place => ({
  resourceId,
  poolId,
  ownerId,
  assignedBy,
  ruleId,
})

/** Rights depend on pool and owner only. */
const distinct = (list: { poolId: string; ownerId: string | null }[]) => [
  ...new Map(list.map(({ poolId, ownerId }) => [`${poolId} ${ownerId}`, { poolId, ownerId }])).values(),
]
