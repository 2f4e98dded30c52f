import { listAttachments, listSchedules } from '../../db/queries/power.ts'
import type { Context } from '../context.ts'
import { ahead, type Exceptions, type Transition } from './decide.ts'

/** The schedule a machine follows, what was asked for it, and what comes next; `next` is empty while it is switched off. */
export type PowerOf = Exceptions & { scheduleId: string; schedule: string; enabled: boolean; next: Transition[] }

/** The power of some machines by resource id; those without a schedule are left out. Two queries. */
export async function readPower(ctx: Context, resourceIds: string[]): Promise<Map<string, PowerOf>> {
  const attachments = await listAttachments(ctx.db, { orgId: ctx.orgId, resourceIds })
  if (attachments.length === 0) return new Map()
  const schedules = await listSchedules(ctx.db, ctx.orgId)
  const found = attachments.map(({ resourceId, scheduleId, skipUntil, keepOnUntil }): [string, PowerOf] => {
    const schedule = schedules.find(({ id }) => id === scheduleId)!
    const later = (at: Date | null) => (at && at > ctx.now() ? at : null)
    const exceptions = { skipUntil: later(skipUntil), keepOnUntil: later(keepOnUntil) }
    const next = schedule.enabled ? ahead(schedule, { now: ctx.now(), exceptions }) : []
    return [resourceId, { scheduleId, schedule: schedule.name, enabled: schedule.enabled, ...exceptions, next }]
  })
  return new Map(found)
}
