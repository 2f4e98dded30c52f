import {
  deleteResourceConstraint,
  listConstraintsOf,
  setResourceConstraint,
  setResourceRevision,
  type ConstraintState,
} from '../../db/queries/constraints.ts'
import { listEvents } from '../../db/queries/events.ts'
import { listResourcePlaces } from '../../db/queries/resource-facts.ts'
import { lockResource } from '../../db/queries/resources.ts'
import type { Resource } from '../../db/schema/resources.ts'
import type { ConstraintType } from '../../db/vocabulary.ts'
import { assertCan, can } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { conflict, notFound } from '../errors.ts'
import { record } from '../events.ts'

/** A change of a constraint: what held before and what holds now. */
export type ConstraintChange = { before: ConstraintState; after: ConstraintState }

/** What the verbs need to know first: the resource, what holds for it, and whether the person may go beyond the pool's policy. */
export type Standing = { resource: Resource; state: ConstraintState; mayPass: boolean }

/** What is changed: one type of constraint of one resource, and the name of the event that says so. */
export type ToChange = { resourceId: string; type: ConstraintType; event: string }

/**
 * Changes what holds for a resource: `decide` says which own constraint it gets (null = none), judged by what holds once nobody
 * else changes it.
 */
export async function changeConstraint(
  ctx: Context,
  { resourceId, type, event }: ToChange,
  decide: (ctx: Context, found: Standing) => Promise<OwnConstraint> | OwnConstraint,
): Promise<ConstraintChange> {
  return inTransaction(ctx, async (ctx) => {
    const resource = await lockResource(ctx.db, { orgId: ctx.orgId, id: resourceId })
    if (!resource) throw notFound('There is no such resource in this organization. Nothing was changed.')
    await assertCan(ctx, 'set_constraints', resource)
    const found = await standing(ctx, { resource, type })
    const own = await decide(ctx, found)
    const after = await storeConstraint(ctx, { resource: found.resource, type, own })
    await record(ctx, event, {
      subject: { kind: 'resource', id: resourceId },
      before: { type, ...inAudit(found.state) },
      after: inAudit(after),
    })
    return { before: found.state, after }
  })
}

/** What holds now. Constraints need a living resource: gone ones have nothing to limit. */
async function standing(
  ctx: Context,
  { resource, type }: { resource: Resource; type: ConstraintType },
): Promise<Standing> {
  const [place] = await listResourcePlaces(ctx.db, { orgId: ctx.orgId, ids: [resource.id], now: ctx.now() })
  if (place?.discovered && !resource.active)
    throw conflict(`${resource.name || resource.cloudResourceId} is gone from the cloud. Nothing was changed.`)
  return {
    resource,
    state: await readConstraint(ctx, { resourceId: resource.id, type }),
    mayPass: await can(ctx, 'pass_policy', resource),
  }
}

/** What holds for a resource in one type. */
export async function readConstraint(
  ctx: Context,
  { resourceId, type }: { resourceId: string; type: ConstraintType },
): Promise<ConstraintState> {
  const states = await listConstraintsOf(ctx.db, { orgId: ctx.orgId, resourceIds: [resourceId] })
  return states.find((state) => state.type === type)!
}

/** Stores an own constraint (null takes it away), and counts the resource's revision up. */
async function storeConstraint(
  ctx: Context,
  { resource, type, own }: { resource: Resource; type: ConstraintType; own: OwnConstraint },
): Promise<ConstraintState> {
  const { orgId } = ctx
  const where = { orgId, resourceId: resource.id, type }
  if (own === null) await deleteResourceConstraint(ctx.db, where)
  else await setResourceConstraint(ctx.db, { ...where, ...own, setAt: ctx.now() })
  await setResourceRevision(ctx.db, { orgId, id: resource.id })
  return readConstraint(ctx, where)
}

/** An own constraint as it was, for taking a change back; null = there was none. */
export type OwnConstraint = { limit: string; setBy: string | null } | null

/** What to keep of a state so that `restoreConstraint` can bring it back. TTLs in epoch seconds. */
export const ownOf = ({ source, limit, setBy }: ConstraintState): OwnConstraint =>
  source === 'own' && limit !== null ? { limit, setBy } : null

/** Did somebody else set what holds? */
export const isTheirs = (ctx: Context, { source, setBy }: ConstraintState): boolean =>
  source === 'own' && setBy !== ctx.actor.personId

/** Whose a constraint is that this person sets: theirs, or still that of a manager whose limit it may not pass. */
export const authorOf = (ctx: Context, { state, mayPass }: Standing): string | null =>
  isTheirs(ctx, state) && Number(state.limit) > 0 && !mayPass ? state.setBy : ctx.actor.personId

/** A state as the audit trail keeps it. */
const inAudit = ({ source, limit, endsAt }: ConstraintState) => ({
  source,
  limit,
  endsAt: endsAt?.toISOString() ?? null,
})

/**
 * Takes the person's own change of a constraint back: what they `made` may go, whatever stood before comes back as it was.
 * Conflict when anybody set it again meanwhile.
 */
export async function restoreConstraint(
  ctx: Context,
  { own, made, ...what }: { resourceId: string; type: ConstraintType; own: OwnConstraint; made: OwnConstraint },
): Promise<ConstraintChange> {
  return changeConstraint(ctx, { ...what, event: 'resource.constraint-restored' }, async (ctx, { state }) => {
    if ((await isLastBy(ctx, what)) && ownOf(state)?.limit === made?.limit) return own
    throw conflict('This was changed again since. Nothing was changed.', { next: 'Look at what holds now.' })
  })
}

const changes = ['ttl-set', 'let-go', 'daily-limit-set', 'constraint-removed', 'constraint-restored']

/** Was the last change of this type this person's? */
async function isLastBy(
  ctx: Context,
  { resourceId, type }: { resourceId: string; type: ConstraintType },
): Promise<boolean> {
  const subject = { kind: 'resource', id: resourceId } as const
  const names = changes.map((name) => `resource.${name}`)
  const last = (await listEvents(ctx.db, { orgId: ctx.orgId, subject, names })).find(
    ({ before }) => before?.['type'] === type,
  )
  return last?.personId === ctx.actor.personId
}
