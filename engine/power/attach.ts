/** Which machines follow which schedule: one at most per machine, the new one takes the place of the old. */
import { z } from 'zod'
import { deleteAttachments, listAttachments, upsertAttachments, type AttachmentRow } from '../../db/queries/power.ts'
import { listResourcesByIds } from '../../db/queries/resources.ts'
import { setResourceRevision } from '../../db/queries/constraints.ts'
import type { Resource } from '../../db/schema/resources.ts'
import { assertCan } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { record } from '../events.ts'
import { mayNot, reachOf, unfit } from './reach.ts'
import { getSchedule } from './schedules.ts'

export const AttachMachines = z.object({
  scheduleId: z.uuid(),
  resourceIds: z.array(z.uuid()).min(1, 'Choose at least one machine.').max(500, 'Choose 500 machines at most.'),
})
export type AttachMachines = z.input<typeof AttachMachines>

/** Machines that follow the schedule now, and those that cannot, each with why. */
export type Attached = { attached: Resource[]; refused: { resource: Resource; why: AppError }[] }

/**
 * Has machines follow a schedule from its next transition on. What cannot is left out and said: no instance, gone, an account
 * without a key, a key without the power right (asked of the cloud by a dry run). Throws the reason when none can.
 */
export async function attachMachines(ctx: Context, input: AttachMachines): Promise<Attached> {
  const { scheduleId, resourceIds } = AttachMachines.parse(input)
  await assertCan(ctx, 'manage_power')
  const schedule = await getSchedule(ctx, scheduleId)
  const resources = await listResourcesByIds(ctx.db, { orgId: ctx.orgId, ids: resourceIds })
  if (resources.length === 0) throw notFound('There is no such machine in this organization. Nothing was changed.')
  const refused = await refusals(ctx, resources)
  const attached = resources.filter(({ id }) => !refused.some(({ resource }) => resource.id === id))
  if (attached.length === 0) throw refused[0]!.why
  return inTransaction(ctx, async (ctx) => {
    const at = { orgId: ctx.orgId, scheduleId, attachedBy: ctx.actor.personId, attachedAt: ctx.now() }
    const ids = attached.map(({ id }) => id)
    const before = await listAttachments(ctx.db, { orgId: ctx.orgId, resourceIds: ids })
    const clean = { skipUntil: null, keepOnUntil: null }
    await upsertAttachments(
      ctx.db,
      ids.map((resourceId) => ({ ...at, ...clean, resourceId })),
    )
    for (const id of ids) {
      await setResourceRevision(ctx.db, { orgId: ctx.orgId, id })
      await record(ctx, 'resource.power-attached', {
        subject: { kind: 'resource', id },
        before: { scheduleId: before.find(({ resourceId }) => resourceId === id)?.scheduleId ?? null },
        after: { scheduleId, schedule: schedule.name },
      })
    }
    return { attached, refused }
  })
}

/** Each machine's reason not to be switched. The cloud is asked once per account and region. */
async function refusals(ctx: Context, resources: Resource[]): Promise<Attached['refused']> {
  const unfits = resources.flatMap((resource) => {
    const why = unfit(resource)
    return why ? [{ resource, why }] : []
  })
  const fit = resources.filter((resource) => !unfit(resource))
  const places = Map.groupBy(fit, ({ accountId, region }) => `${accountId} ${region}`)
  const refused: Attached['refused'] = []
  for (const own of places.values()) {
    const reach = await reachOf(ctx, own[0]!.accountId)
    const why = reach instanceof AppError ? reach : await mayNot(reach, own[0]!)
    if (why) refused.push(...own.map((resource) => ({ resource, why })))
  }
  return [...unfits, ...refused]
}

/** Takes machines off their schedules; they stay as they are now. Returns what they followed. */
export async function detachMachines(ctx: Context, input: { resourceIds: string[] }): Promise<AttachmentRow[]> {
  await assertCan(ctx, 'manage_power')
  return inTransaction(ctx, async (ctx) => {
    const before = await listAttachments(ctx.db, { orgId: ctx.orgId, resourceIds: input.resourceIds })
    await deleteAttachments(ctx.db, { orgId: ctx.orgId, resourceIds: before.map(({ resourceId }) => resourceId) })
    for (const { resourceId: id, scheduleId } of before) {
      await setResourceRevision(ctx.db, { orgId: ctx.orgId, id })
      await record(ctx, 'resource.power-detached', { subject: { kind: 'resource', id }, before: { scheduleId } })
    }
    return before
  })
}
