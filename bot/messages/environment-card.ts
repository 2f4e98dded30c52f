import { z } from 'zod'
import { findEnvironment, listBookings } from '../../db/queries/environments.ts'
import { actions, fields, header, section } from '../blocks.ts'
import { button, overflow } from '../controls.ts'
import { bookNowOffer } from '../environments.ts'
import { lines, md, moment, span, type Rich } from '../rich.ts'
import { card, type Frame } from './message.ts'

const person = z.object({ id: z.string(), name: z.string() })
const booking = z.object({
  id: z.string(),
  rev: z.number(),
  holder: person,
  startsAt: z.coerce.date(),
  endsAt: z.coerce.date(),
  reason: z.string(),
})
type Held = z.infer<typeof booking>

/** One shared environment: its state, who is next, what it costs, its properties. */
export default card({
  name: 'environment-card',
  subject: 'environment',
  facts: z.object({
    id: z.string(),
    rev: z.number(),
    name: z.string(),
    type: z.string(),
    available: z.boolean(),
    hourlyCost: z.string(),
    maxHours: z.number(),
    channel: z.string().nullable(),
    properties: z.array(z.tuple([z.string(), z.string()])),
    current: booking.nullable(),
    upcoming: z.array(booking),
    offer: z.object({ label: z.string(), arg: z.string() }).nullable(),
  }),
  async load(ctx, id) {
    const now = ctx.now()
    const environment = await findEnvironment(ctx.db, { orgId: ctx.orgId, id, now })
    if (!environment) return null
    const live = await listBookings(ctx.db, { orgId: ctx.orgId, environmentId: id, from: now, limit: 5 })
    const held = live.map((each) => ({ ...each, holder: { id: each.personId, name: each.holder } }))
    const { rev, name, type, available, hourlyCost, maxHours, channel } = environment
    return {
      ...{ id, rev, name, type, available, hourlyCost, maxHours, channel },
      properties: Object.entries(environment.properties).slice(0, 3),
      current: held.find(({ startsAt }) => startsAt <= now) ?? null,
      upcoming: held.filter(({ startsAt }) => startsAt > now),
      offer: bookNowOffer(environment, now),
    }
  },
  text: (f, frame) => md`${f.name} is ${stateWords(f, frame)}.`,
  slack: (f, frame) => [
    header(f.name),
    section(lines(stateWords(f, frame), f.current?.reason)),
    fields({
      Next: f.upcoming.length ? lines(...f.upcoming.slice(0, 3).map((each) => slotWords(each, frame))) : 'Nobody',
      Cost: `${frame.money(f.hourlyCost)} an hour`,
      'Longest booking': `${f.maxHours} hours`,
      Type: f.type,
      'Announced in': f.channel && { rich: `<#${f.channel}>` },
      ...Object.fromEntries(f.properties),
    }),
    ...(f.available
      ? [
          actions(
            f.offer &&
              button({
                ...f.offer,
                verb: 'book',
                id: f.id,
                rev: f.rev,
                primary: true,
                aria: `Book ${f.name} from now`,
              }),
            button({ label: 'Other Time', verb: 'open-booking', id: f.id, aria: `Book ${f.name} at another time` }),
            f.current && button({ label: 'Release', verb: 'release', id: f.current.id, rev: f.current.rev }),
            f.current && overflow(...extensions(f.current)),
          ),
        ]
      : []),
  ],
  footer: (f) => ({ link: `/environments/${f.id}`, command: `env ${/\s/.test(f.name) ? `"${f.name}"` : f.name}` }),
  samples: {
    usual: sample({}),
    held: sample({ current: held('Priya', 'UAT for PAY-812'), upcoming: [held('Max', '')], channel: 'C1' }),
    off: sample({ available: false, name: '测试环境 *bold*', properties: [['IP', '10.0.0.1']] }),
  },
})

type Facts = { available: boolean; current: Held | null; upcoming: Held[] }

function stateWords({ available, current, upcoming }: Facts, frame: Frame): Rich {
  if (!available) return md`not available`
  if (current) return md`held by ${frame.mention(current.holder)} until ${moment(current.endsAt)}`
  const [next] = upcoming
  return next ? md`free until ${moment(next.startsAt)}` : md`free`
}

const slotWords = (held: Held, frame: Frame): Rich => md`${frame.mention(held.holder)}, ${span(held)}`

const extensions = ({ id, rev }: Held) => [
  { label: 'Extend by 30 minutes', verb: 'extend-booking', id, rev, arg: '30' },
  { label: 'Extend by 1 hour', verb: 'extend-booking', id, rev, arg: '60' },
]

function held(name: string, reason: string): Held {
  const [startsAt, endsAt] = [new Date('2026-11-24T09:00Z'), new Date('2026-11-24T17:00Z')]
  return { id: 'b1', rev: 1, holder: { id: 'p1', name }, startsAt, endsAt, reason }
}

function sample(more: object) {
  return {
    ...{ id: 'e1', rev: 3, name: 'stage-2', type: 'Environment', available: true, hourlyCost: '0.05', maxHours: 8 },
    ...{ channel: null, properties: [] as [string, string][], current: null, upcoming: [] },
    offer: { label: 'Book 2 Hours', arg: '120' },
    ...more,
  }
}
