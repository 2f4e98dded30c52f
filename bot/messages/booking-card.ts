import { z } from 'zod'
import { bookingStates } from '../../db/vocabulary.ts'
import { bookingOutlook } from '../../engine/environments/outlook.ts'
import { isPositive } from '../../engine/money.ts'
import { actions, section } from '../blocks.ts'
import { button, overflow } from '../controls.ts'
import { join, md, moment, span } from '../rich.ts'
import { card, type Frame } from './message.ts'

const person = z.object({ id: z.string(), name: z.string() })
const facts = z.object({
  id: z.string(),
  rev: z.number(),
  environmentId: z.string(),
  environment: z.string(),
  holder: person,
  startsAt: z.coerce.date(),
  endsAt: z.coerce.date(),
  reason: z.string(),
  state: z.enum(bookingStates),
  /** Its time is over and no undo can bring it back. */
  past: z.boolean(),
  price: z.string(),
  saved: z.string(),
  roomMinutes: z.number(),
  next: z.object({ holder: person, startsAt: z.coerce.date() }).nullable(),
  calendar: z.enum(['none', 'shown', 'behind']),
})
type Facts = z.infer<typeof facts>

/** One booking, announced where its environment lives; the same message goes through start, extension, release and end. */
export default card({
  name: 'booking-card',
  subject: 'booking',
  facts,
  async load(ctx, id) {
    const found = await bookingOutlook(ctx, id)
    if (!found) return null
    const { booking, environment, price, saved, next, roomMinutes, calendar } = found
    const { rev, startsAt, endsAt, reason, state } = booking
    return {
      ...{ id, rev, environmentId: environment.id, environment: environment.name, startsAt, endsAt, reason, state },
      holder: { id: booking.personId, name: booking.holder },
      past: booking.plannedEndsAt <= ctx.now(),
      next: next && { holder: { id: next.personId, name: next.holder }, startsAt: next.startsAt },
      ...{ price, saved, roomMinutes, calendar },
    }
  },
  over: (f) => f.state === 'expired' || f.past,
  text: (f, frame) =>
    join(
      [md`${f.environment} ${stateWords(f)} ${frame.mention(f.holder)}, ${span(f)}`, f.reason && `Reason: ${f.reason}`],
      '. ',
    ),
  slack: (f, frame) => [
    section(
      join([md`*${f.environment}*`, frame.mention(f.holder), span(f), f.reason, isLive(f) ? null : ended(f, frame)]),
    ),
    ...(isLive(f) ? [actions(...controls(f))] : []),
  ],
  footer: (f, frame) => ({
    link: `/environments/${f.environmentId}`,
    more: [
      isPositive(f.price) && `about ${frame.money(f.price)}`,
      f.next && isLive(f) && md`next ${frame.mention(f.next.holder)} ${moment(f.next.startsAt)}`,
      f.calendar === 'behind' && 'calendar catching up',
    ],
  }),
  samples: {
    usual: sample({}),
    active: sample({
      state: 'active',
      roomMinutes: 0,
      next: { holder: { id: 'p2', name: 'Max' }, startsAt: new Date('2026-11-24T17:00Z') },
    }),
    released: sample({ state: 'released', saved: '4.4', calendar: 'behind' }),
    expired: sample({ state: 'expired', past: true, reason: '<!channel> *now* 予約'.repeat(8) }),
  },
})

const isLive = ({ state, past }: Facts) => !past && (state === 'booked' || state === 'active')

const stateWords = ({ state }: Facts) =>
  ({ released: 'released, held by', cancelled: 'no longer booked by', expired: 'was held by' })[state as string] ??
  'booked by'

function ended({ state, saved }: Facts, frame: Frame): string {
  if (state === 'cancelled') return 'cancelled'
  if (state !== 'released') return 'over'
  return isPositive(saved) ? `released early, saved ${frame.money(saved)}` : 'released'
}

function controls({ id, rev, environmentId, environment, state, roomMinutes }: Facts) {
  const extend = (minutes: number, label: string) =>
    roomMinutes >= minutes && { label, verb: 'extend-booking', id, rev, arg: String(minutes) }
  return [
    button({
      label: state === 'active' ? 'Release' : 'Cancel Booking',
      verb: 'release',
      id,
      rev,
      aria: `Give ${environment} back`,
    }),
    button({
      label: 'Book Other Time',
      verb: 'open-booking',
      id: environmentId,
      aria: `Book ${environment} at another time`,
    }),
    overflow(extend(30, 'Extend by 30 minutes'), extend(60, 'Extend by 1 hour'), extend(120, 'Extend by 2 hours')),
  ]
}

function sample(more: Partial<Facts>): Facts {
  return {
    ...{ id: 'b1', rev: 1, environmentId: 'e1', environment: 'stage-2', holder: { id: 'p1', name: 'Priya' } },
    ...{ startsAt: new Date('2026-11-24T09:00Z'), endsAt: new Date('2026-11-24T17:00Z'), reason: 'UAT for PAY-812' },
    ...{ state: 'booked' as const, past: false, price: '8.8', saved: '0', roomMinutes: 120, next: null },
    calendar: 'shown' as const,
    ...more,
  }
}
