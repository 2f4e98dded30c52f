import { z } from 'zod'
import { can } from '../../engine/access.ts'
import { inTransaction } from '../../engine/context.ts'
import { readFollowing } from '../../engine/power/restore.ts'
import { writeRight } from '../../engine/power/schedules.ts'
import { context, section } from '../blocks.ts'
import { button } from '../controls.ts'
import { another, lifeOf, none, preview, readPowerForm } from '../power-form.ts'
import { powerInWords, powerState } from '../power.ts'
import { scheduleReceipt } from '../power-receipts.ts'
import { makeSchedule, savePower } from '../power-save.ts'
import { md } from '../rich.ts'
import { modal } from './modal.ts'

const fields = z.object({
  schedule: z.string().optional().meta({ label: 'Schedule', input: 'choice', live: true }),
  name: z.string().max(255).optional().meta({ label: 'Name', placeholder: 'office hours' }),
  triggers: z.string().max(500).optional().meta({
    label: 'Times',
    hint: 'on or off, a time, weekdays; separated by ; (Enter shows what comes next)',
    live: true,
  }),
  zone: z.string().max(64).optional().meta({ label: 'Time zone', live: true }),
  startsAt: z.string().optional().meta({ label: 'First day', input: 'day', hint: 'Empty means now', live: true }),
  endsAt: z
    .string()
    .optional()
    .meta({ label: 'Last day', input: 'day', hint: 'Empty means it never ends', live: true }),
  skipUntil: z.date().optional().meta({ label: 'Skip until', hint: 'Nothing is switched before' }),
  keepOnUntil: z.date().optional().meta({ label: 'Keep on until', hint: 'It is not stopped before' }),
})

const dayIn = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** When a machine is on and off: a schedule there is or a new one, and what is different this time. */
export default modal({
  name: 'power-schedule',
  title: 'Power Schedule',
  submit: 'Save',
  fields,
  async load(ctx, facts, values) {
    const [form, manages] = await Promise.all([readPowerForm(ctx, facts), can(ctx, 'manage_power')])
    const { machine, schedules } = form
    const power = machine?.power ?? null
    const first = !machine || facts['findingId'] ? another : (power?.scheduleId ?? none)
    const chosen = String(values?.schedule ?? first)
    const isNew = manages && chosen === another
    const [triggers, zone] = [String(values?.triggers ?? form.triggers), String(values?.zone ?? ctx.person.zone)]
    const days = { startsAt: dayIn(values?.startsAt), endsAt: dayIn(values?.endsAt) }
    const schedule = schedules.find(({ id }) => id === chosen) ?? null
    const title = machine && md`*${machine.title}* · ${powerInWords(powerState(machine.resource, power))}`
    const changes =
      manages && schedule ? button({ label: 'Change…', verb: 'change-schedule', id: schedule.id }) : undefined
    const follows = machine !== null && schedule !== null
    return {
      blocks: [
        ...(title ? [section(title)] : []),
        ...(schedule || isNew
          ? [section(preview(ctx, { schedule, triggers, ...lifeOf({ ...days, zone }), zone }), changes)]
          : []),
        ...(isNew ? [context(form.isSuggested && 'The times are the hours in which it did nothing', writeRight)] : []),
      ],
      choices: {
        schedule: [
          { label: 'No schedule', value: none },
          ...schedules.slice(0, 48).map(({ id, name }) => ({ label: name, value: id })),
          { label: 'New schedule…', value: another },
        ],
      },
      values: {
        ...{ schedule: chosen, triggers, zone },
        skipUntil: power?.skipUntil ?? undefined,
        keepOnUntil: power?.keepOnUntil ?? undefined,
      },
      without: [
        ...(machine && manages ? [] : (['schedule'] as const)),
        ...(isNew ? [] : (['name', 'triggers', 'zone', 'startsAt', 'endsAt'] as const)),
        // A new one has days instead of exceptions.
        ...(follows ? [] : (['skipUntil', 'keepOnUntil'] as const)),
      ],
      closed: !manages && !power,
    }
  },
  async run(ctx, { facts, values }) {
    const { machine } = await readPowerForm(ctx, facts)
    if (!machine) return makeSchedule(ctx, values)
    const { resource } = machine
    const before = await readFollowing(ctx, resource.id)
    // All or nothing: a schedule whose machine cannot follow it is not made.
    await inTransaction(ctx, (inner) =>
      savePower({ ...ctx, ...inner }, { resource, current: before.scheduleId, values }),
    )
    return scheduleReceipt(ctx, resource, before)
  },
})
