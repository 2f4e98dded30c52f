import { setResourceRevision } from '../../db/queries/constraints.ts'
import { inTransaction, type Context } from '../context.ts'
import { assertStill } from '../still.ts'
import { attachMachines, detachMachines } from './attach.ts'
import type { Exceptions } from './decide.ts'
import { readPower } from './power-of.ts'
import { setPowerExceptions } from './switch.ts'

/** The schedule a machine follows, null for none, and what is different this time. */
export type Following = Exceptions & { scheduleId: string | null }

/** What a machine follows now; exceptions that are over are none. */
export async function readFollowing(ctx: Context, resourceId: string): Promise<Following> {
  const now = (await readPower(ctx, [resourceId])).get(resourceId)
  const { scheduleId = null, skipUntil = null, keepOnUntil = null } = now ?? {}
  return { scheduleId, skipUntil, keepOnUntil }
}

/**
 * Has a machine follow again what it followed before a change, if it still follows what that change left. Conflict otherwise:
 * what somebody decided after it stands.
 */
export async function restoreFollowing(
  ctx: Context,
  { resourceId, before, after }: { resourceId: string; before: Following; after: Following },
): Promise<void> {
  const [was, left] = [ahead(ctx, before), ahead(ctx, after)]
  // The verbs it is made of assertCan and say what happened; no event: there is nothing to add.
  await inTransaction(ctx, async (ctx) => {
    // Whoever changes it at the same time waits here.
    await setResourceRevision(ctx.db, { orgId: ctx.orgId, id: resourceId })
    assertStill(await readFollowing(ctx, resourceId), left)
    const { scheduleId, skipUntil, keepOnUntil } = was
    if (scheduleId === null) return void (await detachMachines(ctx, { resourceIds: [resourceId] }))
    if (left.scheduleId !== scheduleId) await attachMachines(ctx, { scheduleId, resourceIds: [resourceId] })
    await setPowerExceptions(ctx, { resourceId, skipUntil, keepOnUntil })
  })
}

/** Without exceptions that are over by now. */
function ahead({ now }: Context, { scheduleId, skipUntil, keepOnUntil }: Following): Following {
  const later = (at: Date | null) => (at && at > now() ? at : null)
  return { scheduleId, skipUntil: later(skipUntil), keepOnUntil: later(keepOnUntil) }
}
