/** Power schedules: when machines are on and off. Organization managers make them. */
import { z } from 'zod'
import {
  deleteScheduleRow,
  findSchedule,
  insertSchedule,
  setSchedule,
  type ScheduleRow,
} from '../../db/queries/power.ts'
import type { PowerSchedule, PowerTrigger } from '../../db/schema/power.ts'
import { powerActions } from '../../db/vocabulary.ts'
import { assertCan } from '../access.ts'
import { inTransaction, type Context } from '../context.ts'
import { conflict, invalid, notFound, postgresError } from '../errors.ts'
import { record } from '../events.ts'
import { isZone } from '../time.ts'
import { sayTriggers } from './trigger-lines.ts'

/** Said wherever a schedule is made: it is the one thing that changes something in a cloud. */
export const writeRight =
  'Everything else here only reads. A power schedule starts and stops machines, so the key of their account needs the separate power policy.'

export const Trigger = z.object({
  action: z.enum(powerActions),
  at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write the time like 08:00.'),
  days: z.array(z.number().int().min(1).max(7)).min(1, 'Choose at least one weekday.'),
})

export const CreateSchedule = z.object({
  name: z.string().trim().min(1, 'Give it a name.').max(255, 'Use 255 characters at most.').meta({ label: 'Name' }),
  zone: z
    .string()
    .trim()
    .max(64)
    .refine(isZone, 'This time zone is not known. Write it like Europe/Berlin.')
    .meta({ label: 'Time zone' }),
  triggers: z.array(Trigger).min(1, 'A schedule needs at least one time.').max(50, 'Use 50 times at most.'),
  /** Now when left out. */
  startsAt: z.date().optional(),
  endsAt: z.date().nullable().default(null),
  enabled: z.boolean().default(true),
})
export type CreateSchedule = z.input<typeof CreateSchedule>

/** Makes a schedule; nothing is switched before its first transition from now on. Names are unique. */
export async function createSchedule(ctx: Context, input: CreateSchedule): Promise<PowerSchedule> {
  await assertCan(ctx, 'manage_power')
  const { startsAt = ctx.now(), ...rest } = CreateSchedule.parse(input)
  checkTriggers(rest.triggers)
  checkLife(ctx, { startsAt, endsAt: rest.endsAt })
  const now = ctx.now()
  return inTransaction(ctx, async (ctx) => {
    const row = { orgId: ctx.orgId, startsAt, lastEvaluatedAt: now, createdBy: ctx.actor.personId, createdAt: now }
    const made = await insertSchedule(ctx.db, { ...row, ...rest })
    if (!made) throw nameTaken(rest.name, 'created')
    await record(ctx, 'schedule.created', { subject: { kind: 'schedule', id: made.id }, after: inAudit(made) })
    return made
  })
}

export const ChangeSchedule = CreateSchedule.partial().extend({
  scheduleId: z.uuid(),
  endsAt: z.date().nullable().optional(),
  enabled: z.boolean().optional(),
})
export type ChangeSchedule = z.input<typeof ChangeSchedule>

/** Changes a schedule. What was missed before counts no longer: only transitions from now on are made. */
export async function changeSchedule(ctx: Context, input: ChangeSchedule): Promise<PowerSchedule> {
  await assertCan(ctx, 'manage_power')
  const { scheduleId, ...change } = ChangeSchedule.parse(input)
  const before = await getSchedule(ctx, scheduleId)
  if (change.triggers) checkTriggers(change.triggers)
  if (change.endsAt) checkLife(ctx, { startsAt: change.startsAt ?? before.startsAt, endsAt: change.endsAt })
  else if (change.startsAt && change.endsAt === undefined)
    checkLife(ctx, { startsAt: change.startsAt, endsAt: before.endsAt })
  return inTransaction(ctx, async (ctx) => {
    const where = { orgId: ctx.orgId, id: scheduleId }
    const after = await setSchedule(ctx.db, where, { ...change, lastEvaluatedAt: ctx.now() }).catch(asNameTaken(change))
    if (!after) throw gone()
    await record(ctx, 'schedule.changed', {
      subject: { kind: 'schedule', id: scheduleId },
      before: inAudit(before),
      after: inAudit(after),
    })
    return after
  })
}

/** Deletes a schedule; its machines stay as they are now and follow none. */
export async function deleteSchedule(ctx: Context, { scheduleId }: { scheduleId: string }): Promise<void> {
  await assertCan(ctx, 'manage_power')
  const before = await getSchedule(ctx, scheduleId)
  await inTransaction(ctx, async (ctx) => {
    await deleteScheduleRow(ctx.db, { orgId: ctx.orgId, id: scheduleId })
    const subject = { kind: 'schedule', id: scheduleId } as const
    await record(ctx, 'schedule.deleted', { subject, before: { ...inAudit(before), machines: before.machines } })
  })
}

/** The schedule, or NotFound. */
export async function getSchedule(ctx: Context, id: string): Promise<ScheduleRow> {
  const found = await findSchedule(ctx.db, { orgId: ctx.orgId, id })
  if (!found) throw gone()
  return found
}

const gone = () => notFound('There is no such power schedule in this organization. Nothing was changed.')

const nameTaken = (name: string, done: string) =>
  conflict(`There is a schedule called ${name} already. Nothing was ${done}.`, {
    field: 'name',
    next: 'Choose another name.',
  })

const asNameTaken =
  ({ name = '' }: { name?: string | undefined }) =>
  (error: unknown): never => {
    if (postgresError(error)?.constraint === 'power_schedules_name') throw nameTaken(name, 'changed')
    throw error
  }

/** On and off at one moment of one day would be a toss. */
function checkTriggers(triggers: PowerTrigger[]): void {
  for (const one of triggers)
    for (const other of triggers)
      if (one.at === other.at && one.action !== other.action && one.days.some((day) => other.days.includes(day)))
        throw invalid(`At ${one.at} it would be switched on and off at once. Nothing was changed.`, {
          field: 'triggers',
          next: 'Choose different times.',
        })
}

function checkLife(ctx: Context, { startsAt, endsAt }: { startsAt: Date; endsAt: Date | null }): void {
  if (endsAt === null || (endsAt > ctx.now() && endsAt > startsAt)) return
  throw invalid('A schedule must end later than now and than its start. Nothing was changed.', {
    field: 'endsAt',
    next: 'Choose a later end, or none.',
  })
}

const inAudit = ({ name, zone, triggers, enabled, startsAt, endsAt }: PowerSchedule) => ({
  name,
  zone,
  triggers: sayTriggers(triggers),
  enabled,
  startsAt: startsAt.toISOString(),
  endsAt: endsAt?.toISOString() ?? null,
})
