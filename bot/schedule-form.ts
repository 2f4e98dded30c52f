/** A power schedule that is changed in a dialog: what its fields start with, what they mean, and the way back. */
import { z } from 'zod'
import type { PowerSchedule } from '../db/schema/power.ts'
import { conflict } from '../engine/errors.ts'
import { changeSchedule, getSchedule, Trigger, type ChangeSchedule } from '../engine/power/schedules.ts'
import { readTriggers, sayTrigger } from '../engine/power/trigger-lines.ts'
import { addDays, instantAt, localOf } from '../engine/time.ts'
import type { BotContext } from './context.ts'

/** The fields as people see them; days are in the zone of the schedule, and the last one belongs to it. */
export type ScheduleEntries = {
  name: string
  triggers: string
  zone: string
  startsAt?: string | undefined
  endsAt?: string | undefined
}

/** What the dialog starts with. */
export const entriesOf = ({ name, triggers, zone, startsAt, endsAt }: PowerSchedule): ScheduleEntries => ({
  ...{ name, triggers: triggers.map(sayTrigger).join('; '), zone },
  startsAt: localOf(startsAt, zone).day,
  endsAt: endsAt ? localOf(new Date(endsAt.getTime() - 1), zone).day : undefined,
})

/**
 * What the verb gets: a moment of its own stays where neither its day nor the zone was changed. An emptied first day means
 * now where the schedule has not begun, and nothing where it has.
 */
export function changeOf(schedule: PowerSchedule, entered: ScheduleEntries, now: Date): ChangeSchedule {
  const was = entriesOf(schedule)
  const { name, triggers, zone, startsAt, endsAt } = entered
  const isMoved = (field: 'startsAt' | 'endsAt') => entered[field] !== was[field] || zone !== was.zone
  const start = startsAt ? instantAt(startsAt, '00:00', zone) : schedule.startsAt > now ? now : schedule.startsAt
  return {
    ...{ scheduleId: schedule.id, name, zone },
    triggers: readTriggers(triggers),
    startsAt: isMoved('startsAt') ? start : schedule.startsAt,
    endsAt: !isMoved('endsAt') ? schedule.endsAt : endsAt ? instantAt(addDays(endsAt, 1), '00:00', zone) : null,
  }
}

/** What Undo needs: how it was, and the revision after the change. */
export const keptOf = (before: PowerSchedule, { rev }: PowerSchedule) => ({
  ...{ name: before.name, zone: before.zone, triggers: before.triggers, rev },
  ...{ startsAt: before.startsAt.toISOString(), endsAt: before.endsAt?.toISOString() ?? null },
})

const kept = z.object({
  ...{ name: z.string(), zone: z.string(), triggers: z.array(Trigger), rev: z.number() },
  ...{ startsAt: z.coerce.date(), endsAt: z.coerce.date().nullable() },
})

/** Puts a schedule back as it was, unless somebody changed it since. */
export async function restoreSchedule(
  ctx: BotContext,
  { id, kept: stored }: { id: string; kept: Record<string, unknown> },
): Promise<string> {
  const { rev, ...before } = kept.parse(stored)
  const now = await getSchedule(ctx, id)
  if (now.rev !== rev) throw conflict(`${now.name} was changed since. Nothing was changed.`)
  await changeSchedule(ctx, { scheduleId: id, ...before })
  return `${before.name} is as it was before.`
}
