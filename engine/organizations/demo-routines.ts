import { listResources } from '../../db/queries/resources.ts'
import { enqueue, type Context } from '../context.ts'
import { listCheckableBuckets, startDuplicateCheck } from '../duplicates/start.ts'
import { attachMachines } from '../power/attach.ts'
import { createSchedule } from '../power/schedules.ts'
import { dayMs } from '../time.ts'

/** What goes on in the demo without anybody: a machine that is off at night, and a look for equal objects. Runs once. */
export async function startRoutines(ctx: Context): Promise<void> {
  await followHours(ctx)
  const buckets = await listCheckableBuckets(ctx, { limit: 8 })
  if (buckets.length) await startDuplicateCheck(ctx, { bucketIds: buckets.map(({ id }) => id), minSize: 1 })
}

/** Set up as of three days ago, so that its last transition is due now and is made at once. */
async function followHours(ctx: Context): Promise<void> {
  const { orgId } = ctx
  const tag = { key: 'purpose', value: 'office hours' }
  const machines = await listResources(ctx.db, { orgId, active: true, type: 'Instance', tag, limit: 1 })
  if (machines.length === 0) return
  const before: Context = { ...ctx, now: () => new Date(ctx.now().getTime() - 3 * dayMs) }
  const days = [1, 2, 3, 4, 5]
  const { id: scheduleId } = await createSchedule(before, {
    name: 'Office hours',
    zone: 'America/Los_Angeles',
    triggers: [
      { action: 'on', at: '08:00', days },
      { action: 'off', at: '19:00', days },
    ],
  })
  await attachMachines(before, { scheduleId, resourceIds: machines.map(({ id }) => id) })
  await enqueue(ctx, 'decide-power', { orgId, key: orgId })
}
