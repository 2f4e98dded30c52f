import { Hono } from 'hono'
import { listAttachments, type AttachmentRow } from '../../db/queries/power.ts'
import { listPowerActions, type ActionRow } from '../../db/queries/power-actions.ts'
import { listResources } from '../../db/queries/resources.ts'
import { can } from '../../engine/access.ts'
import { ahead } from '../../engine/power/decide.ts'
import { getSchedule, writeRight } from '../../engine/power/schedules.ts'
import { sayTrigger, sayTriggers } from '../../engine/power/trigger-lines.ts'
import type { View, WebEnv } from '../env.ts'
import { form, postButton, select } from '../form-parts.ts'
import { show } from '../layout.ts'
import * as parts from '../parts.ts'
import { nextTimes, scheduleForm, scheduleState } from '../power-parts.ts'

/** So many machines can be chosen from; a longer list is narrowed on the pages of the machines themselves. */
const mostChoices = 500

/** One power schedule: what comes next, its machines, what it did. */
export const powerSchedule = new Hono<WebEnv>().get('/power/:id', async (c) => {
  const { ctx, view } = c.var
  const found = await getSchedule(ctx, c.req.param('id'))
  const { orgId } = ctx
  const [machines, actions, manages, instances] = await Promise.all([
    listAttachments(ctx.db, { orgId, scheduleIds: [found.id] }),
    listPowerActions(ctx.db, { orgId, scheduleId: found.id, limit: 50 }),
    can(ctx, 'manage_power'),
    listResources(ctx.db, { orgId, type: 'Instance', active: true, limit: mostChoices }),
  ])
  const at = `/power/${found.id}`
  const free = instances.filter(({ id }) => !machines.some(({ resourceId }) => resourceId === id))
  const choices = free.map(({ id, name, cloudResourceId }) => ({ value: id, label: name || cloudResourceId }))
  const attach = form(view, {
    ...{ name: 'attach', action: `${at}/attach`, submit: 'Follow this schedule', tone: 'plain', inline: true },
    more: (typed) => select('resource', 'Machine', { choices, value: typed?.['resource'] }),
  })
  const { name, zone, triggers, startsAt, endsAt, enabled } = found
  const change = [
    scheduleForm(view, {
      ...{
        name: 'change',
        action: `${at}/change`,
        submit: 'Save',
        startsAt: startsAt > view.now ? startsAt : null,
        endsAt,
      },
      values: { name, zone, triggers: sayTriggers(triggers) },
    }),
    postButton(view, {
      ...{ action: `${at}/switch`, submit: enabled ? 'Switch the schedule off' : 'Switch the schedule on' },
      hidden: { enabled: enabled ? '' : 'on' },
    }),
    parts.fold('Delete', [
      'Its machines stay as they are now and follow nothing. This cannot be taken back.',
      postButton(view, { action: `${at}/delete`, submit: `Delete ${name}`, tone: 'danger' }),
    ]),
  ]
  return show(
    c,
    name,
    [
      found.lastError ? parts.notice('bad', found.lastError) : null,
      parts.columns(
        [
          [
            parts.section('Machines', [
              machineTable(machines, { view, at, manages }),
              manages && choices.length ? attach : null,
            ]),
            parts.section('What it did', actionTable(actions, view)),
          ],
          [
            parts.section(
              'Schedule',
              parts.facts([
                ['State', scheduleState(found, view)],
                ['Times', triggers.map((one) => parts.quiet(sayTrigger(one)))],
                ['Zone', zone],
                ['Next', nextTimes(enabled ? ahead(found, { now: view.now }) : [], view)],
                ['Starts', parts.moment(startsAt, view)],
                ['Ends', endsAt ? parts.moment(endsAt, view) : 'never'],
                ['Last run', parts.moment(found.lastRunAt, view)],
              ]),
            ),
            manages ? parts.section('Change', change) : null,
          ],
        ],
        'wide',
      ),
    ],
    { trail: [['/power', 'Power']], lead: writeRight },
  )
})

function machineTable(
  machines: AttachmentRow[],
  { view, at, manages }: { view: View; at: string; manages: boolean },
): parts.Content {
  const isAhead = (until: Date | null) => until !== null && until > view.now
  return parts.table<AttachmentRow>(
    [
      {
        title: 'Machine',
        head: true,
        cell: (one) => parts.twoLines(parts.link(`/resources/${one.resourceId}`, one.title), one.region),
      },
      { title: 'State', cell: (one) => one.state || '–' },
      { title: 'Skips until', cell: (one) => (isAhead(one.skipUntil) ? parts.moment(one.skipUntil, view) : '–') },
      { title: 'Kept on until', cell: (one) => (isAhead(one.keepOnUntil) ? parts.moment(one.keepOnUntil, view) : '–') },
      ...(manages
        ? [
            {
              title: '',
              cell: (one: AttachmentRow) =>
                postButton(view, { action: `${at}/detach`, submit: 'Take off', hidden: { resource: one.resourceId } }),
            },
          ]
        : []),
    ],
    machines,
    { caption: 'Machines that follow this schedule', empty: 'No machine follows it yet.' },
  )
}

/** What was asked of machines, newest first. */
export function actionTable(actions: ActionRow[], view: View): parts.Content {
  return parts.table<ActionRow>(
    [
      { title: 'When', head: true, cell: (one) => parts.moment(one.dueAt, view) },
      { title: 'Machine', cell: (one) => parts.link(`/resources/${one.resourceId}`, one.title) },
      { title: 'What', cell: (one) => one.action },
      {
        title: 'Result',
        cell: (one) =>
          parts.twoLines(
            parts.badge(one.outcome?.replace('_', ' ') ?? one.state, one.state === 'failed' ? 'bad' : 'plain'),
            one.error,
          ),
      },
    ],
    actions,
    { caption: 'What was asked of machines, newest first', empty: 'Nothing yet.' },
  )
}
