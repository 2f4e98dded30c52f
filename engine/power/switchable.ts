import { findEnvironment, findEnvironmentOfResource } from '../../db/queries/environments.ts'
import { findResource } from '../../db/queries/resources.ts'
import type { Resource } from '../../db/schema/resources.ts'
import { assertCan } from '../access.ts'
import type { Context } from '../context.ts'
import { notFound } from '../errors.ts'

/** The machine, when the actor may switch it; NotFound or Forbidden otherwise. */
export async function switchable(ctx: Context, resourceId: string): Promise<Resource> {
  const resource = await findResource(ctx.db, { orgId: ctx.orgId, id: resourceId })
  if (!resource) throw notFound('There is no such resource in this organization. Nothing was changed.')
  await mayOnlySwitch(ctx, resource)
  return resource
}

/** Refuses whoever may not switch a machine; who holds the environment it is shared as may while they hold it. */
export async function mayOnlySwitch(ctx: Context, resource: Resource): Promise<void> {
  const { orgId } = ctx
  const shared = await findEnvironmentOfResource(ctx.db, { orgId, resourceId: resource.id })
  const board = shared && (await findEnvironment(ctx.db, { orgId, id: shared.id, now: ctx.now() }))
  if (board?.current && board.current.personId === ctx.actor.personId) return
  await assertCan(ctx, 'switch_power', resource)
}
