/** Decides what is due: every transition of every machine becomes one wish, in the transaction that remembers it as decided. */
import {
  deleteAttachments,
  listAttachments,
  lockSchedulesToDecide,
  setScheduleRun,
  type AttachmentRow,
} from '../../db/queries/power.ts'
import { insertPowerActions, listAccountsWithWishes } from '../../db/queries/power-actions.ts'
import type { PowerSchedule } from '../../db/schema/power.ts'
import { enqueue, inTransaction, type Context } from '../context.ts'
import { record } from '../events.ts'
import { decide } from './decide.ts'

/**
 * Decides for all schedules of an organization and sends the wishes that wait to the clouds, one job per account. A process
 * that dies after this loses nothing: the wishes are there. Twice at one moment decides nothing twice. Returns how many.
 */
export async function decidePower(ctx: Context): Promise<number> {
  // Called by jobs, jobs may; no event: a wish changes nothing yet, what comes of it is recorded.
  return inTransaction(ctx, async (ctx) => {
    const { orgId } = ctx
    const now = ctx.now()
    const schedules = await lockSchedulesToDecide(ctx.db, orgId)
    const machines = await listAttachments(ctx.db, { orgId, scheduleIds: schedules.map(({ id }) => id) })
    await letGo(
      ctx,
      machines.filter(({ active }) => !active),
    )
    const due = schedules.flatMap((schedule) =>
      machines.flatMap((machine) =>
        machine.active && machine.scheduleId === schedule.id ? wish(schedule, machine, now) : [],
      ),
    )
    await insertPowerActions(ctx.db, due)
    await setScheduleRun(ctx.db, { orgId, ids: schedules.map(({ id }) => id) }, { lastEvaluatedAt: now })
    for (const accountId of await listAccountsWithWishes(ctx.db, { orgId, now }))
      await enqueue(ctx, 'act-on-power', { orgId, accountId, key: accountId })
    return due.length
  })
}

/** A machine follows its schedule from the moment it got it: what was due before is not its own. */
function wish(schedule: PowerSchedule, machine: AttachmentRow, now: Date) {
  const { lastEvaluatedAt, orgId, id: scheduleId } = schedule
  const since = machine.attachedAt > lastEvaluatedAt ? machine.attachedAt : lastEvaluatedAt
  const { skipUntil, keepOnUntil, resourceId } = machine
  const due = decide(schedule, { since, now, exceptions: { skipUntil, keepOnUntil } })
  return due ? [{ orgId, resourceId, scheduleId, action: due.action, dueAt: due.at, createdAt: now }] : []
}

/** A machine that is gone from its cloud follows nothing any more. */
async function letGo(ctx: Context, gone: AttachmentRow[]): Promise<void> {
  await deleteAttachments(ctx.db, { orgId: ctx.orgId, resourceIds: gone.map(({ resourceId }) => resourceId) })
  for (const { resourceId: id, scheduleId } of gone)
    await record(ctx, 'resource.power-detached', {
      subject: { kind: 'resource', id },
      before: { scheduleId },
      after: { why: 'gone from the cloud' },
    })
}
