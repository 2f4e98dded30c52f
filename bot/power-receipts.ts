/** How a change of a machine's power is told and taken back. */
import { z } from 'zod'
import type { Resource } from '../db/schema/resources.ts'
import { powerActions, type PowerAction } from '../db/vocabulary.ts'
import { attachMachines, detachMachines } from '../engine/power/attach.ts'
import type { Exceptions } from '../engine/power/decide.ts'
import { readPower } from '../engine/power/power-of.ts'
import { setPowerExceptions, switchMachine } from '../engine/power/switch.ts'
import type { BotContext } from './context.ts'
import { sayNext } from './power.ts'
import { done, type Done } from './reply.ts'
import { titleOf } from './resources.ts'
import { md, moment, type Rich } from './rich.ts'

/** How it stands with a machine before a change, for taking the change back. */
export async function powerBefore(
  ctx: BotContext,
  resourceId: string,
): Promise<Exceptions & { scheduleId: string | null }> {
  const before = (await readPower(ctx, [resourceId])).get(resourceId)
  const { scheduleId = null, skipUntil = null, keepOnUntil = null } = before ?? {}
  return { scheduleId, skipUntil, keepOnUntil }
}

/** The receipt of a machine that was switched; its undo switches it back. */
export const switchReceipt = (resource: Resource, action: PowerAction, text: Rich): Done =>
  done(text, {
    subject: { kind: 'resource', id: resource.id },
    undo: { verb: 'restore-power', kept: { switch: action === 'on' ? 'off' : 'on' } },
  })

/** The receipt of a change of a machine's schedule or exceptions: what comes next, and the way back. */
export async function scheduleReceipt(
  ctx: BotContext,
  resource: Resource,
  before: Awaited<ReturnType<typeof powerBefore>>,
): Promise<Done> {
  const now = (await readPower(ctx, [resource.id])).get(resource.id)
  const title = titleOf(resource)
  const next = now?.next.length ? md` Next: ${sayNext(now.next)}.` : ''
  const text = !now
    ? md`${title} follows no schedule now and stays as it is.`
    : now.skipUntil
      ? md`${title} skips ${now.schedule} until ${moment(now.skipUntil)}.${next}`
      : now.keepOnUntil
        ? md`${title} stays on until ${moment(now.keepOnUntil)}.${next}`
        : md`${title} follows ${now.schedule}.${next}`
  return done(text, {
    subject: { kind: 'resource', id: resource.id },
    undo: { verb: 'restore-power', kept: { before } },
  })
}

const kept = z.object({
  switch: z.enum(powerActions).optional(),
  before: z
    .object({
      scheduleId: z.string().nullable(),
      skipUntil: z.coerce.date().nullable(),
      keepOnUntil: z.coerce.date().nullable(),
    })
    .optional(),
})

/** Takes a change of power back: the machine is switched the other way, or follows again what it followed before. */
export async function undoPower(
  ctx: BotContext,
  { id, kept: stored }: { id: string; kept: Record<string, unknown> },
): Promise<string> {
  const { switch: action, before } = kept.parse(stored)
  if (action) {
    const resource = await switchMachine(ctx, { resourceId: id, action })
    return `${titleOf(resource)} is being switched ${action} again.`
  }
  const { scheduleId = null, skipUntil = null, keepOnUntil = null } = before ?? {}
  if (!scheduleId) {
    await detachMachines(ctx, { resourceIds: [id] })
    return 'It follows no schedule, as before.'
  }
  const now = (await readPower(ctx, [id])).get(id)
  if (now?.scheduleId !== scheduleId) await attachMachines(ctx, { scheduleId, resourceIds: [id] })
  await setPowerExceptions(ctx, {
    resourceId: id,
    skipUntil: later(ctx, skipUntil),
    keepOnUntil: later(ctx, keepOnUntil),
  })
  return 'Its power schedule is as it was before.'
}

const later = ({ now }: BotContext, at: Date | null): Date | null => (at && at > now() ? at : null)
