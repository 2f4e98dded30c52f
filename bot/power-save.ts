/** What the dialog of a machine's power does when it is saved. */
import type { Resource } from '../db/schema/resources.ts'
import { invalid } from '../engine/errors.ts'
import { attachMachines, detachMachines } from '../engine/power/attach.ts'
import { createSchedule } from '../engine/power/schedules.ts'
import { setPowerExceptions } from '../engine/power/switch.ts'
import { readTriggers } from '../engine/power/trigger-lines.ts'
import { isZone } from '../engine/time.ts'
import type { BotContext } from './context.ts'
import { another, lifeOf, none } from './power-form.ts'
import { done, type Done } from './reply.ts'
import { md } from './rich.ts'

/** The fields of the dialog; a schedule is an id, or one of the words of `power-form.ts`. */
type Entered = {
  schedule?: string | undefined
  name?: string | undefined
  triggers?: string | undefined
  zone?: string | undefined
  startsAt?: string | undefined
  endsAt?: string | undefined
  skipUntil?: Date | undefined
  keepOnUntil?: Date | undefined
}

/** Saves what was entered for a machine: the schedule it follows, made first when it is new, and what is different this time. */
export async function savePower(
  ctx: BotContext,
  { resource, current, values }: { resource: Resource; current: string | null; values: Entered },
): Promise<void> {
  const { schedule = current ?? none, skipUntil, keepOnUntil } = values
  const resourceIds = [resource.id]
  if (schedule === none) return current === null ? undefined : void (await detachMachines(ctx, { resourceIds }))
  const scheduleId = schedule === another ? (await newSchedule(ctx, values)).id : schedule
  if (scheduleId !== current) await attachMachines(ctx, { scheduleId, resourceIds })
  const later = (at: Date | undefined) => (at && at > ctx.now() ? at : null)
  const exceptions = { skipUntil: later(skipUntil), keepOnUntil: later(keepOnUntil) }
  if (scheduleId === current || exceptions.skipUntil || exceptions.keepOnUntil)
    await setPowerExceptions(ctx, { resourceId: resource.id, ...exceptions })
}

function newSchedule(ctx: BotContext, { name = '', triggers = '', zone = ctx.person.zone, startsAt, endsAt }: Entered) {
  if (!name.trim()) throw invalid('A new schedule needs a name. Nothing was changed.', { field: 'name' })
  if (!isZone(zone)) throw invalid(`The time zone ${zone} is not known. Nothing was changed.`, { field: 'zone' })
  return createSchedule(ctx, { name, zone, triggers: readTriggers(triggers), ...lifeOf({ startsAt, endsAt, zone }) })
}

/** Makes a schedule that no machine follows yet. */
export async function makeSchedule(ctx: BotContext, values: Entered): Promise<Done> {
  const { id, name } = await newSchedule(ctx, values)
  return done(
    md`The schedule *${name}* is made. Type \`power <resource> schedule ${name}\` to have a machine follow it.`,
    {
      subject: { kind: 'schedule', id },
    },
  )
}
