/** What people ask of one machine: on or off now, skip the schedule for a while, keep it on until. */
import { z } from 'zod'
import { setResourceRevision } from '../../db/queries/constraints.ts'
import { findPower, setExceptions } from '../../db/queries/power.ts'
import {
  findLastAsked,
  insertPowerActions,
  setWaitingSuperseded,
  upsertPowerAction,
  type Asked,
} from '../../db/queries/power-actions.ts'
import type { PowerSchedule } from '../../db/schema/power.ts'
import type { Resource } from '../../db/schema/resources.ts'
import { powerActions } from '../../db/vocabulary.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { AppError, invalid } from '../errors.ts'
import { record } from '../events.ts'
import { assertStill } from '../still.ts'
import type { Exceptions } from './decide.ts'
import { mayNot, reachOf, unfit } from './reach.ts'
import { mayOnlySwitch, switchable } from './switchable.ts'

export const SwitchMachine = z.object({
  resourceId: z.uuid(),
  action: z.enum(powerActions),
  /** For `on`: stopped then, unless its schedule wants it on. */
  until: z.date().optional(),
  /** Only while this is the last thing anybody or a schedule asked: what is taken back. */
  still: z.object({ action: z.enum(powerActions), askedAt: z.iso.datetime() }).optional(),
})
export type SwitchMachine = z.input<typeof SwitchMachine>

/**
 * Switches a machine now; the cloud is asked by a job, its card shows what came of it. Owner, manager of its pool, or who has
 * booked it now. Takes the place of everything that waited for it. Invalid where it cannot be switched, with why.
 * `asked` is what to name as `still` to take it back.
 */
export async function switchMachine(ctx: Context, input: SwitchMachine): Promise<{ resource: Resource; asked: Asked }> {
  const { resourceId, action, until, still } = SwitchMachine.parse(input)
  const resource = await switchable(ctx, resourceId)
  checkLater(ctx, until, 'until')
  const why = unfit(resource) ?? (await refusalOf(ctx, resource))
  if (why) throw why
  const { orgId } = ctx
  return inTransaction(ctx, async (ctx) => {
    const now = ctx.now()
    await mayOnlySwitch(ctx, resource)
    // Before anything is read: whoever switches it at the same time waits here.
    await setResourceRevision(ctx.db, { orgId, id: resourceId })
    if (still) assertStill(await findLastAsked(ctx.db, { orgId, resourceId }), still)
    await setWaitingSuperseded(ctx.db, { orgId, resourceId, now })
    const wish = { orgId, resourceId, askedBy: ctx.actor.personId, createdAt: now }
    await upsertPowerAction(ctx.db, { ...wish, action, dueAt: now })
    const end = action === 'on' && until ? until : null
    const scheduled = await findPower(ctx.db, { orgId, resourceId })
    // A schedule that is switched off or over by then stops nothing.
    const held = end && scheduled && acts(scheduled.schedule, end)
    if (scheduled) await setExceptions(ctx.db, { orgId, resourceId }, { keepOnUntil: held ? end : null })
    if (end && !held) await insertPowerActions(ctx.db, [{ ...wish, action: 'off', dueAt: end }])
    await record(ctx, `resource.asked-${action}`, {
      subject: { kind: 'resource', id: resourceId },
      after: { action, until: until?.toISOString() ?? null },
    })
    await enqueue(ctx, 'act-on-power', { orgId, accountId: resource.accountId, key: resource.accountId })
    return { resource, asked: { action, askedAt: now.toISOString() } }
  })
}

/** Does the schedule do anything at this moment? */
const acts = ({ enabled, startsAt, endsAt }: PowerSchedule, at: Date): boolean =>
  enabled && startsAt <= at && (endsAt === null || endsAt > at)

async function refusalOf(ctx: Context, resource: Resource): Promise<AppError | null> {
  const reach = await reachOf(ctx, resource.accountId)
  return reach instanceof AppError ? reach : mayNot(reach, resource)
}

export const SetExceptions = z.object({
  resourceId: z.uuid(),
  /** Null ends it; left out, it stays as it is. */
  skipUntil: z.date().nullable().optional(),
  keepOnUntil: z.date().nullable().optional(),
})
export type SetExceptions = z.input<typeof SetExceptions>

/** Skips the schedule of a machine until a moment, or holds its stop back until then. Returns what held before. */
export async function setPowerExceptions(ctx: Context, input: SetExceptions): Promise<Exceptions> {
  const { resourceId, skipUntil, keepOnUntil } = SetExceptions.parse(input)
  const resource = await switchable(ctx, resourceId)
  checkLater(ctx, skipUntil, 'skipUntil')
  checkLater(ctx, keepOnUntil, 'keepOnUntil')
  const found = await findPower(ctx.db, { orgId: ctx.orgId, resourceId })
  if (!found)
    throw invalid(`${titleOf(resource)} follows no power schedule, so there is nothing to skip. Nothing was changed.`, {
      next: 'Give it a schedule first.',
    })
  const { skipUntil: skipped, keepOnUntil: kept } = found.attachment
  const before = { skipUntil: skipped, keepOnUntil: kept }
  const after = {
    skipUntil: skipUntil === undefined ? skipped : skipUntil,
    keepOnUntil: keepOnUntil === undefined ? kept : keepOnUntil,
  }
  return inTransaction(ctx, async (ctx) => {
    await mayOnlySwitch(ctx, resource)
    await setExceptions(ctx.db, { orgId: ctx.orgId, resourceId }, after)
    await setResourceRevision(ctx.db, { orgId: ctx.orgId, id: resourceId })
    const subject = { kind: 'resource', id: resourceId } as const
    await record(ctx, 'resource.power-exceptions-set', { subject, before: inAudit(before), after: inAudit(after) })
    return before
  })
}

function checkLater(ctx: Context, at: Date | null | undefined, field: string): void {
  if (at && at <= ctx.now())
    throw invalid('That moment is over already. Nothing was changed.', { field, next: 'Choose a later time.' })
}

const titleOf = ({ name, cloudResourceId }: Resource): string => name || cloudResourceId
const inAudit = ({ skipUntil, keepOnUntil }: Exceptions) => ({
  skipUntil: skipUntil?.toISOString() ?? null,
  keepOnUntil: keepOnUntil?.toISOString() ?? null,
})
