import { z } from 'zod'
import type { ScheduleRow } from '../../db/queries/power.ts'
import { powerActions } from '../../db/vocabulary.ts'
import { ahead } from '../../engine/power/decide.ts'
import { sayTrigger } from '../../engine/power/trigger-lines.ts'
import { actions, section } from '../blocks.ts'
import { button } from '../controls.ts'
import { sayNext } from '../power.ts'
import { join, lines, md, moment } from '../rich.ts'
import { count, listed } from '../words.ts'
import { report } from './message.ts'

const row = z.object({
  id: z.string(),
  name: z.string(),
  zone: z.string(),
  enabled: z.boolean(),
  triggers: z.array(z.string()),
  machines: z.number(),
  next: z.array(z.object({ action: z.enum(powerActions), at: z.coerce.date() })),
  lastRunAt: z.coerce.date().nullable(),
  lastError: z.string().nullable(),
})
type Facts = { schedules: z.output<typeof row>[]; count: number }

const most = 8

/** When machines are switched on and off: every schedule with its machines and what comes next. */
export default report<Facts>({
  name: 'power-schedules',
  facts: z.object({ schedules: z.array(row), count: z.number() }),
  text: (f) =>
    f.count
      ? `${count(f.count, 'power schedule')}: ${listed(f.schedules.map(({ name, machines }) => `${name} (${count(machines, 'machine')})`))}.`
      : 'There are no power schedules yet. Make one: machines nobody uses at night need not run.',
  slack: (f) => [
    ...(f.count
      ? f.schedules.map((one) =>
          section(
            lines(
              join([md`*${one.name}*`, count(one.machines, 'machine'), one.enabled ? null : 'switched off']),
              md`${listed(one.triggers, 6)} · ${one.zone}`,
              one.next.length ? md`Next: ${sayNext(one.next)}` : 'Nothing comes next.',
              one.lastError
                ? md`:warning: ${one.lastError}`
                : one.lastRunAt && md`Last run ${moment(one.lastRunAt)}, all well`,
            ),
            button({ label: 'Change…', verb: 'change-schedule', id: one.id, aria: `Change the schedule ${one.name}` }),
          ),
        )
      : [section('There are no power schedules yet. Machines nobody uses at night need not run.')]),
    ...(f.count > f.schedules.length ? [section(`…and ${f.count - f.schedules.length} more on the web page.`)] : []),
    actions(button({ label: 'New Schedule', verb: 'power-schedule' })),
  ],
  footer: () => ({ link: '/power', more: ['Times with a date are in your own zone'] }),
  samples: {
    usual: {
      count: 1,
      schedules: [
        {
          ...{ id: 's1', name: 'office hours', zone: 'Europe/Berlin', enabled: true, machines: 4 },
          triggers: ['on 08:00 mon-fri', 'off 20:00 mon-fri'],
          next: [{ action: 'off', at: new Date('2026-11-23T19:00:00Z') }],
          lastRunAt: new Date('2026-11-23T07:00:00Z'),
          lastError: null,
        },
      ],
    },
    none: { count: 0, schedules: [] },
  },
})

/** What the message shows of schedules, the first eight by name. */
export const scheduleFacts = ({ now }: { now: () => Date }, all: ScheduleRow[]): Facts => ({
  count: all.length,
  schedules: all.slice(0, most).map((one) => ({
    ...{ id: one.id, name: one.name, zone: one.zone, enabled: one.enabled, machines: one.machines },
    ...{ lastRunAt: one.lastRunAt, lastError: one.lastError },
    triggers: one.triggers.map(sayTrigger),
    next: one.enabled ? ahead(one, { now: now() }) : [],
  })),
})
