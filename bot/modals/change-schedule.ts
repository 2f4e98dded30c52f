import { z } from 'zod'
import { assertCan } from '../../engine/access.ts'
import { invalid } from '../../engine/errors.ts'
import { ahead } from '../../engine/power/decide.ts'
import { changeSchedule, getSchedule } from '../../engine/power/schedules.ts'
import { isZone } from '../../engine/time.ts'
import { context, section } from '../blocks.ts'
import { lifeOf, preview } from '../power-form.ts'
import { sayNext } from '../power.ts'
import { done } from '../reply.ts'
import { md } from '../rich.ts'
import { changeOf, entriesOf, keptOf } from '../schedule-form.ts'
import { count } from '../words.ts'
import { modal } from './modal.ts'

const fields = z.object({
  name: z.string().max(255).meta({ label: 'Name' }),
  triggers: z.string().max(3000).meta({
    label: 'Times',
    hint: 'on or off, a time, weekdays; separated by ; (Enter shows what comes next)',
    live: true,
  }),
  zone: z.string().max(64).meta({ label: 'Time zone', live: true }),
  startsAt: z.string().optional().meta({ label: 'First day', input: 'day', live: true }),
  endsAt: z
    .string()
    .optional()
    .meta({ label: 'Last day', input: 'day', hint: 'Empty means it never ends', live: true }),
})

/** The times, weekdays, zone, first and last day of a power schedule there is; all its machines follow the change. */
export default modal({
  name: 'change-schedule',
  title: 'Change Schedule',
  submit: 'Save',
  fields,
  async load(ctx, { scheduleId = '' }, values) {
    await assertCan(ctx, 'manage_power')
    const schedule = await getSchedule(ctx, scheduleId)
    const was = entriesOf(schedule)
    // A day that was emptied is not among the values; it stays empty.
    const entered = values ? { ...was, startsAt: undefined, endsAt: undefined, ...values } : was
    const { triggers, zone, startsAt, endsAt } = entered
    const next = preview(ctx, { schedule: null, triggers, zone, ...lifeOf({ startsAt, endsAt, zone }) })
    return {
      blocks: [
        section(next),
        context(`Followed by ${count(schedule.machines, 'machine')}; a change is for all of them`),
      ],
      values: entered,
    }
  },
  async run(ctx, { facts, values }) {
    const before = await getSchedule(ctx, facts['scheduleId'] ?? '')
    const zone = values.zone.trim()
    if (!isZone(zone)) throw invalid(`The time zone ${zone} is not known. Nothing was changed.`, { field: 'zone' })
    const after = await changeSchedule(ctx, changeOf(before, { ...values, zone }, ctx.now()))
    const next = after.enabled ? ahead(after, { now: ctx.now() }) : []
    return done(md`The schedule *${after.name}* was changed.${next.length ? md` Next: ${sayNext(next)}.` : ''}`, {
      subject: { kind: 'schedule', id: after.id },
      undo: { verb: 'change-schedule', kept: keptOf(before, after) },
    })
  },
})
