/** What the dialog of a machine's power starts with and shows: the schedule in question and its next three transitions. */
import { listSchedules, type ScheduleRow } from '../db/queries/power.ts'
import { findFinding } from '../db/queries/recommendations.ts'
import { AppError, notFound } from '../engine/errors.ts'
import { ahead } from '../engine/power/decide.ts'
import { suggestTriggers } from '../engine/power/suggest.ts'
import { readTriggers, sayTrigger } from '../engine/power/trigger-lines.ts'
import type { InactivePeriod } from '../engine/recommendations/evidence.ts'
import { readResource, type ResourceFacts } from '../engine/resources/resource.ts'
import { addDays, instantAt, isZone } from '../engine/time.ts'
import type { BotContext } from './context.ts'
import { sayNext } from './power.ts'
import { md, type Rich } from './rich.ts'

/** Choices besides the schedules there are. */
export const [none, another] = ['none', 'new']

const usual = 'on 08:00 mon-fri; off 20:00 mon-fri'

export type PowerForm = {
  /** Null when only a schedule is made. */
  machine: ResourceFacts | null
  schedules: ScheduleRow[]
  /** A new schedule's first times; from the hours in which the machine does nothing where a finding knows them. */
  triggers: string
  isSuggested: boolean
}

/** Reads what the dialog is about: a resource, a finding about one, or nothing. */
export async function readPowerForm(ctx: BotContext, facts: Record<string, string>): Promise<PowerForm> {
  const { findingId, resourceId } = facts
  const { orgId } = ctx
  const finding = findingId ? await findFinding(ctx.db, { orgId, id: findingId, now: ctx.now() }) : null
  if (findingId && !finding?.resourceId) throw notFound('This recommendation is over. Nothing was changed.')
  const id = finding?.resourceId ?? resourceId
  const [machine, schedules] = await Promise.all([id ? readResource(ctx, id) : null, listSchedules(ctx.db, orgId)])
  const periods = (finding?.evidence['inactivity_periods'] ?? []) as InactivePeriod[]
  const suggested = suggestTriggers(periods, { zone: ctx.person.zone, now: ctx.now() })
  const triggers = suggested.length ? suggested.map(sayTrigger).join('; ') : usual
  return { machine, schedules, triggers, isSuggested: suggested.length > 0 }
}

/** When a schedule begins and ends, from its first and last day in its zone; both days belong to it. */
export function lifeOf({
  startsAt,
  endsAt,
  zone,
}: {
  startsAt?: string | undefined
  endsAt?: string | undefined
  zone: string
}): {
  startsAt?: Date
  endsAt: Date | null
} {
  if (!isZone(zone)) return { endsAt: null }
  return {
    ...(startsAt ? { startsAt: instantAt(startsAt, '00:00', zone) } : {}),
    endsAt: endsAt ? instantAt(addDays(endsAt, 1), '00:00', zone) : null,
  }
}

/** The next three transitions of what is chosen, each in the reader's zone; or what is not understood yet. */
export function preview(
  ctx: BotContext,
  of: { schedule: ScheduleRow | null; triggers: string; zone: string; startsAt?: Date; endsAt: Date | null },
): Rich {
  const { schedule, triggers, zone, startsAt = ctx.now(), endsAt } = of
  if (!schedule && !isZone(zone)) return md`:warning: The time zone ${zone} is not known. Write it like Europe/Berlin.`
  try {
    const plan = schedule ?? { triggers: readTriggers(triggers), zone, startsAt, endsAt }
    const next = ahead(plan, { now: ctx.now() })
    const times = schedule ? `${schedule.triggers.map(sayTrigger).join('; ')} · ${schedule.zone}` : ''
    return next.length ? md`${times ? `${times}\n` : ''}Next, in your time: ${sayNext(next)}` : md`Nothing comes next.`
  } catch (error) {
    if (error instanceof AppError) return md`:warning: ${error.message} ${error.detail.next ?? ''}`
    throw error
  }
}
