import { z } from 'zod'
import { listEnvironments, type EnvironmentRow } from '../../db/queries/environments.ts'
import { bookEnvironment } from '../../engine/environments/bookings.ts'
import { wishOutlook, type WishOutlook } from '../../engine/environments/outlook.ts'
import { invalid } from '../../engine/errors.ts'
import { formatMoney } from '../../engine/money.ts'
import { hourMs, instantAt, localOf, minuteMs } from '../../engine/time.ts'
import { actions, section, type Block } from '../blocks.ts'
import type { BotContext } from '../context.ts'
import { button } from '../controls.ts'
import { tellBooked } from '../environments.ts'
import { writeMoment } from '../moments.ts'
import { md, moment } from '../rich.ts'
import { modal } from './modal.ts'

const lengths = ['60', '120', '240', 'evening', 'other'] as const
type Length = (typeof lengths)[number]

const fields = z.object({
  environment: z.uuid('Choose an environment.').meta({ label: 'Environment', input: 'choice', live: true }),
  start: z.date('Choose a start.').meta({ label: 'Start', input: 'moment', live: true }),
  length: z.enum(lengths, 'Choose for how long.').meta({ label: 'For how long', input: 'radio', live: true }),
  end: z.date().optional().meta({ label: 'End', input: 'moment', live: true }),
  reason: z.string().max(200).optional().meta({ label: 'What for' }),
})

/** Books an environment: price, conflict and free slots are seen before anything is submitted. */
export default modal({
  name: 'book-environment',
  title: 'Book environment',
  submit: 'Book',
  fields,
  async load(ctx, facts, values) {
    const all = await listEnvironments(ctx.db, ctx.orgId, ctx.now())
    const choices = all.filter((row) => row.available)
    const chosen = chosenOf(choices, values?.environment ?? facts['environmentId'])
    if (!chosen)
      return {
        blocks: [section('There is no environment to book. A manager can add one: env add stage-1')],
        closed: true,
      }
    const startsAt = dateOf(values?.start) ?? nextHalfHour(ctx.now())
    const offered = lengthChoices(ctx, startsAt)
    const wanted = offered.find(({ value }) => value === values?.length)
    const length = wanted?.value ?? (chosen.maxHours < 2 ? '60' : '120')
    const endsAt = endOf(ctx, { startsAt, length, end: dateOf(values?.end) })
    const outlook = await wishOutlook(ctx, { environmentId: chosen.id, startsAt, endsAt })
    return {
      blocks: outlook ? preview(ctx, outlook, { startsAt, endsAt }) : [],
      values: { environment: chosen.id, start: startsAt, length, end: endsAt },
      choices: {
        // A menu holds fifty: the chosen one is among them.
        environment: [chosen, ...choices.filter((row) => row !== chosen)].map((row) => ({
          ...{ label: choiceLabel(ctx, row), value: row.id },
        })),
        length: offered,
      },
      hints: outlook ? { length: `${chosen.name} can be held for ${outlook.maxHours} hours at a time.` } : {},
      without: length === 'other' ? [] : ['end'],
    }
  },
  async run(ctx, { values }) {
    const { environment: id, start: startsAt, length, end, reason } = values
    const environment = (await listEnvironments(ctx.db, ctx.orgId, ctx.now())).find((row) => row.id === id)
    if (!environment) throw invalid('That environment is gone. Nothing was booked.', { field: 'environment' })
    const endsAt = endOf(ctx, { startsAt, length, end })
    const booking = await bookEnvironment(ctx, { environmentId: id, startsAt, endsAt, reason })
    return tellBooked(ctx, environment, booking)
  },
})

function chosenOf(choices: EnvironmentRow[], id: unknown): EnvironmentRow | undefined {
  return choices.find((row) => row.id === id) ?? choices.find((row) => !row.current) ?? choices[0]
}

const choiceLabel = (ctx: BotContext, { name, current }: EnvironmentRow) =>
  `${name} · ${current ? `held by ${current.personId === ctx.person.id ? 'you' : current.holder}` : 'free now'}`

const dateOf = (entered: unknown): Date | undefined => (entered ? new Date(entered as string | Date) : undefined)

const nextHalfHour = (now: Date) => new Date(Math.ceil(now.getTime() / (30 * minuteMs)) * 30 * minuteMs)

/** 18:00 on the person's clock, where the working day ends; the next day's when the start is later. */
function endOf(
  ctx: BotContext,
  { startsAt, length, end }: { startsAt: Date; length: Length; end?: Date | undefined },
): Date {
  if (length === 'other') return end ?? new Date(startsAt.getTime() + 2 * hourMs)
  if (length !== 'evening') return new Date(startsAt.getTime() + Number(length) * minuteMs)
  const { zone } = ctx.person
  const evening = instantAt(localOf(startsAt, zone).day, '18:00', zone)
  return evening > startsAt ? evening : new Date(startsAt.getTime() + 2 * hourMs)
}

function lengthChoices(ctx: BotContext, startsAt: Date) {
  const { zone } = ctx.person
  const all: { value: Length; label: string }[] = [
    { value: '60', label: '1 hour' },
    { value: '120', label: '2 hours' },
    { value: '240', label: '4 hours' },
    { value: 'evening', label: 'Until 18:00' },
    { value: 'other', label: 'Another end' },
  ]
  const isEvening = localOf(startsAt, zone).time >= '18:00'
  return all.filter(({ value }) => value !== 'evening' || !isEvening)
}

function preview(
  ctx: BotContext,
  outlook: WishOutlook,
  { startsAt, endsAt }: { startsAt: Date; endsAt: Date },
): Block[] {
  const { zone } = ctx.person
  const sameDay = localOf(startsAt, zone).day === localOf(endsAt, zone).day
  const when = md`${moment(startsAt)} to ${moment(endsAt, sameDay ? 'time' : 'full')}`
  if (!outlook.problem)
    return [
      section(md`*${outlook.environment.name}* is free ${when} · about ${formatMoney(outlook.price, ctx.currency)}`),
    ]
  const free = outlook.taken?.freeSlots ?? []
  return [
    section(md`:warning: ${outlook.problem}${free.length ? ' Free for that long from:' : ''}`),
    ...(free.length
      ? [
          actions(
            ...free.map((slot) =>
              button({
                label: slotLabel(slot.startsAt, ctx.person.zone),
                verb: 'fill-field',
                id: 'start',
                arg: slot.startsAt.toISOString(),
                aria: `Start at ${writeMoment(slot.startsAt, ctx.person.zone)}`,
              }),
            ),
          ),
        ]
      : []),
  ]
}

/** "Tue Nov 24, 17:00" on the person's clock. */
function slotLabel(at: Date, zone: string): string {
  const day = at.toLocaleDateString('en-US', { timeZone: zone, weekday: 'short', month: 'short', day: 'numeric' })
  return `${day.replace(',', '')}, ${localOf(at, zone).time}`
}
