/** How a change of a machine's power is told and taken back. */
import { z } from 'zod'
import type { Resource } from '../db/schema/resources.ts'
import { readPower } from '../engine/power/power-of.ts'
import { readFollowing, restoreFollowing, type Following } from '../engine/power/restore.ts'
import { switchMachine, SwitchMachine } from '../engine/power/switch.ts'
import type { BotContext } from './context.ts'
import { sayNext } from './power.ts'
import { done, type Done } from './reply.ts'
import { titleOf } from './resources.ts'
import { md, moment, type Rich } from './rich.ts'

/** The receipt of a machine that was switched; its undo switches it back. */
export const switchReceipt = ({ resource, asked }: Awaited<ReturnType<typeof switchMachine>>, text: Rich): Done =>
  done(text, {
    subject: { kind: 'resource', id: resource.id },
    undo: { verb: 'restore-power', kept: { asked } },
  })

/** The receipt of a change of a machine's schedule or exceptions: what comes next, and the way back. */
export async function scheduleReceipt(ctx: BotContext, resource: Resource, before: Following): Promise<Done> {
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
    undo: { verb: 'restore-power', kept: { before, after: await readFollowing(ctx, resource.id) } },
  })
}

const following = z.object({
  scheduleId: z.string().nullable(),
  skipUntil: z.coerce.date().nullable(),
  keepOnUntil: z.coerce.date().nullable(),
})
const kept = z.union([
  z.object({ asked: SwitchMachine.shape.still.unwrap() }),
  z.object({ before: following, after: following }),
])

/** Takes a change of power back: the machine is switched the other way, or follows again what it followed before. */
export async function undoPower(
  ctx: BotContext,
  { id, kept: stored }: { id: string; kept: Record<string, unknown> },
): Promise<string> {
  const change = kept.parse(stored)
  if ('asked' in change) {
    const action = change.asked.action === 'on' ? 'off' : 'on'
    const { resource } = await switchMachine(ctx, { resourceId: id, action, still: change.asked })
    return `${titleOf(resource)} is being switched ${action} again.`
  }
  await restoreFollowing(ctx, { resourceId: id, ...change })
  return change.before.scheduleId ? 'Its power schedule is as it was before.' : 'It follows no schedule, as before.'
}
