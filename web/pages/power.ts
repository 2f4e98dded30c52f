import { Hono } from 'hono'
import { listSchedules, type ScheduleRow } from '../../db/queries/power.ts'
import { can } from '../../engine/access.ts'
import { inTransaction } from '../../engine/context.ts'
import { attachMachines } from '../../engine/power/attach.ts'
import { ahead } from '../../engine/power/decide.ts'
import { createSchedule, writeRight } from '../../engine/power/schedules.ts'
import { sayTriggers } from '../../engine/power/trigger-lines.ts'
import { act } from '../act.ts'
import type { View, WebEnv } from '../env.ts'
import { show } from '../layout.ts'
import * as parts from '../parts.ts'
import { nextTimes, readSchedule, scheduleForm, scheduleState } from '../power-parts.ts'
import { suggestion } from '../power-suggestion.ts'

/** Every power schedule, and the form that makes one. */
export const power = new Hono<WebEnv>()
  .get('/power', async (c) => {
    const { ctx, view } = c.var
    const [all, manages, from] = await Promise.all([
      listSchedules(ctx.db, ctx.orgId),
      can(ctx, 'manage_power'),
      suggestion(ctx, { view, findingId: c.req.query('finding') ?? view.flash?.values?.['finding'] }),
    ])
    const create = parts.fold(
      'New schedule',
      [
        from
          ? parts.quiet(`The times are the hours in which ${from.title} did nothing; it follows the schedule at once.`)
          : null,
        scheduleForm(view, {
          ...{ name: 'create', action: '/power', submit: 'Create' },
          values: { zone: view.person.zone, triggers: from?.triggers ?? 'on 08:00 mon-fri\noff 20:00 mon-fri' },
          hidden: from ? { resource: from.resourceId, finding: from.findingId } : {},
        }),
      ],
      all.length === 0 || from !== null || view.flash?.form === 'create',
    )
    return show(
      c,
      'Power',
      [parts.section('Schedules', list(all, view)), manages ? parts.section('Manage', create) : null],
      {
        lead: writeRight,
      },
    )
  })
  .post('/power', (c) =>
    act(c, {
      back: '/power',
      form: 'create',
      run: async (ctx, values) => {
        const { resource } = values
        // All or nothing: a schedule whose machine cannot follow it is not made.
        const made = await inTransaction(ctx, async (ctx) => {
          const schedule = await createSchedule(ctx, readSchedule(values))
          if (resource) await attachMachines(ctx, { scheduleId: schedule.id, resourceIds: [resource] })
          return schedule
        })
        const then = resource ? 'its machine follows it' : 'now choose its machines'
        return { say: `${made.name} is made; ${then}.`, goTo: `/power/${made.id}` }
      },
    }),
  )

function list(all: ScheduleRow[], view: View): parts.Content {
  return parts.table<ScheduleRow>(
    [
      {
        title: 'Schedule',
        head: true,
        cell: (one) => parts.twoLines(parts.link(`/power/${one.id}`, one.name), one.zone),
      },
      { title: 'State', cell: (one) => scheduleState(one, view) },
      { title: 'Machines', number: true, cell: (one) => one.machines },
      { title: 'Times', cell: (one) => sayTriggers(one.triggers).replaceAll('\n', ' · ') },
      { title: 'Next', cell: (one) => (one.enabled ? nextTimes(ahead(one, { now: view.now, count: 1 }), view) : '–') },
      { title: 'Last run', cell: (one) => parts.twoLines(parts.moment(one.lastRunAt, view), one.lastError) },
    ],
    all,
    { caption: 'Power schedules', empty: 'There is none yet. Machines nobody uses at night need not run.' },
  )
}
